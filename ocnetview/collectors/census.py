"""Which processes are in which container, kept up to date cheaply."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping

from ocnetview.collectors.cgroup import containers_of


class Census:
    """The containers that each process is in, by its cgroups.

    Only processes that are new are read, and those that were new the last time once
    more: a runtime moves them into their cgroup after it made them.
    """

    def __init__(self, proc: str) -> None:
        """Look in this proc file system; `take` does."""
        self._proc = proc
        self._ids: dict[int, tuple[str, ...]] = {}
        """Those that are in a container."""
        self._names: list[str] | None = None
        """What was listed the last time, pids and all else."""
        self._young: frozenset[str] = frozenset()
        self._containers: Mapping[str, frozenset[int]] = {}

    def take(self) -> bool:
        """Look who is there now; claim that it may be others than the last time.

        Raises:
            OSError: there is no readable proc file system.
        """
        names = os.listdir(self._proc)
        if names == self._names and not self._young:
            return False
        known, there = frozenset(self._names or ()), frozenset(names)
        new = frozenset(name for name in there - known if name.isdecimal())
        for pid in map(int, filter(str.isdecimal, known - there)):
            self._ids.pop(pid, None)
        for pid in map(int, new | (self._young & there)):
            self._ids[pid] = containers_of(self._proc, pid)
            if not self._ids[pid]:
                del self._ids[pid]
        self._names, self._young = names, new
        self._containers = self._by_container()
        return True

    def _by_container(self) -> Mapping[str, frozenset[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for pid, ids in self._ids.items():
            found[ids[-1]].add(pid)
        return {container: frozenset(pids) for container, pids in found.items()}

    def containers(self) -> Mapping[str, frozenset[int]]:
        """Return the pids of each container, without those of containers inside it."""
        return self._containers

    def inside(self, container: str) -> Mapping[str, frozenset[int]]:
        """Return the pids of each container inside this one, by their ids."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for pid, ids in self._ids.items():
            if container in ids[:-1]:
                found[ids[-1]].add(pid)
        return {inner: frozenset(pids) for inner, pids in found.items()}
