"""Who comes and goes in a proc file system, told by the kernel's counts of all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from ocnetview.collectors.cgroup import listed
from ocnetview.collectors.signs import shows_our_pid
from ocnetview.collectors.stat import read_file

_ANYWAY = 60.0
"""After this long everybody is listed, even if nobody seems to have come or gone:
outside of our pid namespace one may end just when another begins."""
_DEARER = 4
"""To look at one number takes so many times as long as to list one process."""


class _Said(NamedTuple):
    """What the kernel says of all processes in a few words."""

    last: int
    """The number that was given last in our pid namespace (proc_loadavg(5)), to a
    process or to a thread."""
    links: int
    """Links to the root of /proc: one for each process of the machine, and a few."""


class Population:
    """Tells who came and who went, without listing everybody where that can be.

    To list takes 2 microseconds a process. But numbers are given one after the other,
    so that who was born is among those given since; and as long as the kernel counts
    as many more as before than are known here, nobody ended. Of another pid
    namespace's processes the two say nothing.
    """

    def __init__(self, proc: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Look in this proc file system; `take` does."""
        self._proc = proc
        self._clock = clock
        self._ours = shows_our_pid(proc)
        self._said: _Said | None = None
        self._others = 0
        """How many more the kernel counted than were known."""
        self._listed = 0.0
        self.pids: frozenset[int] = frozenset()
        """Every process as of the last call."""

    def take(self) -> tuple[frozenset[int], frozenset[int]]:
        """Return who came since the last call, and who went.

        Raises:
            OSError: there is no readable proc file system; everybody is new after it.
        """
        before, self._said = self._said, self._ask()
        if before and self._said and self._clock() - self._listed < _ANYWAY:
            born = self._born(before.last, self._said.last)
            if self._said.links - self._others == len(self.pids) + len(born):
                self.pids = self.pids | born if born else self.pids
                return born, frozenset()
        return self._list()

    def _list(self) -> tuple[frozenset[int], frozenset[int]]:
        """List everybody; return who is new, and who is not there any more."""
        before, self.pids = self.pids, frozenset()
        self.pids = frozenset(listed(self._proc))
        self._listed = self._clock()
        # Only where nobody came or went meanwhile is it known how many more there are.
        self._said = self._said if self._said == self._ask() else None
        self._others = self._said.links - len(self.pids) if self._said else 0
        return self.pids - before, before - self.pids

    def _ask(self) -> _Said | None:
        """Return what the kernel says; None where that is not of those listed here.

        The number first: who is born in between is counted, not known, and so listed.
        """
        with suppress(OSError, ValueError, IndexError):
            if self._ours:
                fields = read_file(f"{self._proc}/loadavg").split()
                return _Said(int(fields[4]), os.stat(self._proc).st_nlink)
        return None

    def _born(self, after: int, last: int) -> frozenset[int]:
        """Return who was given these numbers; nobody where to list costs less."""
        if not 0 < last - after <= len(self.pids) // _DEARER:
            return frozenset()
        return frozenset(self._processes(range(after + 1, last + 1))) - self.pids

    def _processes(self, numbers: range) -> Iterator[int]:
        """Yield those that are processes, and no threads: those are not listed."""
        for number in numbers:
            with suppress(OSError):
                status = read_file(f"{self._proc}/{number}/status")
                if b"\nTgid:\t%d\n" % number in status:
                    yield number
