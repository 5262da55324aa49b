"""A line of choices that keys choose from, too."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from ocnetview.tui.widgets.choice_bar import ChoiceBar
from ocnetview.tui.widgets.drawing import CURSOR


class ChoiceLine(ChoiceBar, can_focus=True):
    """Shows choices side by side; left and right take another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "take(1)", "Next", show=False),
        Binding("left", "take(-1)", "Before", show=False),
    ]
    DEFAULT_CSS = """
    ChoiceLine { width: 1fr; padding: 0; }
    """
    lead = 1

    def action_take(self, step: int) -> None:
        """Take the choice this many further on, round at the end."""
        keys = [choice.key for choice in self.choices]
        if keys:
            at = keys.index(self.current) if self.current in keys else -1
            self.post_message(self.Chosen(keys[(at + step) % len(keys)]))

    def render(self) -> Content:
        """Draw the choices; a mark says that keys go here."""
        mark = CURSOR if self.has_focus else " "
        return Content.assemble((mark, "$text-primary"), super().render())

    def on_focus(self) -> None:
        """Draw the mark."""
        self.refresh()

    on_blur = on_focus
