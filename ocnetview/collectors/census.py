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
        self._young: frozenset[int] = frozenset()

    def take(self) -> None:
        """Look who is there now.

        Raises:
            OSError: there is no readable proc file system.
        """
        pids = {int(name) for name in os.listdir(self._proc) if name.isdecimal()}
        asked = (pids - self._ids.keys()) | (self._young & pids)
        self._young = frozenset(pids - self._ids.keys())
        self._ids = {pid: ids for pid, ids in self._ids.items() if pid in pids}
        self._ids.update({pid: containers_of(self._proc, pid) for pid in asked})

    def containers(self) -> Mapping[str, frozenset[int]]:
        """Return the pids of each container, without those of containers inside it."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for pid, ids in self._ids.items():
            if ids:
                found[ids[-1]].add(pid)
        return {container: frozenset(pids) for container, pids in found.items()}

    def inside(self, container: str) -> Mapping[str, frozenset[int]]:
        """Return the pids of each container inside this one, by their ids."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for pid, ids in self._ids.items():
            if container in ids[:-1]:
                found[ids[-1]].add(pid)
        return {inner: frozenset(pids) for inner, pids in found.items()}
