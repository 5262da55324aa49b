"""One box to find anything on the node by, with what it is, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from ocnetview.match.finder import Finder
from ocnetview.match.hits import Hit, spoken
from ocnetview.tui.screens.search import Search
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.offers import offers
from ocnetview.tui.widgets.row import Row, Rows
from ocnetview.tui.widgets.row_table import RowTable

HEADINGS = (
    Heading("kind", "IS", 12),
    Heading("text", "FOUND", 20, grows=True, named=True, wants=40),
    Heading("of", "BELONGS TO", 20, grows=True, named=True, rank=1, wants=60),
)
EMPTY = (
    "Type any scrap: a pod, container, veth or command by some of its letters; a PID,"
    " ifindex, ofport or inode whole; the beginning of an IP, MAC or id."
)
CLOSES = ("escape closes", "screen.dismiss(None)")


class FinderScreen(Search[Hit]):
    """Gives what was chosen, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", tooltip="Close the finder"),
        Binding("enter", "choose", "Go there", tooltip="Go to what is found"),
    ]
    DEFAULT_CSS = "FinderScreen { Input { margin-bottom: 1; } }"

    def __init__(self, text: str = "") -> None:
        """Take what is typed already."""
        super().__init__()
        self._typed = text
        self._hits: dict[str, Hit] = {}

    def compose(self) -> ComposeResult:
        """Give the box, and the rows below it."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content("Find")
            keys = ("enter goes there", "screen.choose"), CLOSES
            frame.border_subtitle = offers(*keys)
            yield Input(self._typed, compact=True, placeholder="anything on this node")
            yield RowTable(HEADINGS)

    def _search(self) -> None:
        """Show what is found."""
        text = self.input.value
        hits: Sequence[Hit] = ()
        if text.strip():
            self._finder = self._finder or Finder(self._model)
            hits = self._finder.search(text)
        self._hits = {hit.key: hit for hit in hits}
        keys = tuple(self._hits)
        self.table.rows = Rows(keys, lambda place: _row(self._hits[keys[place]]))
        self.table.empty = (
            f"nothing on this node answers to “{text.strip()}”" if text else EMPTY
        )

    def action_choose(self) -> None:
        """Give the row under the cursor, if there is one."""
        hit = self._hits.get(self.table.cursor)
        if hit:
            self.dismiss(hit)


def _row(hit: Hit) -> Row:
    """Return a hit as a row."""
    return Row(hit.key, hit, lambda: spoken(hit))
