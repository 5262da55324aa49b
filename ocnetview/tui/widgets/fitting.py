"""Which columns fit into a width, and texts cut to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

ELLIPSIS = "…"
LEAST = 8
"""Cells that a growing column keeps, however narrow the screen."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table, as far as drawing it goes."""

    key: str
    title: str
    width: int
    """Cells; for one that grows, what it should have at least."""
    right: bool = False
    """Claims that its texts are aligned to the right."""
    grows: bool = False
    """Claims that it takes the cells that are left."""
    named: bool = False
    """Claims that both ends of its texts tell rows apart: the middle is cut out."""
    rank: int = 0
    """0 is shown as long as it fits; the higher, the sooner it gives way."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column at its place on the line."""

    index: int
    """Where its text stands in a row's cells."""
    heading: Heading
    start: int
    """Cells left of it."""
    width: int


def _needs(slots: list[Slot], gap: int) -> int:
    """Return the cells that these columns take side by side."""
    return sum(slot.width for slot in slots) + gap * max(0, len(slots) - 1)


def _give_way(slots: list[Slot], room: int) -> list[Slot]:
    """Return the columns that stay, the highest rank gone first, then the last."""
    slots = list(slots)
    while len(slots) > 1 and _needs(slots, 1) > room:
        highest = max(slots, key=lambda slot: (slot.heading.rank, slot.index))
        if highest.heading.rank == 0:
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


@lru_cache(maxsize=64)
def fit(headings: tuple[Heading, ...], room: int) -> tuple[Slot, ...]:
    """Return the columns that fit into this many cells, each at its place.

    They stand two cells apart where all of them have room for it, else one.
    """
    slots = [Slot(i, heading, 0, heading.width) for i, heading in enumerate(headings)]
    gap = 2 if _needs(slots, 2) <= room else 1
    slots = _give_way(slots, room)
    spare = room - _needs(slots, gap)
    placed: list[Slot] = []
    start = 0
    for slot in slots:
        width = slot.width
        if slot.heading.grows:
            width, spare = max(1, width + spare), 0
        placed.append(replace(slot, start=start, width=width))
        start += width + gap
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


def shorten(hops: tuple[str, ...], width: int, joint: str) -> str:
    """Return the texts joined, those in the middle left out when too wide.

    The ends stay: they are what was selected and where it leads to.
    """
    whole = joint.join(hops)
    if cell_len(whole) <= width:
        return whole
    best, left, right = hops[0] + joint + ELLIPSIS, 1, 0
    if len(hops) == 1 or cell_len(best) > width:
        return cut_out(whole, width)
    while True:
        # The end with fewer hops is next, the other one if that is too wide.
        sides = [(left + 1, right), (left, right + 1)]
        for more in sides if left <= right else reversed(sides):
            text = joint.join(
                (*hops[: more[0]], ELLIPSIS, *hops[len(hops) - more[1] :])
            )
            if sum(more) < len(hops) and cell_len(text) <= width:
                best, (left, right) = text, more
                break
        else:
            return best
