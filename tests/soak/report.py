"""What a soak saw, in figures and as the text of its closing report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(slots=True)
class Round:
    """Every fault once, and how it was when all was calm again."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    """Of each the source and what happened to it."""
    settled: dict[str, float] = field(default_factory=dict)
    """Seconds from the end of all changes to a model as of a fresh start."""
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many rows of each part were compared then."""
    differences: list[str] = field(default_factory=list)
    """What still was other than at a fresh start, fresh start's value last."""
    kept: list[str] = field(default_factory=list)
    """What ocnetview held more of, or less, than at its beginning."""


@dataclass(slots=True)
class Report:
    """All that a soak saw."""

    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    """Births, deaths, pins, ... of the pods."""
    others: Counter[str] = field(default_factory=Counter)
    """Containers and transactions."""
    resyncs: dict[str, int] = field(default_factory=dict)
    """How often each source was read again whole."""
    seen: dict[str, int] = field(default_factory=dict)
    """How often each source came to be in each state."""
    rounds: list[Round] = field(default_factory=list)
    lost: int = 0
    """Events that the kernel dropped for ocnetview's sockets."""
    models: int = 0
    alone: list[float] = field(default_factory=list)
    """Seconds from a pod's end to its veth's, without ocnetview."""
    watched: list[float] = field(default_factory=list)
    """The same while ocnetview looked."""
    held: float = 0.0
    """Seconds for which ocnetview held a namespace at most."""
    memory: list[int] = field(default_factory=list)
    """KiB, a second apart."""
    namespaces: list[int] = field(default_factory=list)
    """How many the node knew at the beginning, at the end, and without ocnetview."""
    said: list[str] = field(default_factory=list)
    """Words of the interpreter on stderr, on the screen, or given as a reason."""
    left: list[str] = field(default_factory=list)
    """What was left when ocnetview had ended."""
    shown: int = 0
    """Bytes that the screen drew."""

    @property
    def early(self) -> int:
        """Return the memory after the first third, in KiB."""
        return self.memory[len(self.memory) // 3] if self.memory else 0

    @property
    def late(self) -> int:
        """Return the memory at the end, in KiB."""
        return self.memory[-1] if self.memory else 0

    def lines(self) -> Iterator[str]:
        """Yield the closing report."""
        yield f"soak of {self.seconds:.0f} s, {len(self.rounds) - 1} rounds"
        yield f"  pods:        {_told(self.counts)}"
        yield f"  others:      {_told(self.others)}"
        faults = Counter(fault for one in self.rounds for fault in one.faults)
        yield f"  faults:      {faults.total()} survived"
        for source in dict.fromkeys(source for source, _ in faults):
            kinds = {what: n for (of, what), n in faults.items() if of == source}
            yield f"    {source + ':':<12} {_told(kinds)}"
        yield f"  events lost: {self.lost}, on purpose"
        yield f"  resyncs:     {_told(self.resyncs)}"
        yield f"  states:      {_told(self.seen)}"
        yield f"  published:   {self.models} models; {self.shown} bytes on the screen"
        for one in self.rounds:
            for when, seconds in one.settled.items():
                rows = _told(one.rows[when])
                yield f"  {when}: settled in {seconds:.1f} s, {rows} compared"
        yield f"  veths gone:  {_lags(self.alone)} without ocnetview"
        yield f"               {_lags(self.watched)} with it; {self.held:.2f} s held"
        yield f"  memory:      {self.early} KiB after a third, {self.late} at the end"
        known = " -> ".join(map(str, self.namespaces))
        yield f"  namespaces:  {known} (before, after, without ocnetview)"
        yield from _section(
            "differences", (d for r in self.rounds for d in r.differences)
        )
        yield from _section(
            "held more or less", (k for r in self.rounds for k in r.kept)
        )
        yield from _section("left at the end", self.left)
        yield from _section("interpreter's words", self.said)


def _told(counts: Counter[str] | dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "none"


def _lags(lags: Sequence[float]) -> str:
    """Return how long it took, in few numbers."""
    if not lags:
        return "none"
    shares = (("half", 0.5), ("95 %", 0.95), ("all", 1.0))
    said = ", ".join(f"{n} within {percentile(lags, s):.2f} s" for n, s in shares)
    return f"{len(lags)}: {said}"


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines below their name, or that there are none."""
    told = list(lines)
    yield f"  {name}: {len(told) or 'none'}"
    yield from (f"    {line}" for line in told)
