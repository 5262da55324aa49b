"""How much is measured, in a full run and in one that only shows that all works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Counts and seconds."""

    pods: tuple[int, ...]
    rounds: int
    """Of each thing that is raced."""
    slow_rounds: int
    """Of what takes long: plotnetcfg and the recipe by hand."""
    ticks: int
    """Measured at once, as one takes little."""
    settle: float
    """Seconds until a node or program is taken as quiet, at least."""
    spans: int
    """How often an idle program's CPU is measured."""
    seconds: float
    """How long, each time."""
    others: int
    """Processes beside the tree that is read."""
    containers: int
    """Of Docker."""
    sample: int
    """So many of them are looked up by hand."""
    births: int
    """Pods that come and go while they are followed."""
    follow_rounds: int
    starts: int
    rows: int
    """New pods whose row is waited for."""
    keys: int


FULL = Effort(
    pods=(100, 500, 2000),
    rounds=7,
    slow_rounds=2,
    ticks=20,
    settle=6,
    spans=3,
    seconds=10,
    others=5000,
    containers=500,
    sample=20,
    births=1000,
    follow_rounds=2,
    starts=5,
    rows=40,
    keys=200,
)
QUICK = Effort(
    pods=(4, 6, 8),
    rounds=2,
    slow_rounds=1,
    ticks=3,
    settle=0.5,
    spans=1,
    seconds=1,
    others=100,
    containers=3,
    sample=2,
    births=250,
    follow_rounds=1,
    starts=1,
    rows=3,
    keys=5,
)
