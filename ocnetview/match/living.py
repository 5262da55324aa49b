"""What the processes that are looked at do: CPU use, ages, what is amiss. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocnetview.facts import Brief, Process, ProcessFacts
from ocnetview.match.processes import match_processes, note_on
from ocnetview.match.rates import identity, match_cpu, match_thread_cpu
from ocnetview.model import Pod, TreeProcess, TreeThread
from ocnetview.records import changed
from ocnetview.units import coarse

_AMISS = frozenset("ZD")


class Living:
    """Tells of the processes that are looked at, reading after reading.

    Of thousands few do anything: the rows of all others stay what they are.
    """

    def __init__(self) -> None:
        self._rows: Mapping[tuple[int, int], TreeProcess] = {}

    def __call__(
        self, facts: ProcessFacts, before: ProcessFacts | None, pods: Sequence[Pod]
    ) -> tuple[TreeProcess, ...]:
        """Return the trees of what is looked at, with all that is known of each."""
        used = match_cpu(facts, before)
        of_threads = match_thread_cpu(facts, before)
        by_pid = {process.pid: process for process in facts.processes}
        rows: dict[tuple[int, int], TreeProcess] = {}
        for row in match_processes(facts.processes, pods):
            one = row.process
            key = identity(one)
            cpu, age = used.get(key), _age(facts, one.start_time)
            note = note_on(one, by_pid.get(one.ppid)) if one.state in _AMISS else ""
            threads = _threads(one, facts, of_threads) if one.tasks else ()
            old = self._rows.get(key)
            if old is None or (
                (old.process, old.last, old.pod, old.container)
                != (one, row.last, row.pod, row.container)
                or (old.cpu, old.age, old.note) != (cpu, age, note)
                or old.threads != threads
            ):
                old = changed(row, cpu=cpu, age=age, note=note, threads=threads)
            rows[key] = old
        self._rows = rows
        return tuple(rows.values())


def _threads(
    process: Process, facts: ProcessFacts, used: Mapping[tuple[int, int], float]
) -> tuple[TreeThread, ...]:
    """Return what the threads of a process do."""
    return tuple(
        TreeThread(
            thread,
            used.get((thread.tid, thread.start_time)),
            _age(facts, thread.start_time),
        )
        for thread in process.tasks
    )


def departed(facts: ProcessFacts, pods: Sequence[Pod]) -> tuple[TreeProcess, ...]:
    """Return those that came and went between two readings, each with its end."""
    ends = {identity(one.process): one for one in facts.brief}
    rows = match_processes([one.process for one in facts.brief], pods)
    return tuple(changed(row, note=_end(ends[identity(row.process)])) for row in rows)


def _age(facts: ProcessFacts, start_time: int) -> int:
    """Return for how many seconds something ran, as coarse as it is shown."""
    return coarse(facts.uptime - start_time / facts.ticks_per_second)


def _end(brief: Brief) -> str:
    """Return how a process ended, and how soon."""
    signal, status = brief.code & 0x7F, brief.code >> 8
    how = f"killed by signal {signal}" if signal else f"exit status {status}"
    return f"ran {brief.seconds:.2f} s, {how}"
