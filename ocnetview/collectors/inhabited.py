"""The network namespaces that processes are in, and when that changes."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.collectors.population import Population
from ocnetview.collectors.turns import Turns
from ocnetview.facts import Netns

_AGES = (0.1, 0.4, 1.5, 4.0)
"""Seconds after a process was first seen at which it is asked again: it may enter its
namespace only then (`unshare`, `nsenter`, a runtime's child)."""
_REST = 20.0
"""Seconds after which every process is asked again: an old one may move, too, end and
stay as a zombie, or its number be given to another between two looks."""
_PORTION = 400
"""So many of those at a time; one takes 7 microseconds."""


class Inhabited:
    """Finds the namespaces of processes; tells cheaply whether they changed.

    No event tells of a namespace that no link connects with ours, so on each tick
    those are looked at that are new. Those of other users take CAP_SYS_PTRACE; who is
    not seen is left out.
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
        self._everybody = Population(proc, clock)
        self._turns: Turns[int] = Turns(_REST, _PORTION, clock)
        self._device: int | None = None
        """That of all namespaces, once it is known."""
        self._seen: dict[int, Netns | None] = {}
        self._inside: Counter[Netns | None] = Counter()
        """How many of them are in each namespace."""
        self._groups: dict[Netns, tuple[int, ...]] | None = None
        self._shown: set[int] = set()
        """Those that were named."""

    def read(self) -> Mapping[Netns, tuple[int, ...]]:
        """Return the lowest pids in each namespace; 9 microseconds a process."""
        self._come_and_gone()
        self._ask(self._everybody.pids)
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
        again = self._turns.take()
        new, gone = self._come_and_gone()
        moved, first = self._ask({*new, *again} - gone)
        return first or not self._shown.isdisjoint(gone | (moved - new))

    def _come_and_gone(self) -> tuple[frozenset[int], frozenset[int]]:
        """Forget who went, and take who came as young; return both."""
        first = not self._seen
        try:
            new, gone = self._everybody.take()
        except OSError:
            new, gone = frozenset(), frozenset(self._seen)
        # Of who was there before us most are old: once more is enough.
        self._turns.begin(new, _AGES[-1:] if first else _AGES)
        self._turns.end(gone)
        for pid in gone:
            self._leave(pid)
        self._groups = None if gone else self._groups
        return new, gone

    def _leave(self, pid: int) -> None:
        """Take that a process is no longer where it was seen."""
        netns = self._seen.pop(pid)
        self._inside[netns] -= 1
        if not self._inside[netns]:
            del self._inside[netns]

    def _ask(self, pids: Iterable[int]) -> tuple[frozenset[int], bool]:
        """Ask processes for their namespaces; return those that are elsewhere now.

        With them, the claim that one is the first in its namespace.
        """
        moved: set[int] = set()
        first = False
        seen, inside = self._seen, self._inside
        known: dict[str, Netns] = {}
        for pid in pids:
            netns = self._netns(pid, known)
            if pid in seen:
                if seen[pid] == netns:
                    continue
                self._leave(pid)
            first = first or (netns is not None and not inside[netns])
            inside[netns] += 1
            seen[pid] = netns
            moved.add(pid)
        self._groups = None if moved else self._groups
        return frozenset(moved), first

    def _netns(self, pid: int, known: dict[str, Netns]) -> Netns | None:
        """Return a process's namespace; `known` holds those by the text of the link."""
        try:
            # It says the same as the file's status, at half the cost.
            text = os.readlink(f"{self._proc}/{pid}/ns/net")
        except OSError:
            text = ""
        netns = known.get(text)
        if netns is None:
            netns = self._named_by(text, pid)
            if netns is not None and text == str(netns):
                known[text] = netns
        return netns

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
