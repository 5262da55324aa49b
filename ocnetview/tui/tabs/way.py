"""The drawing of the way out: a hop below the other, with what moves through each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from ocnetview.details.hops import Hop, HopKind, per
from ocnetview.model import Rate
from ocnetview.tui.tabs.sections import BAD, WRONG, wrapped
from ocnetview.units import quantity

_WIDE = 110
"""Cells from which the numbers stand beside a hop, not below it."""
_KIND = 10
_NUMBERS = 54
_GAP = "  "
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


_COUNTED = (HopKind.TUNNEL, HopKind.GATEWAY, HopKind.UPLINK, HopKind.PATCH)
"""Hops that something goes through, though it may be no link that does it."""


def way_content(hops: Sequence[Hop], width: int) -> Content:
    """Return the drawing, no wider than this; first of all what is wrong."""
    if not hops:
        return Content("No way is known.")
    lines = [*_wrong(hops, width), *_legend(width)]
    for at, hop in enumerate(hops):
        lines += _hop(hop, _place(hops, at), width)
    return Content("\n").join(lines)


def _wrong(hops: Sequence[Hop], width: int) -> Iterator[Content]:
    """Yield each thing that is wrong, with where it is."""
    for hop in hops:
        for text in hop.wrong:
            for line in wrapped(f"{WRONG} {hop.name}: {text}", width):
                yield Content.styled(line, BAD)
    if any(hop.wrong for hop in hops):
        yield Content("")


def _legend(width: int) -> Iterator[Content]:
    """Yield the heads of the numbers where they have columns of their own."""
    if width >= _WIDE:
        heads = f"{'↓ OUT':<20}{'↑ IN':<20}{'DROPPED':>7}{'ERRORS':>7}"
        yield Content.styled(" " * (width - _NUMBERS) + heads, "dim")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a hop stands in the drawing."""

    beside: str
    """What stands left of its sign."""
    below: str
    """The lines that go on below it."""
    ends: bool
    """Claims that nothing comes after it."""


def _place(hops: Sequence[Hop], at: int) -> _Place:
    """Return where a hop stands."""
    depth = hops[at].depth
    later = [hop.depth for hop in hops[at + 1 :]]
    lines = [_goes_on(later, fork) for fork in range(1, depth + 1)]
    below = "".join("│ " if line else "  " for line in lines)
    if not depth:
        return _Place("", "│ " if later else "", not later)
    branch = "├─" if lines[-1] else "└─"
    return _Place(below[:-2] + branch, below, not later)


def _goes_on(later: Sequence[int], fork: int) -> bool:
    """Claim that a line goes on: the trunk, or one with another branch at its fork."""
    other = next((depth for depth in later if depth <= fork), None)
    return other is not None and fork in (other, 1)


def _hop(hop: Hop, place: _Place, width: int) -> Iterator[Content]:
    """Yield the lines of a hop: itself, its numbers, what is wrong, the line on."""
    style = BAD if hop.wrong else ""
    sign = WRONG if hop.wrong else SIGNS.get(hop.kind, "○")
    wide, numbers = width >= _WIDE, _numbers(hop)
    room = width - (_NUMBERS if wide and numbers else 0)
    head = f"{place.beside}{sign} {hop.kind:<{_KIND}} "
    below = Content.styled(set_cell_size(place.below, cell_len(head)), "dim")
    left = Content.assemble((place.beside, "dim"), (head[len(place.beside) :], style))
    for name, text in _texts(hop, room - cell_len(head) - 2):
        line = Content.assemble(left, (name, style or "bold"), (text, style))
        if wide and left is not below and numbers:
            gap = " " * (room - line.cell_length)
            line = Content.assemble(line, gap, _columns(numbers))
        yield line
        left = below
    if numbers and not wide:
        row = _row(numbers)
        start = max(cell_len(place.below), min(cell_len(head), width - cell_len(row)))
        yield Content.assemble((set_cell_size(place.below, start), "dim"), row)
    for text in hop.wrong:
        for part in wrapped(text, max(width - cell_len(head), 20)):
            yield Content.assemble(below, (part, BAD))
    if wide and not (place.ends or hop.depth or hop.wrong):
        yield Content.styled("│", "dim")


def _texts(hop: Hop, room: int) -> list[tuple[str, str]]:
    """Return the lines of a hop's texts: the name, then what is said of it.

    A line ends between two facts, or within one that is longer than a line.
    """
    *lines, name = wrapped(hop.name, room)
    texts = [(line, "") for line in lines]
    said, used = "", cell_len(name)
    for fact in hop.facts:
        for part in wrapped(fact, room - 2):
            if used + 2 + cell_len(part) > room:
                texts.append((name, said))
                name, said, used = "", part, cell_len(part)
            else:
                said += f"{_GAP if used else ''}{part}"
                used += 2 + cell_len(part)
    return [*texts, (name, said)]


def _numbers(hop: Hop) -> tuple[str, ...]:
    """Return what goes out and comes in through a hop, drops and errors; or why not."""
    if hop.link is None:
        return ("no counters of its own",) if hop.kind in _COUNTED else ()
    if hop.traffic is None:
        return ("not counted yet",)
    total, rate = hop.traffic.total, hop.traffic.rate
    out, into = ("tx", "rx") if hop.inner else ("rx", "tx")
    dropped = total.rx_dropped + total.tx_dropped
    errors = total.rx_errors + total.tx_errors
    return (_way(rate, out), _way(rate, into), quantity(dropped), quantity(errors))


def _way(rate: Rate | None, way: str) -> str:
    """Return what goes one way, as the link itself counts it: tx or rx."""
    if rate is None:
        return f"{way}       …"
    size = quantity(getattr(rate, f"{way}_bytes"), "B/s")
    return f"{way} {size:>7} {per(getattr(rate, f'{way}_packets')):>5}p/s"


def _columns(numbers: tuple[str, ...]) -> str:
    """Return the numbers in their columns."""
    if len(numbers) == 1:
        return numbers[0]
    out, into, dropped, errors = numbers
    return f"{out:<20}{into:<20}{dropped:>7}{errors:>7}"


def _row(numbers: tuple[str, ...]) -> str:
    """Return the numbers in a line, each with what it is."""
    if len(numbers) == 1:
        return numbers[0]
    out, into, dropped, errors = numbers
    return f"↓{out:<19} ↑{into:<19} drop {dropped} err {errors}"
