"""The network namespaces that processes are in, and when that changes."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import takewhile

from ocnetview.collectors.loadavg import Loadavg
from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.facts import Netns

_AGES = (0.1, 0.4, 1.5, 4.0)
"""Seconds after a process was first seen at which it is asked again: it may enter its
namespace only then (`unshare`, `nsenter`, a runtime's child)."""
_AGAIN = 20.0
"""Seconds after which every process is asked again: an old one may move, too, end and
stay as a zombie, or its number be given to another between two looks."""


class Inhabited:
    """Finds the namespaces of processes; tells cheaply whether they changed.

    No event tells of a namespace that no link connects with ours, so on each tick
    the list of pids is compared, and new ones are looked at. Those of other users
    take CAP_SYS_PTRACE; who is not seen is left out.
    """

    def __init__(
        self,
        proc: str,
        named: int = 8,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look in this proc file system; name so many processes of each namespace."""
        self._proc = proc
        self._named = named
        self._clock = clock
        self._stir = Loadavg(proc)
        self._device: int | None = None
        """That of all namespaces, once it is known."""
        self._seen: dict[int, Netns | None] = {}
        self._asked: dict[int, float] = {}
        """When each was asked, who waits longest first."""
        self._young: dict[int, tuple[float, int]] = {}
        """When each was first seen, and how often it was asked since."""
        self._groups: dict[Netns, tuple[int, ...]] | None = None
        self._shown: set[int] = set()
        """Those that were named."""

    def read(self) -> Mapping[Netns, tuple[int, ...]]:
        """Return the lowest pids in each namespace; 9 microseconds a process."""
        self._stir.changed()
        now, pids = self._clock(), _pids(self._proc)
        # Of who was there before us most are old: once more is enough.
        step = 0 if self._seen else len(_AGES) - 1
        fresh = {pid: (now, step) for pid in pids if pid not in self._seen}
        self._young = {p: a for p, a in self._young.items() if p in self._seen} | fresh
        self._seen, self._asked = {}, {}
        self._ask(pids, now)
        return self._grouped()

    def update(self) -> Mapping[Netns, tuple[int, ...]]:
        """Return the same, asking only those processes that are new, or due."""
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

        Only processes that are new, young, or were not asked for long are asked.
        """
        now, stirred = self._clock(), self._stir.changed()
        if not stirred and not self._young:
            return False
        pids = set(_pids(self._proc))
        gone = self._seen.keys() - pids
        for pid in gone:
            del self._seen[pid], self._asked[pid]
            self._young.pop(pid, None)
        before = set(self._seen.values())
        fresh = pids - self._seen.keys()
        self._young.update((pid, (now, 0)) for pid in fresh)
        due = fresh | self._ripe(now) | self._overdue(now)
        moved = self._ask(due, now)
        if not gone and not moved:
            return False
        self._groups = None
        lost = gone | (moved - fresh)
        after = set(self._seen.values())
        return not after <= before | {None} or not self._shown.isdisjoint(lost)

    def _ripe(self, now: float) -> set[int]:
        """Return the young processes that are to be asked again, a step older now."""
        found = set()
        for pid, (born, step) in [*self._young.items()]:
            if now - born >= _AGES[step]:
                found.add(pid)
                later = sum(now - born >= age for age in _AGES)
                if later < len(_AGES):
                    self._young[pid] = (born, later)
                else:
                    del self._young[pid]
        return found

    def _overdue(self, now: float) -> set[int]:
        """Return the processes that were not asked for long."""
        return set(takewhile(lambda p: now - self._asked[p] >= _AGAIN, self._asked))

    def _ask(self, pids: Iterable[int], now: float) -> set[int]:
        """Ask processes for their namespaces; return those that are elsewhere now."""
        moved = set()
        proc, seen, asked = self._proc, self._seen, self._asked
        known: dict[str, Netns] = {}
        for pid in pids:
            try:
                # It says the same as the file's status, at half the cost.
                text = os.readlink(f"{proc}/{pid}/ns/net")
            except OSError:
                text = ""
            netns = known.get(text)
            if netns is None:
                netns = self._named_by(text, pid)
                if netns is not None and text == str(netns):
                    known[text] = netns
            if pid not in seen or seen[pid] != netns:
                seen[pid] = netns
                moved.add(pid)
            if pid in asked:
                del asked[pid]
            asked[pid] = now
        self._groups = None if moved else self._groups
        return moved

    def _named_by(self, text: str, pid: int) -> Netns | None:
        """Return the namespace that the link of a process names.

        All are on one device, which the first one tells.
        """
        if self._device is not None and text.startswith("net:["):
            return Netns(self._device, int(text[5:-1]))
        netns = netns_of_pid(self._proc, pid)
        if netns is not None and text == str(netns):
            self._device = netns.dev
        return netns


def _pids(proc: str) -> list[int]:
    """Return every process's number; none where there is no proc file system."""
    with suppress(OSError):
        return [int(name) for name in os.listdir(proc) if name.isdigit()]
    return []
