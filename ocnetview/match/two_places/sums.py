"""What became of packets -> how many, how fast, and of whom most were lost."""

from __future__ import annotations

from collections import Counter
from math import exp2, log2
from typing import NamedTuple

from ocnetview.frozen import dataclass
from ocnetview.match.packets.frames import SCTP, TCP, UDP
from ocnetview.match.packets.written import address
from ocnetview.match.two_places.identity import Flow, Identity

_STEPS = 16
"""Latencies are kept in so many steps from one to its double, 4 % apart."""
_MOST_FLOWS = 1000
"""Flows whose losses are counted."""
_WORST = 20
"""Flows that are told."""
_PORTED = {TCP: "TCP", UDP: "UDP", SCTP: "SCTP"}


class LostFlow(NamedTuple):
    """A flow that lost packets."""

    protocol: str
    """TCP, UDP, SCTP; empty for others."""
    source: str
    target: str
    source_port: int | None
    target_port: int | None
    packets: int


@dataclass(frozen=True, slots=True)
class Way:
    """What passed in one direction."""

    title: str
    """`veth1 → vxlan_sys_4789`; untrusted text."""
    sent: int = 0
    """Packets at the place that they pass first."""
    arrived: int = 0
    """Those of them that were at the other one, too."""
    lost: int = 0
    waiting: int = 0
    unknown: int = 0
    """Not comparable; the four are all that were sent."""
    received: int = 0
    """Packets at the second place that were at the first, in other portions maybe."""
    alone: int = 0
    """Packets at the second place only."""
    missing: int = 0
    """Bytes of TCP's data that were lost."""
    fastest: int | None = None
    """Nanoseconds between the two; None where none arrived."""
    median: int | None = None
    """To 4 %."""
    slowest: int | None = None

    @property
    def expected(self) -> int:
        """Return how many should arrive: not those that may be bound elsewhere."""
        return self.sent - self.unknown


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two places say together, as of now."""

    ways: tuple[Way, Way]
    """From the first spot to the second, and back."""
    flows: tuple[LostFlow, ...] = ()
    """Those that lost most, the worst first."""
    others: int = 0
    """Packets that are of neither way: of others, cut off, or out of their time."""


class Direction:
    """Counts what passes in one direction."""

    def __init__(self, title: str) -> None:
        """Begin with nothing."""
        self._title = title
        self.sent = self.arrived = self.lost = self.unknown = 0
        self.received = self.alone = self.missing = 0
        self._latencies: Counter[int] = Counter()
        self._fastest: int | None = None
        self._slowest = 0

    def time(self, latency: int) -> None:
        """Count how long a packet took."""
        if self._fastest is None or latency < self._fastest:
            self._fastest = latency
        self._slowest = max(self._slowest, latency)
        self._latencies[int(log2(latency + 1) * _STEPS)] += 1

    def way(self) -> Way:
        """Return the sums."""
        known = self._fastest is not None
        return Way(
            self._title,
            self.sent,
            self.arrived,
            self.lost,
            self.sent - self.arrived - self.lost - self.unknown,
            self.unknown,
            self.received,
            self.alone,
            self.missing,
            self._fastest,
            self._median(),
            self._slowest if known else None,
        )

    def _median(self) -> int | None:
        """Return the latency that as many are below as above."""
        if self._fastest is None:
            return None
        left = (self._latencies.total() + 1) // 2
        for step in sorted(self._latencies):
            left -= self._latencies[step]
            if left <= 0:
                middle = int(exp2((step + 0.5) / _STEPS)) - 1
                return min(max(middle, self._fastest), self._slowest)
        return self._slowest


class Losses:
    """Counts what each flow lost."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._flows: dict[Flow, tuple[Identity, int]] = {}

    def add(self, identity: Identity) -> None:
        """Count a packet that was lost; flows beyond the bound are not told apart."""
        known = self._flows.get(identity.flow)
        if known or len(self._flows) < _MOST_FLOWS:
            self._flows[identity.flow] = (identity, known[1] + 1 if known else 1)

    def worst(self) -> tuple[LostFlow, ...]:
        """Return the flows that lost most."""
        order = sorted(self._flows.values(), key=lambda one: -one[1])
        return tuple(_told(identity, packets) for identity, packets in order[:_WORST])


def _told(identity: Identity, packets: int) -> LostFlow:
    """Return a flow in words."""
    flow = identity.flow
    source, target = address(identity.source), address(identity.target)
    if flow.protocol not in _PORTED:
        return LostFlow("", source, target, None, None, packets)
    return LostFlow(
        _PORTED[flow.protocol],
        source,
        target,
        int.from_bytes(flow.source[-2:], "big"),
        int.from_bytes(flow.target[-2:], "big"),
        packets,
    )
