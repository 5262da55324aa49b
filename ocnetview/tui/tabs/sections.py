"""Sections as they are drawn: labels in one column, tables fitted to the width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from ocnetview.details.section import Line, Section, Table

_LABEL = 20
"""Cells for the labels, so that what they say stands in one column."""
_LEAST = 20
"""Cells that a text has at least beside its label."""
_NARROWEST = 8
"""Cells that a column keeps, however little room there is."""
_GAP = 2
"""Cells between two columns, where there is room."""
WRONG = "✖"
"""Before what is wrong."""
BAD = "bold $text-error"


def sections_content(sections: Iterable[Section], width: int) -> Content:
    """Return the sections with their titles, no wider than this; safe to print.

    What does not fit a line goes on below its beginning, beside the label; what does
    not fit a column is cut.
    """
    blocks = []
    for section in sections:
        lines = [Content.styled(section.title, "bold $text-primary")]
        for line in section.lines:
            lines += _line(line, max(width - _LABEL - 1, _LEAST))
        if section.table:
            lines += _table(section.table, width)
        blocks.append(Content("\n").join(lines))
    return Content("\n\n").join(blocks)


def _line(line: Line, room: int) -> Iterator[Content]:
    """Yield a line, and what goes on below it."""
    parts = wrap(line.text, room, drop_whitespace=True) or [""]
    for label, part in zip_longest([line.label], parts, fillvalue=""):
        head = Content.styled(f"{label:<{_LABEL}} ", "dim")
        yield Content.assemble(head, (part, BAD if line.bad else ""))


def _table(table: Table, width: int) -> Iterator[Content]:
    """Yield the heads and the rows; before a row that is wrong stands a sign."""
    if not table.rows:
        yield Content.styled("none", "dim")
        return
    gap, widths = _fitted(table, width - 2)
    yield Content.styled("  " + _cells(table, table.heads, widths, gap), "dim")
    for place, row in enumerate(table.rows):
        bad = place in table.bad
        text = _cells(table, row, widths, gap)
        yield Content.styled(f"{WRONG} {text}", BAD) if bad else Content(f"  {text}")


def _fitted(table: Table, width: int) -> tuple[int, list[int]]:
    """Return the gap between columns, and their widths, the widest cut until all fit.

    Before anything is cut the columns come nearer to one another.
    """
    columns = zip(table.heads, *table.rows, strict=True)
    widths = [max(map(cell_len, column)) for column in columns]
    gap = _GAP if sum(widths) + _GAP * (len(widths) - 1) <= width else 1
    excess = sum(widths) + gap * (len(widths) - 1) - width
    while excess > 0 and max(widths) > _NARROWEST:
        # Down to the second widest at once, or by what is too much.
        widest = widths.index(max(widths))
        others = [*widths[:widest], *widths[widest + 1 :]]
        next_to = max(max(others, default=0), _NARROWEST)
        step = max(1, min(excess, widths[widest] - next_to))
        widths[widest] -= step
        excess -= step
    return gap, widths


def _cells(table: Table, row: tuple[str, ...], widths: list[int], gap: int) -> str:
    """Return a row, its cells below one another."""
    cells = []
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        size = cell_len(cell)
        if size > width:
            cells.append(f"{set_cell_size(cell, width - 1)}…")
        elif place in table.right:
            cells.append(" " * (width - size) + cell)
        else:
            cells.append(cell + " " * (width - size))
    return (" " * gap).join(cells).rstrip()
