"""Processes -> the trees of what is looked at, with what is other at every reading."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from ocnetview.facts import ProcessFacts
from ocnetview.match.kept import Kept
from ocnetview.match.processes import match_processes
from ocnetview.match.rates import identity, match_cpu
from ocnetview.model import Pod, TreeProcess
from ocnetview.records import changed
from ocnetview.units import coarse, older


class Trees:
    """Keeps the rows as they were shown last, while nothing moves on any of them.

    Most processes do nothing most of the time, and get older by what is shown of it
    every minute, or more rarely.
    """

    def __init__(self) -> None:
        """Begin with no rows."""
        self._matched = Kept(match_processes)
        self._rows: tuple[TreeProcess, ...] = ()
        self._shown: tuple[TreeProcess, ...] = ()
        self._idle = False
        """Claims that no process did anything between the last two readings."""
        self._since, self._until = inf, inf
        """From when to when the shown ages are right, in seconds since boot."""

    def __call__(
        self, now: ProcessFacts, before: ProcessFacts | None, pods: tuple[Pod, ...]
    ) -> tuple[TreeProcess, ...]:
        """Return the rows as of now; of the pods their rates and ages are nothing."""
        rows = self._matched(now.processes, pods)
        idle = before is not None and before.processes == now.processes
        idle = idle and before is not None and before.at < now.at
        same = idle and self._idle and rows is self._rows
        if not same or not self._since <= now.uptime < self._until:
            self._rows, self._idle, self._since = rows, idle, now.uptime
            self._until, used = inf, match_cpu(now, before)
            self._shown = tuple([self._row_now(row, now, used) for row in rows])
        return self._shown

    def _row_now(
        self,
        row: TreeProcess,
        now: ProcessFacts,
        used: Mapping[tuple[int, int], float],
    ) -> TreeProcess:
        """Return a row with its CPU use and age; note until when that age is right."""
        started = row.process.start_time / now.ticks_per_second
        seconds = now.uptime - started
        self._until = min(self._until, started + older(seconds))
        cpu = used.get(identity(row.process))
        return changed(row, cpu=cpu, age=coarse(seconds))
