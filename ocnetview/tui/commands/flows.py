"""The flows of a row: what leads there, and what the keys do once they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.model import BridgeKind
from ocnetview.tui import screens
from ocnetview.tui.behind import behind
from ocnetview.tui.commands.command import ROWS, Command
from ocnetview.tui.commands.copying import offer_copies
from ocnetview.tui.commands.program import show_help
from ocnetview.tui.selection import PaneId, Selection

if TYPE_CHECKING:
    from ocnetview.model import NodeModel, Port
    from ocnetview.tui.app import OcnetviewApp

OF_FLOWS = (
    Binding(
        "escape",
        "leave",
        "Close",
        tooltip="End what is being read, or close",
        id="leave_flows",
    ),
    Binding("q,F", "dismiss", "Close", show=False),
    Binding(
        "r",
        "again",
        "Read again",
        tooltip="Read the flows again at once; they are anyway, every few seconds",
        id="read_flows_again",
    ),
    Binding(
        "v",
        "raw",
        "Raw",
        tooltip="Show the flows as ovs-ofctl prints them, or with names again",
        id="raw_flows",
    ),
    Binding(
        "y",
        "copy",
        "Copy",
        tooltip="Copy what is shown, or a name, the row as JSON, the commands",
        id="copy_flows",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs",
        id="flows_help",
    ),
    Binding("j", "scroll(1)", "Down", show=False),
    Binding("k", "scroll(-1)", "Up", show=False),
)


def can_show_flows(app: OcnetviewApp) -> bool:
    """Claim that the row is on a bridge of Open vSwitch."""
    return any(map(_is_switched, _ports(app.model, behind(app.selected))))


def _ports(model: NodeModel, row: Selection) -> Iterator[Port]:
    """Yield the ports of a row."""
    keys, key = [row.key], row.key
    if row.pane is not PaneId.PORTS:
        if row.pane is PaneId.PROCESSES:
            # Pids are compared before keys: this is asked at every move.
            pid = int(key.partition("@")[0] or 0)
            some = (one for one in model.processes if one.process.pid == pid)
            key = next((one.pod for one in some if one.key == key), "")
        pod = model.pods_by_key.get(key)
        keys = [interface.port for interface in pod.interfaces] if pod else []
    yield from (model.ports_by_key[key] for key in keys if key in model.ports_by_key)


def _is_switched(port: Port) -> bool:
    """Claim that Open vSwitch gave the port a number, so that flows may name it."""
    numbered = port.ofport is not None and port.ofport >= 0
    return numbered and port.datapath is BridgeKind.OVS


def show_flows(app: OcnetviewApp) -> None:
    """Show what the bridge is programmed to do with what the row sends and gets."""
    app.follow()
    explain = partial(show_help, app, place="flows")
    copy = partial(offer_copies, app, app.selected)
    row = behind(app.selected)
    app.push_screen(screens.flows_screen(row, app.tools.switch, explain, copy))


FLOWS_COMMANDS = (
    Command(
        "flows",
        "F",
        "Flows",
        "The OpenFlow entries that carry or drop what the row sends and gets",
        ROWS,
        show_flows,
        can_show_flows,
    ),
)
