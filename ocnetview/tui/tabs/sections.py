"""Sections as they are drawn: labels in one column, tables fitted to the width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from ocnetview.details.section import Line, Section, Table

_LABEL = 20
"""Cells for the labels, so that what they say stands in one column."""
_LEAST = 20
"""Cells that a text has at least beside its label."""
_LONG = 32
"""Cells of a column that are never cut to make room for another."""
_MARGIN, _FURTHER = "  ", "    "
"""Before a row, and before what goes on below it."""
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


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text that is to be so many cells wide, at least one."""
    return [line.plain for line in Content(text).wrap(max(width, 2))]


def _line(line: Line, room: int) -> Iterator[Content]:
    """Yield a line, and what goes on below it."""
    parts = wrapped(line.text, room)
    for label, part in zip_longest([line.label], parts, fillvalue=""):
        head = Content.styled(f"{label:<{_LABEL}} ", "dim")
        yield Content.assemble(head, (part, BAD if line.bad else ""))


def _table(table: Table, width: int) -> Iterator[Content]:
    """Yield the heads and the rows; before a row that is wrong stands a sign."""
    if not table.rows:
        yield Content.styled("none", "dim")
        return
    layout = _fitted(table, width - cell_len(_MARGIN))
    for line in _row(table, table.heads, layout):
        yield Content.styled(_MARGIN + line, "dim")
    for place, row in enumerate(table.rows):
        bad = place in table.bad
        margin = f"{WRONG} " if bad else _MARGIN
        for line in _row(table, row, layout):
            yield Content.styled(margin + line, BAD if bad else "")
            margin = _MARGIN


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the columns of a table stand."""

    widths: list[int]
    gap: int
    lines: list[list[int]]
    """The columns of each line of a row, by place."""


def _fitted(table: Table, width: int) -> _Layout:
    """Return how a table fits this width.

    Where it does not, the columns come nearer to one another, then long ones are
    cut; if that is not enough, the last columns go on in a line below, uncut.
    """
    columns = zip(table.heads, *table.rows, strict=True)
    widths = [max(map(cell_len, column)) for column in columns]
    gap = _GAP if sum(widths) + _GAP * (len(widths) - 1) <= width else 1
    widths = _cut(widths, sum(widths) + gap * (len(widths) - 1) - width)
    lines: list[list[int]] = [[]]
    room = width
    for place, size in enumerate(widths):
        if lines[-1] and size > room:
            lines.append([])
            room = width - cell_len(_FURTHER)
        widths[place] = min(size, max(room, 1))
        lines[-1].append(place)
        room -= size + gap
    return _Layout(widths, gap, lines)


def _cut(widths: list[int], excess: int) -> list[int]:
    """Return them with so much less of the long ones; as they are if that is too much.

    The widest are cut first.
    """
    cut = list(widths)
    while excess > 0:
        widest = cut.index(max(cut))
        step = min(excess, cut[widest] - _LONG)
        if step <= 0:
            return widths
        cut[widest] -= step
        excess -= step
    return cut


def _row(table: Table, row: tuple[str, ...], layout: _Layout) -> Iterator[str]:
    """Yield the lines of a row, its cells below one another."""
    indent = ""
    for places in layout.lines:
        cells = [_cell(table, row, place, layout.widths[place]) for place in places]
        text = (" " * layout.gap).join(cells).rstrip()
        if text or not indent:
            yield indent + text
        indent = _FURTHER


def _cell(table: Table, row: tuple[str, ...], place: int, width: int) -> str:
    """Return a cell this wide, cut where it is longer."""
    cell = row[place]
    size = cell_len(cell)
    if size > width:
        return f"{set_cell_size(cell, width - 1)}…"
    return (
        " " * (width - size) + cell
        if place in table.right
        else cell + " " * (width - size)
    )
