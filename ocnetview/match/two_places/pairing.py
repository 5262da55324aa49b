"""Packets of two places, in the order of time -> which of them are the same.

Of several alike the latest is taken: where one of two was lost, it is the earlier one.
TCP's data is compared byte by byte, since it may be carried in other portions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Sequence

from ocnetview.match.two_places.identity import Flow, Identity

_MOST_ALIKE = 64
"""Flows with an end in common that are tried, for a translated address."""
_TURN = 1 << 32
Parts = list[tuple[int, int]]
"""Where pieces of data begin and end, in bytes from the packet's own first one."""


class Passing:
    """A packet that passed a place, and what of it was not yet seen at the other."""

    __slots__ = (
        "at",
        "done",
        "first",
        "identity",
        "latency",
        "left",
        "number",
        "other",
        "spot",
        "unread",
    )

    def __init__(self, number: int, at: int, spot: int, identity: Identity) -> None:
        """Take what is known of it."""
        self.number, self.at, self.spot = number, at, spot
        self.identity = identity
        self.left: Parts = [(0, identity.length)]
        self.done = False
        """Claims that nothing of it is waited for any more."""
        self.other: int | None = None
        """The number of the first packet that it was at the other place."""
        self.latency: int | None = None
        self.first: int | None = None
        """Which place it passes first; None where nothing tells it yet."""
        self.unread = -1
        """When the other place had had a packet that tells nothing."""

    @property
    def missing(self) -> int:
        """Return how many bytes of data were not seen at the other place."""
        return sum(end - begin for begin, end in self.left)

    @property
    def copy(self) -> Hashable:
        """Return what it has in common with a copy of it at the same place."""
        return self.spot, self.identity.flow, _exact(self.identity)

    def meet(self, other: Passing) -> None:
        """Note what it was at the other place, unless that is known."""
        if self.other is None:
            self.other = other.number
            self.latency = abs(other.at - self.at)


class _Waiting:
    """Packets of one flow at one place, of which something is waited for."""

    __slots__ = ("alike", "data", "live")

    def __init__(self) -> None:
        """Begin with none."""
        self.alike: dict[Hashable, list[Passing]] = {}
        """By all that tells them apart, the latest last."""
        self.data: deque[Passing] = deque()
        """Those of TCP's data, the latest last; some may be done."""
        self.live = 0


class _Side:
    """What waits at one place."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.flows: dict[Flow, _Waiting] = {}
        self._ends: dict[tuple[int, bool, bytes], dict[Flow, None]] = {}

    def add(self, one: Passing) -> None:
        """Wait for a packet."""
        flow = one.identity.flow
        waiting = self.flows.get(flow)
        if waiting is None:
            waiting = self.flows[flow] = _Waiting()
            for end in _ends(flow):
                self._ends.setdefault(end, {})[flow] = None
        waiting.live += 1
        waiting.alike.setdefault(_exact(one.identity), []).append(one)
        if one.identity.length:
            waiting.data.append(one)

    def drop(self, one: Passing) -> None:
        """Wait no longer for a packet; what it was stays in it."""
        flow = one.identity.flow
        waiting = self.flows[flow]
        one.done = True
        waiting.live -= 1
        if not waiting.live:
            del self.flows[flow]
            for end in _ends(flow):
                del self._ends[end][flow]
                if not self._ends[end]:
                    del self._ends[end]
            return
        exact = _exact(one.identity)
        waiting.alike[exact].remove(one)
        if not waiting.alike[exact]:
            del waiting.alike[exact]
        while waiting.data and waiting.data[-1].done:
            waiting.data.pop()
        while waiting.data and waiting.data[0].done:
            waiting.data.popleft()

    def related(self, flow: Flow) -> Iterator[Flow]:
        """Yield flows with one end in common, as translation of the other leaves it."""
        found = 0
        for end in _ends(flow):
            for other in self._ends.get(end, ()):
                found += 1
                if found > _MOST_ALIKE:
                    return
                if other != flow:
                    yield other


def _ends(flow: Flow) -> tuple[tuple[int, bool, bytes], tuple[int, bool, bytes]]:
    """Return both ends of a flow, each with which one it is."""
    return (flow.protocol, False, flow.source), (flow.protocol, True, flow.target)


def _exact(identity: Identity) -> Hashable:
    """Return what is the same at both places if a packet was left whole."""
    return identity.mark, identity.seq, identity.length


class Pairing:
    """Finds the packets of one place among those that wait at the other one."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sides = (_Side(), _Side())

    def pair(self, one: Passing) -> list[Passing]:
        """Return those at the other place that a packet is, or is a part of.

        What of it is not found there waits itself.
        """
        other = self._sides[1 - one.spot]
        met: list[Passing] = []
        if other.flows:
            for flow in self._flows(other, one):
                met = _found(other.flows[flow], one)
                if met:
                    break
        for each in met:
            one.meet(each)
            each.meet(one)
            if not each.left:
                other.drop(each)
        if one.left:
            self._sides[one.spot].add(one)
        else:
            one.done = True
        return met

    def drop(self, one: Passing) -> None:
        """Wait no longer for a packet."""
        self._sides[one.spot].drop(one)

    def awaits(self, spot: int, flow: Flow) -> bool:
        """Claim that something of a flow waits at a place."""
        return flow in self._sides[spot].flows

    def _flows(self, other: _Side, one: Passing) -> Iterator[Flow]:
        """Yield the flows at the other place that a packet may be of, surest first."""
        flow = one.identity.flow
        if flow in other.flows:
            yield flow
        if one.identity.may_be_translated:
            yield from list(other.related(flow))


def _found(waiting: _Waiting, one: Passing) -> list[Passing]:
    """Return those that a packet is; what is found is no longer left of either."""
    alike = waiting.alike.get(_exact(one.identity))
    if alike and (one.identity.single or not one.identity.length):
        last = alike[-1]
        if last.left == one.left:
            last.left, one.left = [], []
            return [last]
    return _covered(waiting.data, one) if one.identity.length else []


def _covered(data: Sequence[Passing], one: Passing) -> list[Passing]:
    """Return those whose data a segment has, the latest for each byte."""
    met: list[Passing] = []
    for other in reversed(data):
        shift = (other.identity.seq - one.identity.seq) % _TURN
        shift -= _TURN if shift >= _TURN // 2 else 0
        if other.done or shift >= one.identity.length:
            continue
        if shift + other.identity.length <= 0:
            continue
        common = _common(one.left, _moved(other.left, shift))
        if common:
            one.left = _without(one.left, common)
            other.left = _without(other.left, _moved(common, -shift))
            met.append(other)
            if not one.left:
                break
    met.reverse()
    return met


def _moved(parts: Parts, shift: int) -> Parts:
    """Return parts as counted from elsewhere."""
    return [(begin + shift, end + shift) for begin, end in parts] if shift else parts


def _common(some: Parts, others: Parts) -> Parts:
    """Return what is in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return sorted((begin, end) for begin, end in pairs if begin < end)


def _without(parts: Parts, gone: Parts) -> Parts:
    """Return parts without others, which are in them."""
    left: Parts = []
    for begin, end in parts:
        for first, last in gone:
            if begin <= first < end:
                if begin < first:
                    left.append((begin, first))
                begin = last  # noqa: PLW2901 - what is left to look at
        if begin < end:
            left.append((begin, end))
    return left
