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

    def line(self, y: int) -> Strip:
        """Return the header, a row, or a line of the reason why there is none."""
        place = y - HEADER + self.top
        if y < HEADER:
            titles = in_titles(self.slots, *self.sorted_by)
            segments = [Segment(" " * GUTTER + titles, self.style("header"))]
        elif place < len(self.rows):
            segments = self._row(self.rows[place])
        else:
            segments = [Segment(self._reason(y - HEADER), self.style(Tone.MUTED))]
        return Strip(segments).adjust_cell_length(self.width, segments[-1].style)

    def _row(self, row: Row) -> list[Segment]:
        """Return a row's mark, sign and flag, then its texts in their columns."""
        here, linked = row.key == self.cursor, row.key in self.linked
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
        return [mark, Segment(row.sign, tone), flag, Segment(line, tone)]

    def _reason(self, line: int) -> str:
        """Return this line of what is said when there are no rows."""
        if self.rows or not self.empty:
            return ""
        lines = textwrap.wrap(self.empty, max(1, self.width - GUTTER - 1))
        return " " * GUTTER + lines[line] if line < len(lines) else ""
