"""Tracing a packet from a row: what leads there, and what the keys do then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.errors import ProbeError
from ocnetview.model import BridgeKind, PortRole
from ocnetview.tui import screens
from ocnetview.tui.commands.command import ROWS, Command
from ocnetview.tui.commands.copying import offer_copies
from ocnetview.tui.commands.program import show_help
from ocnetview.tui.selection import PaneId, shown_pod

if TYPE_CHECKING:
    from ocnetview.model import Port
    from ocnetview.tui.app import OcnetviewApp
    from ocnetview.tui.tracing import Chosen

OF_TRACE = (
    Binding(
        "escape",
        "leave",
        "Close",
        tooltip="End what is being asked, or close",
        id="leave_trace",
    ),
    Binding("q", "dismiss('')", "Close", show=False),
    Binding(
        "tab,right",
        "turn(1)",
        "Other way",
        tooltip="The answer's way, then those to what is behind a service",
        priority=True,
        id="next_way",
    ),
    Binding(
        "shift+tab,left",
        "turn(-1)",
        "Way before",
        tooltip="The way before; a digit leads to the way with that number",
        priority=True,
        id="previous_way",
    ),
    Binding(
        "r",
        "again",
        "Ask again",
        tooltip="Ask the switch again",
        id="trace_again",
    ),
    Binding(
        "v",
        "raw",
        "Raw",
        tooltip="Show what the switch wrote, or the steps with names again",
        id="raw_trace",
    ),
    Binding(
        "x",
        "other",
        "Other target",
        tooltip="Trace to another target, or another protocol",
        id="other_target",
    ),
    Binding(
        "y",
        "copy",
        "Copy",
        tooltip="Copy what is shown, or the commands that ask the same",
        id="copy_trace",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs",
        id="trace_help",
    ),
    Binding("j", "scroll(1)", "Down", show=False),
    Binding("k", "scroll(-1)", "Up", show=False),
    *(
        Binding(str(digit), f"jump({digit or 10})", f"Way {digit}", show=False)
        for digit in range(10)
    ),
)

_NO_SENDER = "nothing that sends is known here: a pod, the node's gateway or a tunnel"
"""Said of a row from which no packet can begin."""


def can_trace(app: OcnetviewApp) -> bool:
    """Claim that the row may send a packet, or is a tunnel that leads to others."""
    return not why_no_trace(app)


def why_no_trace(app: OcnetviewApp) -> str:
    """Say why no packet of the row can be traced, as `ocnetview trace` does."""
    source = _source(app)
    if source is None:
        return "" if _tunnel(app) else _NO_SENDER
    from ocnetview.match.trace_ends import (  # noqa: PLC0415 - start-up
        end_of_node,
        end_of_pod,
    )

    pod = app.model.pods_by_key.get(source)
    try:
        if pod:
            end_of_pod(app.model, pod)
        else:
            end_of_node(app.model)
    except ProbeError as error:
        return str(error)
    return ""


def _port(app: OcnetviewApp) -> Port | None:
    """Return the port that is selected."""
    row = app.selected
    return app.model.ports_by_key.get(row.key) if row.pane is PaneId.PORTS else None


def _tunnel(app: OcnetviewApp) -> Port | None:
    """Return the tunnel of Open vSwitch that is selected."""
    port = _port(app)
    if port and port.role is PortRole.TUNNEL and port.datapath is BridgeKind.OVS:
        return port
    return None


def _source(app: OcnetviewApp) -> str | None:
    """Return the key of the row's pod, nothing for the node; None for neither."""
    port = _port(app)
    if port and not port.pod:
        return "" if port.role is PortRole.GATEWAY else None
    pod = shown_pod(app.model, app.scope)
    return pod.key if pod else None


def choose_target(app: OcnetviewApp) -> None:
    """Ask where a packet from the row is to go; of a tunnel show where it leads."""
    app.follow()
    source, tunnel = _source(app), _tunnel(app)
    if tunnel:
        app.push_screen(screens.peers_screen(app, tunnel))
    elif source is not None:
        ask_target(app, source)


def ask_target(app: OcnetviewApp, source: str) -> None:
    """Ask where a packet from this pod is to go, or from the node for nothing."""
    app.push_screen(screens.target_screen(source), partial(_chosen, app, source))


def _chosen(app: OcnetviewApp, source: str, chosen: Chosen | None) -> None:
    """Show what would become of the packet; then ask for another, where wanted."""
    if chosen is None:
        return
    explain = partial(show_help, app, place="trace")
    copy = partial(offer_copies, app, app.selected)

    def closed(wanted: str | None) -> None:
        if wanted:
            ask_target(app, source)

    app.push_screen(screens.trace_screen(app, chosen, explain, copy), closed)


TRACE_COMMANDS = (
    Command(
        "trace",
        "x",
        "Trace",
        "What the switch would do with a packet; where a tunnel leads",
        ROWS,
        choose_target,
        can_trace,
        why_no_trace,
    ),
)
