"""Which processes are in which container, kept up to date cheaply."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping

from ocnetview.collectors.cgroup import containers_of
from ocnetview.collectors.passes import Known, Passes
from ocnetview.collectors.population import Population
from ocnetview.collectors.turns import Turns

_AGES = (0.0, 4.0)
"""Seconds after which a process that is new is read again: a runtime moves it into
its cgroup after it made it. The first time is the next look, however soon."""
_REST = 20.0
"""After this long any process may be read again: it may move, or be another one."""
_RECENT = 1.0
"""Seconds that another's pass may be old: at the next look all are read again."""
_PORTION = 4
"""So many of those at a time."""


class Census:
    """The containers that each process is in, by its cgroups.

    Only those are read that are new, young, or were not read for long.
    """

    def __init__(
        self,
        proc: str,
        clock: Callable[[], float] = time.monotonic,
        passes: Passes | None = None,
    ) -> None:
        """Look in this proc file system; `take` does, at first by one of `passes`."""
        self._proc = proc
        self._passes = passes or Passes(proc)
        self._everybody = Population(proc, clock)
        self._turns: Turns[int] = Turns(_REST, _PORTION, clock)
        self._ids: dict[int, tuple[str, ...]] = {}
        """Those that are in a container."""
        self._containers: Mapping[str, frozenset[int]] = {}
        self._inside: dict[str, Mapping[str, frozenset[int]]] = {}

    def take(self) -> bool:
        """Look who is there now; claim that it may be others than the last time.

        Raises:
            OSError: there is no readable proc file system.
        """
        again = self._turns.take()
        first = not self._everybody.pids
        began = time.monotonic()
        new, gone = self._everybody.take()
        read = self._passed((began, new)) if first else self._read
        # Of who was there before us most are old: once more is enough.
        self._turns.begin(new, _AGES[:1] if first else _AGES)
        self._turns.end(gone)
        here: dict[int, tuple[str, ...]] = dict.fromkeys(gone, ())
        here.update((pid, read(pid)) for pid in {*again, *new})
        self._move(here)
        return bool(again or new or gone)

    def _read(self, pid: int) -> tuple[str, ...]:
        return containers_of(self._proc, pid)

    def _passed(self, known: Known) -> Callable[[int], tuple[str, ...]]:
        """Return what gives a process's containers, by a pass over all."""
        named = self._passes.since(known[0] - _RECENT, known).named
        return lambda pid: tuple([container for container, _ in named.get(pid, ())])

    def _move(self, here: Mapping[int, tuple[str, ...]]) -> None:
        """Take that these processes are in these containers now."""
        left: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        entered: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for pid, ids in here.items():
            before = self._ids.pop(pid, ())
            if ids:
                self._ids[pid] = ids
            if ids != before:
                left[before[-1:]].add(pid)
                entered[ids[-1:]].add(pid)
        if not left:
            return
        containers = dict(self._containers)
        for container in {one for ids in (*left, *entered) for one in ids}:
            pids = containers.pop(container, frozenset()) - left[(container,)]
            if pids := pids | entered[(container,)]:
                containers[container] = pids
        self._containers, self._inside = containers, {}

    def containers(self) -> Mapping[str, frozenset[int]]:
        """Return the pids of each container, without those of containers inside it."""
        return self._containers

    def inside(self, container: str) -> Mapping[str, frozenset[int]]:
        """Return the pids of each container inside this one, by their ids."""
        if container not in self._inside:
            found: defaultdict[str, set[int]] = defaultdict(set)
            for pid, ids in self._ids.items():
                if container in ids[:-1]:
                    found[ids[-1]].add(pid)
            self._inside[container] = {one: frozenset(found[one]) for one in found}
        return self._inside[container]
