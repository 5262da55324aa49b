"""How the lines of a table look at one moment."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Protocol

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ocnetview.tui.widgets.fitting import Slot, in_columns, in_titles
from ocnetview.tui.widgets.row import Flag, Row, Rows, Tone

GUTTER = 3
"""Cells left of the columns: the cursor's mark, the row's sign, its flag."""
HEADER = 1
"""Lines above the rows."""
CURSOR, LINKED, ELSEWHERE = "▌", "▸", "▏"
"""Marks of the cursor with the focus, of a counterpart, of a cursor without it."""


class _Styles(Protocol):
    """Gives the looks of parts of a table."""

    def __call__(self, *names: str, partial: bool = False) -> Style: ...


@dataclass(frozen=True, slots=True)
class Aim:
    """What of a table the mouse points at."""

    heading: str = ""
    """The key of a column; empty below the headings, and between them."""
    row: str = ""
    """The key of a row; empty where there is none."""
    handle: bool = False
    """Claims that it is what folds the row."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the lines of a table are drawn by."""

    width: int
    top: int
    """The number of the first row in sight."""
    slots: tuple[Slot, ...]
    rows: Rows
    cursor: str
    lit: bool
    """Claims that the cursor is the user's."""
    linked: frozenset[str]
    sorted_by: tuple[str, bool]
    empty: str
    style: _Styles

    def row_at(self, y: int) -> Row | None:
        """Return the row that is drawn on a line; None for all other lines."""
        place = y - HEADER + self.top
        return self.rows[place] if y >= HEADER and place < len(self.rows) else None

    def other(self, y: int) -> Strip:
        """Return the header, or a line of the reason why there are no rows."""
        if y < HEADER:
            titles = in_titles(self.slots, *self.sorted_by)
            segment = Segment(" " * GUTTER + titles, self.style("header"))
        else:
            segment = Segment(self._reason(y - HEADER), self.style(Tone.MUTED))
        return self._whole([segment])

    def row(self, row: Row) -> Strip:
        """Return a row's mark, sign and flag, then its texts in their columns."""
        here, linked = self.marks(row)
        tone = self.style(row.tone)
        if here and self.lit:
            tone = self.style("cursor")
            mark = Segment(CURSOR, tone)
        elif linked:
            # One row is lit, all are marked: a whole lit table would say nothing.
            tone = self.style(row.tone, "lit") if here else tone
            mark = Segment(LINKED, tone + self.style("mark", partial=True))
        else:
            mark = Segment(ELSEWHERE if here else " ", tone)
        flag = Segment(row.flag, tone)
        if row.flag is Flag.NEW:
            flag = Segment(row.flag, tone + self.style("mark", partial=True))
        line = in_columns(row.cells(), self.slots)
        return self._whole([mark, Segment(row.sign, tone), flag, Segment(line, tone)])

    def marks(self, row: Row) -> tuple[bool, bool]:
        """Claim that the cursor is on a row, and that it is a counterpart."""
        return row.key == self.cursor, row.key in self.linked

    def aim_at(self, x: int, y: int) -> Aim:
        """Return what is drawn on a cell."""
        if y < HEADER:
            return Aim(heading=self._heading_at(x))
        row = self.row_at(y)
        return Aim(row=row.key, handle=self._is_handle(row, x)) if row else Aim()

    def _heading_at(self, x: int) -> str:
        """Return the key of the heading over this cell; empty where there is none."""
        for slot in self.slots:
            # The gap behind a column holds its sort marker, so it counts too.
            if 0 <= x - GUTTER - slot.start <= slot.width:
                return slot.heading.key
        return ""

    def _is_handle(self, row: Row, x: int) -> bool:
        """Claim that this cell is one of those that fold the row."""
        last = len(row.cells()) - 1
        starts = (slot.start for slot in self.slots if slot.index == last)
        return any(0 <= x - GUTTER - start < row.handle for start in starts)

    def _whole(self, segments: list[Segment]) -> Strip:
        """Return a line over the whole width."""
        return Strip(segments).adjust_cell_length(self.width, segments[-1].style)

    def _reason(self, line: int) -> str:
        """Return this line of what is said when there are no rows."""
        if self.rows or not self.empty:
            return ""
        lines = textwrap.wrap(self.empty, max(1, self.width - GUTTER - 1))
        return " " * GUTTER + lines[line] if line < len(lines) else ""


class Lines:
    """Lines as they are drawn; a row's is kept until something about it is other."""

    def __init__(self) -> None:
        """Begin with none."""
        self._frame: object = None
        self._kept: dict[str, tuple[object, Strip]] = {}
        """By the row's key, each with all that it was drawn by."""

    def line(self, drawing: Drawing, y: int) -> Strip:
        """Return a line as it looks now."""
        frame = (drawing.width, drawing.slots, drawing.lit)
        if frame != self._frame:
            self._frame, self._kept = frame, {}
        row = drawing.row_at(y)
        if row is None:
            return drawing.other(y)
        looks = (row, drawing.marks(row))
        kept = self._kept.get(row.key)
        if kept is None or kept[0] != looks:
            kept = self._kept[row.key] = (looks, drawing.row(row))
        return kept[1]

    def all(self, drawing: Drawing, height: int) -> list[Strip]:
        """Return all lines as they look now, and forget what is out of sight."""
        lines = [self.line(drawing, y) for y in range(height)]
        keys = drawing.rows.keys[drawing.top : drawing.top + height]
        self._kept = {key: self._kept[key] for key in keys if key in self._kept}
        return lines

    def forget(self) -> None:
        """Draw all of them anew, as styles are others."""
        self._frame = None
