"""What takes things along from a row: its packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocnetview.tui import capture_flow as flow
from ocnetview.tui.behind import behind
from ocnetview.tui.capture_spots import spots_of
from ocnetview.tui.commands.command import ROWS, Command

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def capture(app: OcnetviewApp) -> None:
    """Show the capture that there is, else set one up for the row."""
    app.follow()
    if app.capturing.run:
        flow.show_capture(app)
    else:
        flow.set_up(app)


def can_capture(app: OcnetviewApp) -> bool:
    """Claim that packets of the row can be captured, or were."""
    if app.capturing.run is not None:
        return True
    return bool(spots_of(app.model, behind(app.selected)).spots)


def why_no_capture(app: OcnetviewApp) -> str:
    """Say why no packets of the row can be captured, as `ocnetview capture` does."""
    reason = spots_of(app.model, behind(app.selected)).reason
    return f"cannot capture here: {reason}"


OF_TAKING = (
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
