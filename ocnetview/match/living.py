"""What the processes that are looked at do: CPU use, ages, what is amiss. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from ocnetview.facts import Brief, Process, ProcessFacts
from ocnetview.match.kept import Kept
from ocnetview.match.processes import Owners, match_processes, note_on, owners_of
from ocnetview.match.rates import identity, match_cpu, match_thread_cpu
from ocnetview.model import Pod, TreeProcess, TreeThread
from ocnetview.records import changed
from ocnetview.units import coarse, older

_AMISS = frozenset("ZD")


class Living:
    """Tells of the processes that are looked at, reading after reading.

    Of thousands few do anything: the rows of all others stay what they are. While none
    does, and no shown age changes, nothing is looked at at all.
    """

    def __init__(self) -> None:
        self._owners = Kept(owners_of)
        self._matched = Kept(match_processes)
        self._rows: Mapping[tuple[int, int], TreeProcess] = {}
        self._trees: tuple[TreeProcess, ...] = ()
        """The rows before anything was known of what they do."""
        self._shown: tuple[TreeProcess, ...] = ()
        self._idle = False
        """Claims that no process did anything between the last two readings."""
        self._since, self._until = inf, inf
        """From when to when the shown ages are right, in seconds since boot."""

    def __call__(
        self, facts: ProcessFacts, before: ProcessFacts | None, pods: Sequence[Pod]
    ) -> tuple[TreeProcess, ...]:
        """Return the trees of what is looked at, with all that is known of each.

        Of the pods neither rates nor ages count.
        """
        trees = self._matched(facts.processes, self._owners(pods))
        idle = before is not None and before.processes == facts.processes
        idle = idle and before is not None and before.at < facts.at
        same = idle and self._idle and trees is self._trees
        if not (same and self._since <= facts.uptime < self._until):
            self._trees, self._idle = trees, idle
            self._since, self._until = facts.uptime, inf
            self._look(facts, before)
        return self._shown

    def departed(
        self, facts: ProcessFacts, pods: Sequence[Pod]
    ) -> tuple[TreeProcess, ...]:
        """Return those that came and went between two readings, each with its end."""
        return _departed(facts, self._owners(pods)) if facts.brief else ()

    def _look(self, facts: ProcessFacts, before: ProcessFacts | None) -> None:
        """Note of each process what it does."""
        used = match_cpu(facts, before)
        of_threads = match_thread_cpu(facts, before)
        by_pid = {process.pid: process for process in facts.processes}
        rows: dict[tuple[int, int], TreeProcess] = {}
        for row in self._trees:
            one = row.process
            key = identity(one)
            cpu, age = used.get(key), self._age(facts, one.start_time)
            note = note_on(one, by_pid.get(one.ppid)) if one.state in _AMISS else ""
            threads = self._threads(one, facts, of_threads) if one.tasks else ()
            old = self._rows.get(key)
            if old is None or (
                (old.process, old.last, old.pod, old.container)
                != (one, row.last, row.pod, row.container)
                or (old.cpu, old.age, old.note) != (cpu, age, note)
                or old.threads != threads
            ):
                old = changed(row, cpu=cpu, age=age, note=note, threads=threads)
            rows[key] = old
        self._rows, self._shown = rows, tuple(rows.values())

    def _threads(
        self,
        process: Process,
        facts: ProcessFacts,
        used: Mapping[tuple[int, int], float],
    ) -> tuple[TreeThread, ...]:
        """Return what the threads of a process do."""
        return tuple(
            TreeThread(
                thread,
                used.get((thread.tid, thread.start_time)),
                self._age(facts, thread.start_time),
            )
            for thread in process.tasks
        )

    def _age(self, facts: ProcessFacts, start_time: int) -> int:
        """Return for how long something ran, as coarse as it is shown.

        It is noted until when that is the right age.
        """
        started = start_time / facts.ticks_per_second
        seconds = facts.uptime - started
        self._until = min(self._until, started + older(seconds))
        return coarse(seconds)


def _departed(facts: ProcessFacts, owners: Owners) -> tuple[TreeProcess, ...]:
    """Return those that came and went between two readings, each with its end."""
    ends = {identity(one.process): one for one in facts.brief}
    rows = match_processes([one.process for one in facts.brief], owners)
    return tuple(changed(row, note=_end(ends[identity(row.process)])) for row in rows)


def _end(brief: Brief) -> str:
    """Return how a process ended, and how soon."""
    signal, status = brief.code & 0x7F, brief.code >> 8
    how = f"killed by signal {signal}" if signal else f"exit status {status}"
    return f"ran {brief.seconds:.2f} s, {how}"
