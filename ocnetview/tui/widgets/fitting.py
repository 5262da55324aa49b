"""Which columns fit into a width, and texts cut to it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

ELLIPSIS = "…"
LEAST = 8
"""Cells that a growing column keeps, however narrow the screen."""
SPARE = 4
"""From this rank on columns are shown only where the others have what they want."""
BARE = 100
"""What the rank of a column that holds nothing is raised by."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table, as far as drawing it goes."""

    key: str
    title: str
    width: int
    """Cells it has at least."""
    right: bool = False
    """Claims that its texts are aligned to the right."""
    grows: bool = False
    """Claims that it takes the cells that are left."""
    named: bool = False
    """Claims that both ends of its texts tell rows apart: the middle is cut out."""
    rank: int = 0
    """0 is shown as long as it fits; the higher, the sooner it gives way."""
    wants: int = 0
    """Cells it takes where there is room.

    A growing column takes them before columns from rank `SPARE` on have any.
    """
    index: int | None = None
    """Where its text stands in a row's cells; None: where it stands itself."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column at its place on the line."""

    index: int
    """Where its text stands in a row's cells."""
    heading: Heading
    start: int
    """Cells left of it."""
    width: int


def _needs(slots: Sequence[Slot], gap: int, *, wanted: bool = False) -> int:
    """Return the cells that these columns take side by side.

    `wanted` counts what the growing ones want; other columns want what nobody needs.
    """
    widths = (
        max(s.heading.width, s.heading.wants) if wanted and s.heading.grows else s.width
        for s in slots
    )
    return sum(widths) + gap * max(0, len(slots) - 1)


def _give_way(slots: list[Slot], room: int) -> list[Slot]:
    """Return the columns that stay, the highest rank gone first, then the last.

    More room never takes one away: the order in which they go is the same for any
    room, and what has to fit grows less with each that is gone.
    """
    slots = list(slots)
    while len(slots) > 1:
        highest = max(slots, key=lambda slot: (slot.heading.rank, slot.index))
        rank = highest.heading.rank
        if rank == 0 or _needs(slots, 1, wanted=rank >= SPARE) <= room:
            break
        slots.remove(highest)
    if _needs(slots, 1) > room:
        slots = [
            replace(s, width=min(s.width, LEAST)) if s.heading.grows else s
            for s in slots
        ]
    while len(slots) > 1 and _needs(slots, 1) > room:
        slots.remove(next((s for s in slots[::-1] if not s.heading.grows), slots[-1]))
    return slots


def _slots(headings: Sequence[Heading], bare: Collection[str]) -> list[Slot]:
    """Return all columns; those that hold nothing are as wide as their title.

    They are the first to give way, in the order in which they would otherwise.
    """
    slots: list[Slot] = []
    for place, heading in enumerate(headings):
        index = place if heading.index is None else heading.index
        if heading.key in bare:
            width, rank = len(heading.title), heading.rank + BARE
            heading = replace(heading, width=width, rank=rank, wants=0)  # noqa: PLW2901 - the same column, narrower
        slots.append(Slot(index, heading, 0, heading.width))
    return slots


def _grown(slots: Sequence[Slot], spare: int) -> Iterator[Slot]:
    """Yield the columns with what they want, in their order, one with all the rest."""
    slots = list(slots)
    for place, slot in enumerate(slots):
        more = min(max(0, slot.heading.wants - slot.width), max(0, spare))
        slots[place] = replace(slot, width=slot.width + more)
        spare -= more
    for slot in slots:
        width = slot.width
        if slot.heading.grows:
            width, spare = max(1, width + spare), 0
        yield replace(slot, width=width)


@lru_cache(maxsize=64)
def fit(
    headings: tuple[Heading, ...], room: int, bare: frozenset[str] = frozenset()
) -> tuple[Slot, ...]:
    """Return the columns that fit into this many cells, each at its place.

    They stand two cells apart where all that stay have room for it, else one.
    `bare` has the keys of the columns that hold nothing in any row.
    """
    slots = _give_way(_slots(headings, bare), room)
    gap = 2 if _needs(slots, 2, wanted=True) <= room else 1
    placed: list[Slot] = []
    start = 0
    for slot in _grown(slots, room - _needs(slots, gap)):
        placed.append(replace(slot, start=start))
        start += slot.width + gap
    return tuple(placed)


def cut(text: str, width: int) -> str:
    """Return the text in at most this many cells, its end replaced when too long."""
    if width <= 0:
        return ""
    # A cell holds at most a few code points; longer texts need no measuring.
    short = text[: 4 * width + 4]
    if len(short) == len(text) and cell_len(text) <= width:
        return text
    return set_cell_size(short, width - 1).rstrip() + ELLIPSIS


def cut_out(text: str, width: int) -> str:
    """Return the text in at most this many cells, its middle replaced when too long."""
    if cell_len(text) <= width or width < 3:  # noqa: PLR2004 - both ends and between
        return cut(text, width)
    tail = set_cell_size(text[::-1], (width - 1) // 2)[::-1]
    head = set_cell_size(text, width - 1 - cell_len(tail))
    return head + ELLIPSIS + tail


def pad(text: str, width: int, *, right: bool = False, named: bool = False) -> str:
    """Return the text in exactly this many cells."""
    text = cut_out(text, width) if named else cut(text, width)
    blank = " " * (width - cell_len(text))
    return blank + text if right else text + blank


def in_columns(cells: Sequence[str], slots: Iterable[Slot]) -> str:
    """Return a row's texts in their columns, those that are in sight."""
    line, end = "", 0
    for slot in slots:
        look = slot.heading
        text = cells[slot.index]
        text = pad(text, slot.width, right=look.right, named=look.named)
        line += " " * (slot.start - end) + text
        end = slot.start + slot.width
    return line


def in_titles(slots: Iterable[Slot], key: str, down: bool) -> str:  # noqa: FBT001 - a pair of sorted_by
    """Return the titles over their columns, the sort marker behind that of the key."""
    line = ""
    for slot in slots:
        line = line.ljust(slot.start)
        sign = ("▼" if down else "▲") if slot.heading.key == key else ""
        # The gap behind a column has room for it.
        room = slot.width + len(sign)
        line += pad(slot.heading.title + sign, room, right=slot.heading.right)
    return line
