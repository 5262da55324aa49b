"""The flows of a row: what leads there, and what the keys do once they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.match.flowless import flowless_pod, flowless_port
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
    row = behind(app.selected)
    return not all(map(flowless_port, _ports(app.model, row)))


def why_no_flows(app: OcnetviewApp) -> str:
    """Say why no flow names the row, as `ocnetview flows` does."""
    row = behind(app.selected)
    whys = [flowless_port(port) for port in _ports(app.model, row)]
    pod = app.model.pods_by_key.get(_pod_key(app.model, row))
    if pod:
        return flowless_pod(pod)
    return whys[0] if whys else "it is behind no port of Open vSwitch: it has no flows"


def _ports(model: NodeModel, row: Selection) -> Iterator[Port]:
    """Yield the ports of a row."""
    keys = [row.key]
    if row.pane is not PaneId.PORTS:
        pod = model.pods_by_key.get(_pod_key(model, row))
        keys = [interface.port for interface in pod.interfaces] if pod else []
    yield from (model.ports_by_key[key] for key in keys if key in model.ports_by_key)


def _pod_key(model: NodeModel, row: Selection) -> str:
    """Return the key of the pod of a row that is no port's; nothing for none."""
    if row.pane is not PaneId.PROCESSES:
        return row.key
    # Pids are compared before keys: this is asked at every move.
    pid = int(row.key.partition("@")[0] or 0)
    some = (one for one in model.processes if one.process.pid == pid)
    return next((one.pod for one in some if one.key == row.key), "")


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
        why_no_flows,
    ),
)
