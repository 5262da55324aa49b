"""Which processes are in which container, kept up to date cheaply."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from ocnetview.collectors.cgroup import containers_of
from ocnetview.collectors.loadavg import Loadavg
from ocnetview.collectors.passes import Passes
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
_ANYWAY = 60.0
"""After this long everybody is listed, even if nobody seems to have come or gone:
outside of our pid namespace one may end just when another begins."""


class Census:
    """The containers that each process is in, by its cgroups.

    Nobody is listed while nobody comes or goes, and only those are read that are new,
    young, or were not read for long.
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
        self._clock = clock
        self._stir = Loadavg(proc)
        self._turns: Turns[int] = Turns(_REST, _PORTION, clock)
        self._ids: dict[int, tuple[str, ...]] = {}
        """Those that are in a container."""
        self._names: frozenset[str] = frozenset()
        """What was listed the last time, pids and all else."""
        self._listed = -_ANYWAY
        self._containers: Mapping[str, frozenset[int]] = {}
        self._inside: dict[str, Mapping[str, frozenset[int]]] = {}

    def take(self) -> bool:
        """Look who is there now; claim that it may be others than the last time.

        Raises:
            OSError: there is no readable proc file system.
        """
        stirred = self._stir.changed()
        again = self._turns.take()
        listing = stirred or self._overdue()
        read = self._read if self._names else self._passed()
        new, gone = self._come_and_gone() if listing else ((), ())
        self._turns.end(gone)
        here: dict[int, tuple[str, ...]] = dict.fromkeys(gone, ())
        here.update((pid, read(pid)) for pid in {*again, *new})
        self._move(here)
        return bool(again or new or gone)

    def _read(self, pid: int) -> tuple[str, ...]:
        return containers_of(self._proc, pid)

    def _passed(self) -> Callable[[int], tuple[str, ...]]:
        """Return what gives a process's containers, by a pass over all."""
        named = self._passes.since(time.monotonic() - _RECENT).named
        return lambda pid: tuple([container for container, _ in named.get(pid, ())])

    def _overdue(self) -> bool:
        return self._clock() - self._listed >= _ANYWAY

    def _come_and_gone(self) -> tuple[Collection[int], Collection[int]]:
        """List everybody; return who is new and who is not there any more."""
        names = frozenset(os.listdir(self._proc))
        new, gone = _pids(names - self._names), _pids(self._names - names)
        # Of who was there before us most are old: once more is enough.
        self._turns.begin(new, _AGES if self._names else _AGES[:1])
        self._names, self._listed = names, self._clock()
        return new, gone

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


def _pids(names: Iterable[str]) -> Collection[int]:
    return [int(name) for name in names if name.isdecimal()]
