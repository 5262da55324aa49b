"""What can be copied of a row, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from ocnetview.details.copies import Copy
from ocnetview.tui.screens.picker import Picker
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.offers import offers
from ocnetview.tui.widgets.row import Row, Rows
from ocnetview.tui.widgets.row_table import RowTable
from ocnetview.units import printable

HEADINGS = (
    Heading("what", "COPIES", 24, grows=True, named=True, wants=44),
    Heading("text", "TEXT", 24, grows=True, wants=90),
)
_SHOWN = 200
"""Characters of a text that a row may show."""


class CopyScreen(Picker[Copy]):
    """Gives what was chosen, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss(None)", "Close"),
        Binding("enter", "choose", "Copy"),
    ]
    DEFAULT_CSS = """
    CopyScreen {
        align: center middle;
        #copies {
            width: 90%;
            max-width: 140;
            height: auto;
            max-height: 90%;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        RowTable { height: auto; max-height: 100%; }
    }
    """

    def __init__(self, copies: Sequence[Copy]) -> None:
        """Take what there is to copy."""
        super().__init__()
        self._copies = {str(place): copy for place, copy in enumerate(copies)}

    def compose(self) -> ComposeResult:
        """Give the texts in a frame."""
        with Vertical(id="copies") as frame:
            frame.border_title = Content("Copy")
            keys = (
                ("enter copies", "screen.choose"),
                ("escape closes", "screen.dismiss(None)"),
            )
            frame.border_subtitle = offers(*keys)
            yield RowTable(HEADINGS)

    def on_mount(self) -> None:
        """Show the texts."""
        self.table.in_use = True
        self.table.styles.height = len(self._copies) + 1
        keys = tuple(self._copies)
        self.table.rows = Rows(keys, lambda place: _row(keys[place], self._copies))
        self.table.focus()

    def action_choose(self) -> None:
        """Give the text under the cursor."""
        self.dismiss(self._copies.get(self.table.cursor))


def _row(key: str, copies: dict[str, Copy]) -> Row:
    """Return a text as a row."""
    copy = copies[key]
    return Row(key, copy, lambda: (copy.what, printable(copy.text[:_SHOWN])))
