"""A way of several hops, spelled in as many cells as there are. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from ocnetview.tui.widgets.fitting import ELLIPSIS, cut_out

JOINT = " → "
INDENT = "  → "
"""What each line but the first begins with."""
LEAST_NAME = 16
"""Cells that a name keeps when its middle is cut out."""

Fits = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Hop:
    """One stop of a way; its texts are safe to print."""

    text: str
    brief: str = ""
    """What stands for it where the whole way is too long; empty for the text."""
    name: bool = False
    """Claims that both ends of the text tell it from others: its middle may go."""


def spell(hops: Sequence[Hop], width: int, lines: int = 1) -> list[str]:
    """Return the way in at most so many lines, each as full as it can be.

    What is too long gives way in this order: details of hops, the middle of names,
    whole hops in the middle. The ends are what was selected and where it leads to.
    """
    if not hops:
        return []

    def fits(texts: Sequence[str]) -> bool:
        packed = pack(texts, width)
        return len(packed) <= lines and all(cell_len(line) <= width for line in packed)

    texts: Sequence[str] = ()
    for texts in _shorter(hops):
        if fits(texts):
            return pack(texts, width)
    left = _leave_out(texts, fits)
    return pack(left, width) if left else [cut_out(JOINT.join(texts), width)]


def pack(texts: Sequence[str], width: int) -> list[str]:
    """Return the texts joined, each line filled before the next one begins."""
    first, *others = texts
    lines = [first]
    for text in others:
        longer = lines[-1] + JOINT + text
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(INDENT + text)
    return lines


def _shorter(hops: Sequence[Hop]) -> Iterator[Sequence[str]]:
    """Yield the hops' texts, each time a little shorter."""
    yield [hop.text for hop in hops]
    brief = [replace(hop, text=hop.brief or hop.text) for hop in hops]
    longest = max((cell_len(hop.text) for hop in brief if hop.name), default=0)
    for most in range(max(longest, LEAST_NAME), LEAST_NAME - 1, -1):
        yield [cut_out(hop.text, most) if hop.name else hop.text for hop in brief]


def _leave_out(texts: Sequence[str], fits: Fits) -> Sequence[str]:
    """Return as many texts of both ends as fit; empty when not even the first does."""
    best, left, right = [texts[0], ELLIPSIS], 1, 0
    if len(texts) == 1 or not fits(best):
        return ()
    while True:
        # The end with fewer hops is next, the other one if that is too wide.
        sides = [(left + 1, right), (left, right + 1)]
        for more in sides if left <= right else reversed(sides):
            kept = [*texts[: more[0]], ELLIPSIS, *texts[len(texts) - more[1] :]]
            if sum(more) < len(texts) and fits(kept):
                best, (left, right) = kept, more
                break
        else:
            return best
