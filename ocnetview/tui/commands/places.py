"""The screens above the panes that have keys of their own."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding

from ocnetview.tui.commands.capture import OF_CAPTURE, OF_SETUP
from ocnetview.tui.commands.detail import OF_DETAIL
from ocnetview.tui.commands.flows import OF_FLOWS
from ocnetview.tui.commands.trace import OF_TRACE


@dataclass(frozen=True, slots=True)
class Place:
    """A screen, as the help calls it, with what its keys do."""

    name: str
    keys: tuple[Binding, ...]


PLACES = {
    "detail": Place("the detail of a row", OF_DETAIL),
    "setup": Place("the setup of a capture", OF_SETUP),
    "capture": Place("the packets of a capture", OF_CAPTURE),
    "flows": Place("the flows of a row", OF_FLOWS),
    "trace": Place("a trace", OF_TRACE),
}
"""By what the screens call themselves."""
