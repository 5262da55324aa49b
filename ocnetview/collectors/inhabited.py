"""The network namespaces that processes are in, and when that changes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.facts import Netns


class Inhabited:
    """Finds the namespaces of processes; tells cheaply whether they changed.

    No event tells of a namespace that no link connects with ours, so on each tick
    the list of pids is compared, and only new ones are looked at. Those of other
    users take CAP_SYS_PTRACE; who is not seen is left out.
    """

    def __init__(self, proc: str, named: int = 8) -> None:
        """Look in this proc file system; name so many processes of each namespace."""
        self._proc = proc
        self._named = named
        self._seen: dict[int, Netns | None] = {}
        self._young: set[int] = set()
        self._groups: dict[Netns, tuple[int, ...]] | None = None
        self._shown: set[int] = set()
        """Those that were named."""

    def read(self) -> Mapping[Netns, tuple[int, ...]]:
        """Return the lowest pids in each namespace; 9 microseconds a process."""
        pids = _pids(self._proc)
        # Ages are kept: who was young at the last tick is asked once more.
        self._young = {pid for pid in pids if pid not in self._seen} | self._young
        self._seen = dict(self._ask(pids))
        self._groups = None
        return self._grouped()

    def update(self) -> Mapping[Netns, tuple[int, ...]]:
        """Return the same, asking only those processes that are new."""
        self.changed()
        return self._grouped()

    def _grouped(self) -> Mapping[Netns, tuple[int, ...]]:
        """Return the processes to name in each namespace, once for each change."""
        if self._groups is None:
            found: dict[Netns, list[int]] = defaultdict(list)
            for pid, netns in sorted(self._seen.items()):
                if netns is not None:
                    found[netns].append(pid)
            self._groups = {n: tuple(pids[: self._named]) for n, pids in found.items()}
            self._shown = {pid for pids in self._groups.values() for pid in pids}
        return self._groups

    @property
    def pids(self) -> frozenset[int]:
        """Return every process of the last look."""
        return frozenset(self._seen)

    @property
    def unseen(self) -> frozenset[int]:
        """Return those of them whose namespace could not be seen."""
        return frozenset(pid for pid, netns in self._seen.items() if netns is None)

    def changed(self) -> bool:
        """Claim that a namespace gained its first process or lost one that was named.

        A new process is asked on two ticks, for it may enter its namespace only
        after it was seen (`unshare`, `nsenter`).
        """
        pids = set(_pids(self._proc))
        fresh = pids - self._seen.keys()
        gone = self._seen.keys() - pids
        asked = fresh | (self._young & pids)
        self._young = fresh
        if not asked and not gone:
            return False
        before = set(self._seen.values())
        for pid in gone:
            del self._seen[pid]
        self._seen.update(self._ask(asked))
        self._groups = None
        after = set(self._seen.values())
        return before - {None} != after - {None} or not self._shown.isdisjoint(gone)

    def _ask(self, pids: Iterable[int]) -> Iterator[tuple[int, Netns | None]]:
        """Yield each process that still is with its namespace; None if not seen."""
        for pid in pids:
            yield pid, netns_of_pid(self._proc, pid)


def _pids(proc: str) -> list[int]:
    """Return every process's number; none where there is no proc file system."""
    with suppress(OSError):
        return [int(name) for name in os.listdir(proc) if name.isdigit()]
    return []
