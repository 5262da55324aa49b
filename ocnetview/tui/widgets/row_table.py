"""The one table: rows replaced whole, drawn as far as they are in sight."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ocnetview.tui.widgets.fitting import Heading, Slot, fit, pad

GUTTER = 3
"""Cells left of the columns: the cursor's mark, the row's sign, a space."""
HEADER = 1
"""Lines above the rows."""
CURSOR, LINKED, ELSEWHERE = "▌", "▸", "▏"
"""Marks of the cursor with the focus, of a counterpart, of a cursor without it."""


class Tone(StrEnum):
    """How a row stands out, beside its sign."""

    PLAIN = "plain"
    MUTED = "muted"
    ACCENT = "accent"
    SECOND = "second"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its texts are asked for only when it is drawn."""

    key: str
    """What tells it from all others of the table."""
    subject: object
    """What the texts are made of; rows with equal ones draw the same."""
    cells: Callable[[], Sequence[str]] = field(compare=False, repr=False)
    """Gives one printable text for each column."""
    sign: str = " "
    """A symbol, one cell wide, that says what the tone says."""
    tone: Tone = Tone.PLAIN


def heir(before: Sequence[str], gone: int, after: Collection[str]) -> str:
    """Return the key that inherits the cursor: the next one, else the one before.

    `before` holds the keys as they stood, `gone` the cursor's place among them.
    """
    following = (key for key in before[gone + 1 :] if key in after)
    preceding = (key for key in reversed(before[:gone]) if key in after)
    return next(following, next(preceding, next(iter(after), "")))


class RowTable(ScrollView, can_focus=True):
    """A table, or a tree drawn as one, whose cursor stays with its row."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First row", show=False),
        Binding("end,G", "last", "Last row", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-table--header",
        "row-table--cursor",
        "row-table--lit",
        "row-table--mark",
        *(f"row-table--{tone}" for tone in Tone),
    }
    DEFAULT_CSS = """
    RowTable {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        .row-table--header { color: $text-primary; text-style: bold; }
        .row-table--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: bold;
        }
        .row-table--lit {
            background: $block-cursor-blurred-background;
            text-style: bold;
        }
        .row-table--mark { color: $text-primary; text-style: bold; }
        .row-table--muted { text-style: dim; }
        .row-table--accent { color: $text-accent; }
        .row-table--second { color: $text-success; }
        .row-table--warning { color: $text-warning; }
        .row-table--error { color: $text-error; }
    }
    """

    rows: var[tuple[Row, ...]] = var[tuple[Row, ...]](())
    """Replaced whole; the cursor stays with its row, or moves to the nearest."""
    linked: var[frozenset[str]] = var(frozenset[str]())
    """Keys of the rows that belong to what is selected elsewhere."""
    cursor: var[str] = var("")
    """The key of the row under the cursor; empty only when there are no rows."""
    in_use: var[bool] = var(default=False)
    """Claims that the cursor is the user's, even while the keys go elsewhere."""
    sorted_by: var[tuple[str, bool]] = var(("", False))
    """The heading that carries the sort marker, and whether it points down."""
    bare: var[frozenset[str]] = var(frozenset[str]())
    """Keys of the columns that hold nothing in any row; they are narrow."""
    empty: var[str] = var("")
    """What is said when there are no rows."""

    class _OfTable(Message):
        """A message about a row or a heading of a table."""

        def __init__(self, table: RowTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> RowTable:
            """Return the table."""
            return self.table

    class Selected(_OfTable):
        """The user moved the cursor to this row."""

    class Entered(_OfTable):
        """The user double-clicked this row."""

    class HeaderClicked(_OfTable):
        """The user clicked the heading with this key."""

    def __init__(self, headings: tuple[Heading, ...], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Take the columns; they stay the same."""
        super().__init__(id=id)
        self.headings = headings
        self._places: Mapping[str, int] = {}

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return the columns that are in sight, each at its place."""
        room = self.scrollable_content_region.width - GUTTER - 1
        return fit(self.headings, max(1, room), self.bare)

    @property
    def place(self) -> int:
        """Return the cursor's row number, from 0."""
        return self._places.get(self.cursor, 0)

    def watch_rows(self, before: tuple[Row, ...], rows: tuple[Row, ...]) -> None:
        """Keep the cursor on its row, or hand it to the nearest."""
        place, in_sight = self.place, self._in_sight(self.place)
        self._places = {row.key: number for number, row in enumerate(rows)}
        self.virtual_size = Size(0, len(rows) + HEADER)
        if self.cursor not in self._places:
            self.cursor = heir([row.key for row in before], place, self._places)
        if in_sight:
            self._show_cursor()
        self.refresh()

    def watch_cursor(self) -> None:
        """Draw the cursor where it is now."""
        self.refresh()

    watch_linked = watch_in_use = watch_sorted_by = watch_cursor
    watch_bare = watch_empty = on_focus = on_blur = watch_cursor

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._show_cursor()

    def go_to(self, key: str) -> bool:
        """Move the cursor to this row, without a message; claim that it is here."""
        if key in self._places:
            self.cursor = key
            self._show_cursor()
        return key in self._places

    def action_move(self, lines: int) -> None:
        """Move the cursor down by this many rows."""
        if self.rows:
            place = min(max(0, self.place + lines), len(self.rows) - 1)
            self.go_to(self.rows[place].key)
            self.post_message(self.Selected(self, self.cursor))

    def action_page(self, pages: int) -> None:
        """Move the cursor down by this many screenfuls."""
        self.action_move(pages * max(1, self.size.height - HEADER - 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.action_move(-len(self.rows))

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.action_move(len(self.rows))

    def on_click(self, event: events.Click) -> None:
        """Select the row, enter it on a double click, or tell of the heading."""
        event.stop()
        if event.y < HEADER:
            for slot in self.slots:
                # The gap behind a column holds its sort marker, so it counts too.
                if 0 <= event.x - GUTTER - slot.start <= slot.width:
                    key = slot.heading.key
                    self.post_message(self.HeaderClicked(self, key))
            return
        place = event.y - HEADER + self.scroll_offset.y
        if place < len(self.rows):
            self.action_move(place - self.place)
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Entered(self, self.cursor))

    def _in_sight(self, place: int) -> bool:
        """Claim that the row with this number is drawn."""
        top = self.scroll_offset.y
        return top <= place < top + max(1, self.size.height - HEADER)

    def _show_cursor(self) -> None:
        """Scroll as little as brings the cursor's row into sight."""
        top, lines = self.scroll_offset.y, max(1, self.size.height - HEADER)
        top = min(max(top, self.place - lines + 1), self.place)
        if top != self.scroll_offset.y:
            # Forced: before its first layout a view takes itself for unscrollable.
            self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def render_line(self, y: int) -> Strip:
        """Draw the header, a row, or a line of the reason why there is none."""
        width = self.scrollable_content_region.width
        place = y - HEADER + self.scroll_offset.y
        if y < HEADER:
            segments = [self._header()]
        elif place < len(self.rows):
            segments = self._row(self.rows[place])
        else:
            segments = [Segment(self._reason(y - HEADER), self._style(Tone.MUTED))]
        return Strip(segments).adjust_cell_length(width, segments[-1].style)

    def _style(self, *names: str, partial: bool = False) -> Style:
        """Return the looks of these parts of a table, the last over the first."""
        parts = (f"row-table--{name}" for name in names)
        return self.get_component_rich_style(*parts, partial=partial)

    def _header(self) -> Segment:
        """Return the line of titles, with the sort marker behind its own."""
        key, down = self.sorted_by
        line = " " * GUTTER
        for slot in self.slots:
            line = line.ljust(GUTTER + slot.start)
            title, sign = slot.heading.title, ""
            if slot.heading.key == key:
                sign = "▼" if down else "▲"
            room = slot.width + 1 if sign else slot.width
            line += pad(title + sign, room, right=slot.heading.right)
        return Segment(line, self._style("header"))

    def _row(self, row: Row) -> list[Segment]:
        """Return a row's mark and sign, then its texts in their columns."""
        here, linked = row.key == self.cursor, row.key in self.linked
        tone = self._style(row.tone)
        if here and (self.has_focus or self.in_use):
            tone = self._style("cursor")
            mark = Segment(CURSOR, tone)
        elif linked:
            # One row is lit, all are marked: a whole lit table would say nothing.
            tone = self._style(row.tone, "lit") if here else tone
            mark = Segment(LINKED, tone + self._style("mark", partial=True))
        else:
            mark = Segment(ELSEWHERE if here else " ", tone)
        cells = row.cells()
        line, end = "", 0
        for slot in self.slots:
            look = slot.heading
            text = cells[slot.index]
            text = pad(text, slot.width, right=look.right, named=look.named)
            line += " " * (slot.start - end) + text
            end = slot.start + slot.width
        return [mark, Segment(f"{row.sign} {line}", tone)]

    def _reason(self, line: int) -> str:
        """Return this line of what is said when there are no rows."""
        if self.rows or not self.empty:
            return ""
        width = max(1, self.scrollable_content_region.width - GUTTER - 1)
        lines = textwrap.wrap(self.empty, width)
        return " " * GUTTER + lines[line] if line < len(lines) else ""
