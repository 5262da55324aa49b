"""A table above the panes to choose a row of, closed by a click beside it."""

from __future__ import annotations

from textual import events
from textual.getters import query_one
from textual.screen import ModalScreen, ScreenResultType

from ocnetview.tui.widgets.row_table import RowTable


class Picker(ModalScreen[ScreenResultType | None]):
    """Gives what was chosen, or nothing."""

    table = query_one(RowTable)

    def action_choose(self) -> None:
        """Give the row under the cursor; each screen knows what that is."""
        raise NotImplementedError

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss(None)

    def on_row_table_entered(self, event: RowTable.Entered) -> None:
        """Give the row that was double-clicked."""
        event.stop()
        self.action_choose()

    def on_row_table_selected(self, event: RowTable.Selected) -> None:
        """Keep it from the panes, and the keys where they are."""
        event.stop()

    def on_row_table_scrolled(self, event: RowTable.Scrolled) -> None:
        """Keep it from the panes: these rows have no counters."""
        event.stop()
