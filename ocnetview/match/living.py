"""What the processes that are looked at do: CPU use, ages, what is amiss. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.facts import Brief, ProcessFacts
from ocnetview.match.processes import match_processes, note_on
from ocnetview.match.rates import identity, match_cpu, match_thread_cpu
from ocnetview.model import Pod, TreeProcess, TreeThread
from ocnetview.records import changed
from ocnetview.units import coarse

_AMISS = frozenset("ZD")


def living(
    facts: ProcessFacts, before: ProcessFacts | None, pods: Sequence[Pod]
) -> tuple[TreeProcess, ...]:
    """Return the trees of what is looked at, with all that is known of each."""
    used = match_cpu(facts, before)
    of_threads = match_thread_cpu(facts, before)
    by_pid = {process.pid: process for process in facts.processes}

    def told(row: TreeProcess) -> TreeProcess:
        one = row.process
        amiss = note_on(one, by_pid.get(one.ppid)) if one.state in _AMISS else ""
        return changed(
            row,
            cpu=used.get(identity(one)),
            age=_age(facts, one.start_time),
            note=amiss,
            threads=tuple(
                TreeThread(
                    thread,
                    of_threads.get((thread.tid, thread.start_time)),
                    _age(facts, thread.start_time),
                )
                for thread in one.tasks
            ),
        )

    return tuple(map(told, match_processes(facts.processes, pods)))


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
