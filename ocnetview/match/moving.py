"""Rows -> rows with what is other at every reading: ages, rates, totals.

Matching tells rows apart now and then; what moves on them does every second, on a few.
Only those are made anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from math import inf
from typing import TypeVar

from ocnetview.facts import Counters
from ocnetview.frozen import dataclass
from ocnetview.match.rates import seen_from_pod
from ocnetview.model import Bridge, Pod, Port, Rate
from ocnetview.records import changed
from ocnetview.units import coarse, older

_Place = TypeVar("_Place")
_Row = TypeVar("_Row")


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
        self._moved: Moved | None = None
        self._placed = False
        """Claims that the next two are of these rows: who asks once needs neither."""
        self._pods: Mapping[int, tuple[int, ...]] = {}
        self._ports: Mapping[int, tuple[tuple[int, int], ...]] = {}
        """Places of the rows that a link moves, by its ifindex."""
        self._at = inf
        self._keys: Mapping[str, int] = {}
        """Places of the pods by their keys."""
        self._older: list[tuple[float, str]] = []
        """When a pod's age is another, and its key; a heap."""
        self._next: dict[str, float] = {}
        """The entry of each pod there that counts."""

    def __call__(self, rows: Rows, moved: Moved, at: float) -> Rows:
        """Return the rows as they are at this moment, in seconds since the epoch."""
        pods: set[int] = set()
        ports: set[tuple[int, int]] = set()
        if rows is not self._rows:
            pods, ports = self._take(rows)
        links = moved.differing(self._moved) if self._moved else ()
        self._moved = moved
        if links and not self._placed:
            self._keep_places()
        pods.update(place for link in links for place in self._pods.get(link, ()))
        ports.update(place for link in links for place in self._ports.get(link, ()))
        pods.update(self._aged(pods, at))
        if pods or ports:
            with_pods = self._with_pods(pods, moved, at)
            self._shown = Rows(with_pods, self._with_ports(ports, moved))
        return self._shown

    def _take(self, rows: Rows) -> tuple[set[int], set[tuple[int, int]]]:
        """Take other rows; return the places of those that were not shown yet.

        Who was matched as before is the same object, and stays as it was shown.
        """
        pods = _pairs(self._rows.pods, self._shown.pods)
        old = [port for bridge in self._rows.bridges for port in bridge.ports]
        seen = [port for bridge in self._shown.bridges for port in bridge.ports]
        ports = _pairs(old, seen)
        fresh_pods = {n for n, pod in enumerate(rows.pods) if id(pod) not in pods}
        fresh_ports = {
            (number, place)
            for number, bridge in enumerate(rows.bridges)
            for place, port in enumerate(bridge.ports)
            if id(port) not in ports
        }
        bridges = (
            changed(one, ports=tuple([ports.get(id(p), p) for p in one.ports]))
            for one in rows.bridges
        )
        shown = tuple([pods.get(id(pod), pod) for pod in rows.pods])
        self._rows, self._shown = rows, Rows(shown, tuple(bridges))
        self._keys = {pod.key: place for place, pod in enumerate(rows.pods)}
        self._next = {k: when for k, when in self._next.items() if k in self._keys}
        self._placed = False
        return fresh_pods, fresh_ports

    def _keep_places(self) -> None:
        """Note what each link moves."""
        rows, self._placed = self._rows, True
        self._pods = _places(
            (host.ifindex, place)
            for place, pod in enumerate(rows.pods)
            for main in [pod.main]
            for host in [main.host if main else None]
            if host
        )
        self._ports = _places(
            (port.link.ifindex, (number, place))
            for number, bridge in enumerate(rows.bridges)
            for place, port in enumerate(bridge.ports)
            if port.link
        )

    def _aged(self, fresh: Iterable[int], at: float) -> set[int]:
        """Return the places of the pods whose age may be another than it was.

        `fresh` are places of rows whose age was never told.
        """
        if at < self._at:
            fresh, self._older, self._next = range(len(self._rows.pods)), [], {}
        self._at = at
        found = set(fresh)
        while self._older and self._older[0][0] <= at:
            when, key = heappop(self._older)
            if self._next.get(key) == when:
                found.add(self._keys[key])
        for place in found:
            pod = self._rows.pods[place]
            then = pod.created + older(at - pod.created) if pod.created else inf
            if self._next.get(pod.key, inf) != then:
                self._next[pod.key] = then
                heappush(self._older, (then, pod.key))
        return found

    def _with_pods(
        self, places: Iterable[int], moved: Moved, at: float
    ) -> tuple[Pod, ...]:
        """Return the pods, those at these places as they are now."""
        pods = [*self._shown.pods]
        for place in places:
            pods[place] = _pod_now(pods[place], moved, at)
        return tuple(pods)

    def _with_ports(
        self, places: Iterable[tuple[int, int]], moved: Moved
    ) -> tuple[Bridge, ...]:
        """Return the bridges, the ports at these places as they are now."""
        bridges = [*self._shown.bridges]
        touched = {number for number, _ in places}
        ports = {number: [*bridges[number].ports] for number in touched}
        for number, place in places:
            ports[number][place] = _port_now(ports[number][place], moved)
        for number, some in ports.items():
            bridges[number] = changed(bridges[number], ports=tuple(some))
        return tuple(bridges)


def _differing(one: Mapping[int, object], other: Mapping[int, object]) -> Iterator[int]:
    """Yield the keys that have not the same value in both."""
    if one is other:
        return
    yield from one.keys() ^ other.keys()
    yield from (k for k, value in one.items() if k in other and other[k] != value)


def _pairs(old: Iterable[_Row], shown: Iterable[_Row]) -> Mapping[int, _Row]:
    """Return each row as it was shown, by the identity of the object it was made of."""
    return {id(one): now for one, now in zip(old, shown, strict=True)}


def _places(pairs: Iterable[tuple[int, _Place]]) -> Mapping[int, tuple[_Place, ...]]:
    """Return all places of each link."""
    found: dict[int, tuple[_Place, ...]] = defaultdict(tuple)
    for link, place in pairs:
        found[link] += (place,)
    return dict(found)


def _pod_now(pod: Pod, moved: Moved, at: float) -> Pod:
    """Return the pod with its age, and what moved through its main interface."""
    main = pod.main
    host = main.host if main else None
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
