"""The packets of a row: what leads there, and what the keys do in setup and list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.tui.behind import behind
from ocnetview.tui.commands.command import ROWS, Command

if TYPE_CHECKING:
    from ocnetview.match.spots import Spots
    from ocnetview.tui.app import OcnetviewApp

OF_SETUP = (
    Binding(
        "escape,q",
        "leave",
        "Close",
        tooltip="Close: what you chose is offered the next time",
        id="leave_setup",
    ),
    Binding(
        "enter",
        "start",
        "Start",
        tooltip="Check what you chose, then capture",
        id="start_capture",
    ),
    Binding(
        "slash",
        "filter",
        "Filter",
        tooltip="Type which packets you want, as tcpdump takes it",
        show=False,
        id="filter_capture",
    ),
    Binding(
        "up",
        "common(-1)",
        "Filter before",
        tooltip="Where the filter is typed: the common one before",
        show=False,
        id="filter_before",
    ),
    Binding(
        "down",
        "common(1)",
        "Next filter",
        tooltip="Where the filter is typed: the next common one",
        show=False,
        id="next_filter",
    ),
    Binding(
        "y",
        "copy",
        "Copy",
        tooltip="Copy the commands that capture the same",
        show=False,
        id="copy_setup",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs; F1 also where you type",
        id="setup_help",
    ),
)
OF_CAPTURE = (
    Binding(
        "escape",
        "back",
        "Leave",
        tooltip="End the filter, else leave: the capture goes on behind the panes, or"
        " ends, as you like",
        id="leave_capture",
    ),
    Binding("q", "leave", "Leave", show=False),
    Binding(
        "x,s,ctrl+c",
        "stop",
        "Stop",
        tooltip="Stop the capture; what was captured stays",
        id="stop_capture",
    ),
    Binding(
        "enter",
        "open",
        "Packet",
        tooltip="All that the packet says, and its bytes",
        id="open_packet",
    ),
    Binding(
        "space,p",
        "hold",
        "Hold",
        tooltip="Hold the list as it is; the capture goes on. Again: all of it",
        id="hold_packets",
    ),
    Binding(
        "slash",
        "filter",
        "Filter",
        tooltip="Show only the packets that hold what you type",
        id="filter_packets",
    ),
    Binding(
        "l",
        "lost",
        "Lost",
        tooltip="Of two spots: only what was lost between them, then all",
        id="lost_packets",
    ),
    Binding(
        "w",
        "save",
        "Save",
        tooltip="Write what is kept in memory into a pcapng file",
        id="save_packets",
    ),
    Binding(
        "y",
        "copy",
        "Copy",
        tooltip="Copy what is shown, or the commands that capture the same",
        id="copy_capture",
    ),
    Binding(
        "n",
        "new",
        "New",
        tooltip="Begin another capture, with what you chose for this one",
        id="new_capture",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs",
        id="capture_help",
    ),
)


def capture(app: OcnetviewApp) -> None:
    """Show the capture that there is, else set one up for the row."""
    from ocnetview.tui import capture_flow as flow  # noqa: PLC0415 - start-up

    app.follow()
    if app.capturing.run:
        flow.show_capture(app)
    else:
        flow.set_up(app)


def can_capture(app: OcnetviewApp) -> bool:
    """Claim that packets of the row can be captured, or were."""
    if app.capturing.run is not None:
        return True
    return bool(app.selected.key) and bool(_spots(app).spots)


def why_no_capture(app: OcnetviewApp) -> str:
    """Say why no packets of the row can be captured, as `ocnetview capture` does."""
    return f"cannot capture here: {_spots(app).reason}"


def _spots(app: OcnetviewApp) -> Spots:
    """Return where packets of the row can be captured."""
    from ocnetview.tui.capture_spots import spots_of  # noqa: PLC0415 - start-up

    return spots_of(app.model, behind(app.selected))


CAPTURE_COMMANDS = (
    Command(
        "capture",
        "c",
        "Capture",
        "Packets of the row as they pass; while a capture runs: back to it",
        ROWS,
        capture,
        can_capture,
        why_no_capture,
    ),
)
