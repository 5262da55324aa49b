"""Trees of processes from one reading to the next, only what moved made anew."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from builders import process
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import Process, ProcessFacts
from ocnetview.match.kept_trees import Trees


def reading(at: float, *processes: Process) -> ProcessFacts:
    """Return these processes as of so many seconds after boot."""
    return ProcessFacts(processes, at=at, uptime=at)


def fresh(
    now: ProcessFacts, before: ProcessFacts | None
) -> tuple[tuple[int, float | None, int], ...]:
    """Return pid, CPU and age of each row of somebody who has seen nothing before."""
    return tuple((r.process.pid, r.cpu, r.age) for r in Trees()(now, before, ()))


def test_while_nothing_moves_the_rows_are_the_same() -> None:
    """Not only equal: until an age is shown otherwise."""
    trees, idle = Trees(), (process(7, start=100), process(8, 7, start=200))
    first, second, third = (reading(at, *idle) for at in (301.5, 302.5, 303.5))
    began, shown = trees(first, None, ()), trees(second, first, ())
    assert [row.cpu for row in began] == [None, None]
    assert [row.cpu for row in shown] == [0.0, 0.0]
    assert trees(third, second, ()) is shown
    late = reading(361.5, *idle)
    assert [row.age for row in trees(late, third, ())] == [360, 300]
    assert [row.age for row in shown] == [300, 300]


def test_what_a_process_did_is_shown_and_then_that_it_rests() -> None:
    """Percent of one core, between the last two readings."""
    trees, rests = Trees(), process(7, start=100)
    works = replace(rests, cpu_ticks=50)
    readings = [reading(301, rests), reading(302, works), reading(303, works)]
    trees(readings[0], None, ())
    used = [trees(now, before, ())[0].cpu for before, now in pairwise(readings)]
    assert used == [50.0, 0.0]


def test_two_readings_of_one_moment_tell_of_no_use() -> None:
    """Nothing is known of no time, whatever was known before."""
    trees, rests = Trees(), process(7, start=100)
    first, second = reading(301, rests), reading(302, rests)
    assert trees(second, first, ())[0].cpu == 0.0
    assert trees(second, second, ())[0].cpu is None


TICKS = st.integers(0, 2)
READINGS = st.lists(
    st.tuples(st.floats(0.1, 100), st.dictionaries(st.integers(1, 3), TICKS)),
    min_size=2,
    max_size=8,
)


@given(READINGS)
def test_it_is_as_if_nothing_was_seen_before(
    steps: list[tuple[float, dict[int, int]]],
) -> None:
    """Whatever is kept, each reading gives what its two samples say."""
    trees, at, before = Trees(), 300.0, None
    for seconds, found in steps:
        at += seconds
        some = (replace(process(p), cpu_ticks=n) for p, n in sorted(found.items()))
        now = reading(at, *some)
        rows = trees(now, before, ())
        told = tuple((row.process.pid, row.cpu, row.age) for row in rows)
        assert told == fresh(now, before)
        before = now
