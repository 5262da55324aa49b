"""What processes do, and what is amiss with them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import container, docker, process, sample

from ocnetview.facts import Brief, Process, ProcessFacts, Thread
from ocnetview.match.living import Living
from ocnetview.match.pods import match_pods

BOX = f"{1:064x}"
PODS = match_pods(sample(docker(container(1))))


def facts(*processes: Process, at: float = 10.0) -> ProcessFacts:
    """Return a reading of these, ten seconds after boot."""
    return ProcessFacts(processes, at, 10.0, 100)


@pytest.mark.parametrize(
    ("state", "wchan", "note"),
    [
        ("S", "", ""),
        ("Z", "", "zombie: p1 (1) does not reap it"),
        ("D", "io_schedule", "waits in io_schedule"),
        ("D", "", "waits for the kernel"),
    ],
)
def test_what_is_amiss_is_said(state: str, wchan: str, note: str) -> None:
    """A zombie names its parent, a wait its place in the kernel if that is known."""
    one = process(2, 1, state=state, wchan=wchan, container_id=BOX)
    rows = Living()(facts(process(1, container_id=BOX), one), None, PODS)
    assert [row.note for row in rows] == ["", note]


def test_a_zombie_whose_parent_is_elsewhere_names_its_number() -> None:
    """Who should reap it is known, though it is not looked at."""
    (row,) = Living()(facts(process(2, 7, state="Z")), None, PODS)
    assert row.note == "zombie: parent 7 does not reap it"


def test_each_thread_has_its_own_cpu_use() -> None:
    """In percent of a core since the reading before; a new one has none yet."""
    before = process(1, tasks=(Thread(1, 1, "a", "S", 5), Thread(2, 1, "b", "S", 5)))
    now = replace(
        before,
        tasks=(
            Thread(1, 1, "a", "S", 5),
            Thread(2, 1, "b", "R", 55),
            Thread(3, 9, "c"),
        ),
    )
    (row,) = Living()(facts(now), facts(before, at=9.0), PODS)
    assert [one.cpu for one in row.threads] == [0.0, 50.0, None]


@pytest.mark.parametrize(
    ("code", "end"), [(0, "exit status 0"), (256 * 3, "exit status 3"), (9, "signal 9")]
)
def test_what_came_and_went_says_how_it_ended(code: int, end: str) -> None:
    """It is of the container of the process that forked it."""
    gone = Brief(process(5, 1, state="X", container_id=BOX), 0.04, code)
    (row,) = Living().departed(replace(facts(), brief=(gone,)), PODS)
    assert row.pod == BOX
    assert row.note.startswith("ran 0.04 s, ")
    assert row.note.endswith(end)


def test_a_row_stays_what_it_is_while_nothing_happens() -> None:
    """The same object from reading to reading; another one once something is new."""
    living = Living()
    one, other = process(1), process(2)
    living(facts(one, other), None, PODS)
    first = living(facts(one, other, at=11.0), facts(one, other), PODS)
    then = replace(other, cpu_ticks=50)
    now = living(facts(one, then, at=12.0), facts(one, other, at=11.0), PODS)
    assert now[0] is first[0]
    assert now[1] == replace(first[1], process=then, cpu=50.0)
