"""The drawing of the way out: a hop below the other, with what moves through each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from ocnetview.details.hops import Hop, HopKind, per
from ocnetview.tui.tabs.sections import BAD, WRONG
from ocnetview.units import quantity

_WIDE = 110
"""Cells from which the numbers stand beside a hop, not below it."""
_KIND = 10
_NUMBERS = 50
SIGNS = {
    HopKind.PROCESS: "◆",
    HopKind.POD: "▣",
    HopKind.NETNS: "┄",
    HopKind.BRIDGE: "▤",
    HopKind.END: "→",
    HopKind.TUNNEL: "⇄",
    HopKind.GATEWAY: "⇡",
    HopKind.UPLINK: "⇡",
    HopKind.PATCH: "~",
}
"""Signs of hops; of all others a ring."""


def way_content(hops: Sequence[Hop], width: int) -> Content:
    """Return the drawing, no wider than this; first of all what is wrong."""
    if not hops:
        return Content("No way is known.")
    lines = [*_wrong(hops, width), *_legend(width)]
    for place, hop in enumerate(hops):
        lines += _hop(hop, _next(hops, place), width)
    return Content("\n").join(lines)


def _wrong(hops: Sequence[Hop], width: int) -> Iterator[Content]:
    """Yield each thing that is wrong, with where it is."""
    for hop in hops:
        for text in hop.wrong:
            for line in wrap(f"{WRONG} {hop.name}: {text}", width):
                yield Content.styled(line, BAD)
    if any(hop.wrong for hop in hops):
        yield Content("")


def _legend(width: int) -> Iterator[Content]:
    """Yield the heads of the numbers where they have columns of their own."""
    if width >= _WIDE:
        heads = f"{'OUT ↓':<17}{'IN ↑':<17}{'DROPPED':<9}{'ERRORS':<7}"
        yield Content.styled(" " * (width - _NUMBERS) + heads, "dim")


def _next(hops: Sequence[Hop], place: int) -> int | None:
    """Return how many forks are before the next hop; None after the last."""
    return hops[place + 1].depth if place + 1 < len(hops) else None


def _hop(hop: Hop, after: int | None, width: int) -> Iterator[Content]:
    """Yield the lines of a hop: itself, its numbers, what is wrong, the line on."""
    indent = "│ " * hop.depth
    style = BAD if hop.wrong else ""
    sign = WRONG if hop.wrong else SIGNS.get(hop.kind, "○")
    wide = width >= _WIDE
    room = width - (_NUMBERS if wide else 0)
    head = f"{indent}{sign} {hop.kind:<{_KIND}} "
    said = "  ".join(hop.facts)
    lines = _texts(hop.name, said, room - cell_len(head) - 1)
    numbers = _numbers(hop)
    for at, (name, text) in enumerate(lines):
        start = head if at == 0 else f"{_below(hop, after)}{' ' * (_KIND + 3)}"
        start = start if at == 0 else set_cell_size(start, cell_len(head))
        used = cell_len(start) + cell_len(name) + cell_len(text)
        parts = [Content.styled(start, style or "dim")]
        parts += [Content.styled(name, style or "bold"), Content.styled(text, style)]
        if wide and at == 0 and numbers:
            parts.append(Content(" " * (room - used) + _columns(numbers)))
        yield Content.assemble(*parts)
    if numbers and not wide:
        start = set_cell_size(_below(hop, after), cell_len(head))
        yield Content.assemble((start, "dim"), _row(numbers))
    for text in hop.wrong:
        start = set_cell_size(_below(hop, after), cell_len(head))
        for part in wrap(text, max(room - cell_len(head), 20)):
            yield Content.assemble((start, "dim"), (part, BAD))
    if after is not None and hop.kind is not HopKind.NETNS and not hop.depth:
        yield Content.styled("│", "dim")


def _below(hop: Hop, after: int | None) -> str:
    """Return the lines that go on below a hop."""
    return "│ " * (min(hop.depth, after) + 1 if after is not None else hop.depth)


def _texts(name: str, said: str, room: int) -> list[tuple[str, str]]:
    """Return the lines of a hop's texts: the name, then what is said of it."""
    first = room - cell_len(name) - 2
    if cell_len(said) <= first:
        return [(name, f"  {said}" if said else "")]
    if first >= room // 2:
        parts = wrap(said, first, break_long_words=False)
        if parts and cell_len(parts[0]) <= first:
            rest = said[len(parts[0]) :].strip()
            return [(name, f"  {parts[0]}"), *(("", p) for p in wrap(rest, room))]
    names = [(part, "") for part in wrap(name, room)]
    return [*names, *(("", part) for part in wrap(said, room))]


def _numbers(hop: Hop) -> tuple[str, ...]:
    """Return what goes out and comes in through a hop, drops and errors; or nothing."""
    if hop.link is None:
        return ()
    if hop.traffic is None:
        return ("not counted",)
    total, rate = hop.traffic.total, hop.traffic.rate
    out, into = ("tx", "rx") if hop.inner else ("rx", "tx")
    ways = []
    for way in (out, into):
        if rate is None:
            ways.append(f"{way} …")
        else:
            size = quantity(getattr(rate, f"{way}_bytes"), "B/s")
            ways.append(f"{way} {size} {per(getattr(rate, f'{way}_packets'))}p/s")
    dropped = str(total.rx_dropped + total.tx_dropped)
    errors = str(total.rx_errors + total.tx_errors)
    return (*ways, dropped, errors)


def _columns(numbers: tuple[str, ...]) -> str:
    """Return the numbers in their columns."""
    if len(numbers) == 1:
        return numbers[0]
    out, into, dropped, errors = numbers
    return f"{out:<17}{into:<17}{dropped:<9}{errors:<7}".rstrip()


def _row(numbers: tuple[str, ...]) -> str:
    """Return the numbers in a line, each with what it is."""
    if len(numbers) == 1:
        return numbers[0]
    out, into, dropped, errors = numbers
    return f"↓ {out:<18} ↑ {into:<18} drop {dropped}  err {errors}"
