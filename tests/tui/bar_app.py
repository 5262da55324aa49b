"""An app of one line, for the widgets that are one."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.widget import Widget

from ocnetview.tui.widgets.choice_bar import ChoiceBar


class BarApp(App[None]):
    """One line alone, that remembers what is chosen."""

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self._make = make
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        """Give the line."""
        yield self._make()

    def on_choice_bar_chosen(self, event: ChoiceBar.Chosen) -> None:
        """Remember."""
        self.chosen.append(event.key)
