"""Flows as they are drawn: numbers before, match and actions wrapped beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from textual.content import Content

from ocnetview.details.flows import (
    DROPS,
    FlowRow,
    FlowsView,
    Judged,
    judge,
    kept,
    numbers_of,
    title_of,
    whole,
)
from ocnetview.match.openflow_names import drops
from ocnetview.match.openflow_text import actions_of
from ocnetview.model import NodeModel
from ocnetview.tui.tabs.sections import BAD, WRONG, sections_content, wrapped
from ocnetview.units import printable

_WIDTHS = (5, 8, 6, 6, 6, 5)
"""Cells of priority, packets, bytes, both rates, and age."""
_HEADS = ("PRIO", "PACKETS", "BYTES", "PKT/s", "B/s", "AGE")
_BESIDE = 100
"""From so many cells on there is room for the text beside the numbers."""
_INDENT = 6
"""Cells before a text that stands below its numbers."""


def flows_content(model: NodeModel, views: Iterable[FlowsView], width: int) -> Content:
    """Return the flows of all views, no wider than this; safe to print."""
    blocks: list[Content] = []
    for view in views:
        judged = judge(model, view)
        blocks.append(sections_content([whole(view, judged)], width))
        tables: dict[int, list[FlowRow]] = {}
        for row in judged.rows:
            tables.setdefault(row.table, []).append(row)
        blocks += (_table(n, rows, judged, width) for n, rows in tables.items())
    return Content("\n\n").join(blocks)


def _table(number: int, rows: Sequence[FlowRow], judged: Judged, width: int) -> Content:
    """Return a table under its title."""
    shown, more = kept(rows)
    head = "  " + _numbers(_HEADS) + ("  MATCH → ACTIONS" if width >= _BESIDE else "")
    lines = [Content.styled(title_of(number, judged), "bold $text-primary")]
    lines.append(Content.styled(head, "dim"))
    for row in shown:
        lines += _row(row, width)
    if more:
        lines.append(Content.styled(f"  and {more} more: v shows them raw", "dim"))
    return Content("\n").join(lines)


def _numbers(cells: Sequence[str]) -> str:
    """Return numbers below one another."""
    pairs = zip(cells, _WIDTHS, strict=True)
    return " ".join(f"{cell:>{width}}" for cell, width in pairs)


def _row(row: FlowRow, width: int) -> Iterator[Content]:
    """Yield the lines of an entry: what it takes, what it does, what is amiss."""
    stops = row.entry is not None and drops(row.entry)
    style = BAD if row.bad else "$text-warning" if stops else ""
    sign = WRONG if row.bad else " "
    if row.entry is None:
        numbers = f"{row.priority:>{_WIDTHS[0]}} {'missing':>{_WIDTHS[1]}}"
    else:
        numbers = _numbers(numbers_of(row))
    head = f"{sign} {numbers:<{sum(_WIDTHS) + len(_WIDTHS) - 1}}"
    beside = width >= _BESIDE
    indent = len(head) + 2 if beside else _INDENT
    texts = wrapped(_text(row), width - indent)
    if row.entry is not None and row.note not in {"", DROPS}:
        texts += wrapped(printable(row.note), width - indent)
    if not beside:
        yield Content.styled(head.rstrip(), style)
        head = ""
    for before, text in zip_longest([head], texts, fillvalue=""):
        yield Content.styled(f"{before:<{indent}}{text}", style)


def _text(row: FlowRow) -> str:
    """Return match and actions with room to be wrapped at."""
    match = row.match.replace(",", ", ")
    actions = ", ".join(actions_of(row.actions))
    return printable(f"{match} → {actions}" if row.entry else match)
