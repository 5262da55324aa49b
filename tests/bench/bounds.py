"""What a figure is: something measured, what it is set against, and its bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

TIMES, PERCENT, MILLISECONDS, MEGABYTES, PODS = "x", " %", " ms", " MB", " pods"
MIDDLE, LARGE, DOCKER = "middle", "large", "docker"
"""Where the bounds are for: 500 and 2,000 pods in a full run, and containers."""

Findings = Mapping[str, Any]
"""What was measured on one node, by group: `{"pods": 500, "race": …, …}`."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Something measured, at a place in the findings."""

    path: tuple[str, ...]
    """Keys from the group down to the samples."""
    unit: str
    of: str = "p50"
    """Which part of the samples: p50, p95 or p99."""

    def take(self, findings: Findings) -> float | None:
        """Return it; None where it was not measured."""
        found: Any = findings
        for key in self.path:
            if not isinstance(found, Mapping) or key not in found:
                return None
            found = found[key]
        return percentile(found, int(self.of[1:]))


def percentile(samples: Sequence[float], part: int) -> float:
    """Return the sample below which so many percent are; the median is between two."""
    if part == 50:
        return median(samples)
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * part // 100) - 1)]


@dataclass(frozen=True, slots=True)
class Bound:
    """How a figure must come out."""

    limit: float
    stretch: float | None = None
    """What would be better still."""
    unit: str = TIMES
    """Times the other, or what both are measured in."""
    least: bool = False
    """The other must take at least so many times what we take; else we at most so
    many times what it takes."""

    def holds(self, measured: float) -> bool:
        """Claim that it is kept."""
        return measured >= self.limit if self.least else measured <= self.limit


def at_least(limit: float, stretch: float | None = None) -> Bound:
    """Return that the other takes so many times what we take."""
    return Bound(limit, stretch, least=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    number: int
    what: str
    where: str
    """The node on which it is measured."""
    ours: Amount
    other: Amount | None
    bound: Bound
    lost: Amount | None = None
    """What must be none for the figure to count: who misses pods saves time."""

    def holds(self, findings: Findings) -> bool:
        """Claim that it is measured, and as it must be."""
        measured = self.measured(findings)
        lost = self.lost.take(findings) if self.lost else None
        return measured is not None and self.bound.holds(measured) and not lost

    def measured(self, findings: Findings) -> float | None:
        """Return what is to be held against the bound; None where it is not known."""
        ours = self.ours.take(findings)
        if ours is None or self.other is None:
            return ours
        other = self.other.take(findings)
        if other is None:
            return None
        if self.bound.unit != TIMES:
            return ours - other
        return other / ours if self.bound.least else ours / other
