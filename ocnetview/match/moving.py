"""Rows -> rows with what is other at every reading: ages, rates, totals.

Matching tells rows apart now and then; what moves on them does every second, on a few.
Only those are made anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from typing import TypeVar

from ocnetview.facts import Counters
from ocnetview.match.rates import seen_from_pod
from ocnetview.model import Bridge, Pod, Port, Rate
from ocnetview.records import changed
from ocnetview.units import coarse, older

_Place = TypeVar("_Place")


@dataclass(frozen=True, slots=True)
class Rows:
    """Pods and bridges, joined."""

    pods: tuple[Pod, ...] = ()
    bridges: tuple[Bridge, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved through the host's links, by ifindex."""

    rates: Mapping[int, Rate]
    counters: Mapping[int, Counters]

    def differing(self, other: Moved) -> set[int]:
        """Return the links of which the two say something else."""
        return {
            *_differing(self.rates, other.rates),
            *_differing(self.counters, other.counters),
        }


class Moving:
    """Keeps rows as they were shown last, and brings up to date what moved."""

    def __init__(self) -> None:
        """Begin with no rows."""
        self._rows = Rows()
        self._shown = Rows()
        self._moved = Moved({}, {})
        self._pods: Mapping[int, tuple[int, ...]] = {}
        self._ports: Mapping[int, tuple[tuple[int, int], ...]] = {}
        """Places of the rows that a link moves, by its ifindex."""
        self._at = inf
        self._older: list[tuple[float, int]] = []
        """When each pod's age is another, and its place; a heap."""

    def __call__(self, rows: Rows, moved: Moved, at: float) -> Rows:
        """Return the rows as they are at this moment, in seconds since the epoch."""
        if rows is not self._rows:
            self._begin(rows)
        links = moved.differing(self._moved)
        self._moved = moved
        pods = {place for link in links for place in self._pods.get(link, ())}
        pods.update(self._aged(at))
        ports = {place for link in links for place in self._ports.get(link, ())}
        if pods or ports:
            self._shown = Rows(self._with_pods(pods, at), self._with_ports(ports))
        return self._shown

    def _begin(self, rows: Rows) -> None:
        """Take other rows, on which nothing moved yet."""
        self._rows = self._shown = rows
        self._moved, self._at = Moved({}, {}), inf
        self._pods = _places(
            (host.ifindex, place)
            for place, pod in enumerate(rows.pods)
            for host in [pod.main.host if pod.main else None]
            if host
        )
        self._ports = _places(
            (port.link.ifindex, (number, place))
            for number, bridge in enumerate(rows.bridges)
            for place, port in enumerate(bridge.ports)
            if port.link
        )

    def _aged(self, at: float) -> Iterator[int]:
        """Yield the places of the pods whose age may be another than it was."""
        if at < self._at:
            self._older = [(at, place) for place in range(len(self._rows.pods))]
        self._at = at
        while self._older and self._older[0][0] <= at:
            _, place = heappop(self._older)
            made = self._rows.pods[place].created
            if made:
                heappush(self._older, (made + older(at - made), place))
            yield place

    def _with_pods(self, places: Iterable[int], at: float) -> tuple[Pod, ...]:
        """Return the pods, those at these places as they are now."""
        pods = [*self._shown.pods]
        for place in places:
            pods[place] = _pod_now(pods[place], self._moved, at)
        return tuple(pods)

    def _with_ports(self, places: Iterable[tuple[int, int]]) -> tuple[Bridge, ...]:
        """Return the bridges, the ports at these places as they are now."""
        bridges = [*self._shown.bridges]
        ports = {number: [*bridges[number].ports] for number, _ in places}
        for number, place in places:
            ports[number][place] = _port_now(ports[number][place], self._moved)
        for number, some in ports.items():
            bridges[number] = changed(bridges[number], ports=tuple(some))
        return tuple(bridges)


def _differing(one: Mapping[int, object], other: Mapping[int, object]) -> Iterator[int]:
    """Yield the keys that have not the same value in both."""
    if one is other:
        return
    yield from one.keys() ^ other.keys()
    yield from (k for k, value in one.items() if k in other and other[k] != value)


def _places(pairs: Iterable[tuple[int, _Place]]) -> Mapping[int, tuple[_Place, ...]]:
    """Return all places of each link."""
    found: dict[int, tuple[_Place, ...]] = defaultdict(tuple)
    for link, place in pairs:
        found[link] += (place,)
    return dict(found)


def _pod_now(pod: Pod, moved: Moved, at: float) -> Pod:
    """Return the pod with its age, and what moved through its main interface."""
    host = pod.main.host if pod.main else None
    rate = seen_from_pod(moved.rates.get(host.ifindex)) if host else None
    age = coarse(at - pod.created) if pod.created else 0
    same = pod.age == age and pod.rate == rate
    return pod if same else changed(pod, age=age, rate=rate)


def _port_now(port: Port, moved: Moved) -> Port:
    """Return the port with what it moved, and its totals."""
    if port.link is None:
        return port
    index = port.link.ifindex
    rate, total = moved.rates.get(index), moved.counters.get(index)
    same = port.rate == rate and port.counters == total
    return port if same else changed(port, rate=rate, counters=total)
