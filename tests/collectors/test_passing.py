"""Processes that came and went between two readings."""

from __future__ import annotations

from pathlib import Path

from builders import process

from ocnetview.collectors.passing import Passing
from ocnetview.facts import Brief, Process

SHELL = process(10, container_id="id", user="u")
BEFORE = {10: SHELL}
TENTH = 100_000_000


def passing(tmp_path: Path) -> Passing:
    """Return one that looks where there is nobody."""
    return Passing(str(tmp_path))


def summary(brief: Brief) -> tuple[int, int, str, str, float, int]:
    """Return what is known of one that was not seen."""
    one = brief.process
    return (
        one.pid,
        one.ppid,
        one.name,
        one.container_id,
        brief.seconds,
        brief.code,
    )


def test_what_forked_and_ended_unseen_is_told(tmp_path: Path) -> None:
    """With its parent's name and container, how long it lived, and its exit code."""
    it = passing(tmp_path)
    it.forked(10, 11, TENTH)
    it.ended(11, 3 * TENTH, 256)
    (brief,) = it.take(BEFORE, BEFORE)
    assert summary(brief) == (11, 10, "p10", "id", 0.2, 256)
    assert (brief.process.state, brief.process.start_time) == ("X", 10)
    assert not list(it.take(BEFORE, BEFORE))


def test_what_a_reading_has_seen_is_not_told(tmp_path: Path) -> None:
    """That it ended is seen by the next reading without it."""
    it = passing(tmp_path)
    it.forked(10, 11, TENTH)
    assert not list(it.take(BEFORE, {10: SHELL, 11: process(11, 10)}))
    it.ended(11, 3 * TENTH, 0)
    assert not list(it.take({10: SHELL, 11: process(11, 10)}, BEFORE))


def test_one_that_no_reading_sees_is_waited_for(tmp_path: Path) -> None:
    """It may end after a reading that it was too late for."""
    it = passing(tmp_path)
    it.forked(10, 11, TENTH)
    assert not list(it.take(BEFORE, BEFORE))
    it.ended(11, 2 * TENTH, 0)
    assert [brief.process.pid for brief in it.take(BEFORE, BEFORE)] == [11]


def test_the_child_of_one_that_nobody_saw_is_told(tmp_path: Path) -> None:
    """A shell's pipe: its parent is known from the same words of the kernel."""
    it = passing(tmp_path)
    it.forked(10, 11, TENTH)
    it.forked(11, 12, TENTH)
    for pid in (12, 11):
        it.ended(pid, 2 * TENTH, 0)
    assert [summary(one)[:2] for one in it.take(BEFORE, BEFORE)] == [(11, 10), (12, 11)]


def test_what_others_fork_is_not_told(tmp_path: Path) -> None:
    """Nor is it kept, however much the machine forks."""
    it = passing(tmp_path)
    it.forked(99, 11, TENTH)
    assert not list(it.take(BEFORE, BEFORE))
    it.forked(10, 98, TENTH)
    it.ended(11, 2 * TENTH, 0)
    assert not list(it.take({**BEFORE, 99: process(99)}, BEFORE))


def test_a_program_is_named_where_it_could_be_read(tmp_path: Path) -> None:
    """One that ended before that has no name: its parent's would be another's."""
    (tmp_path / "11").mkdir()
    (tmp_path / "11" / "cmdline").write_bytes(b"/bin/ls\0-l\0")
    it = passing(tmp_path)
    for pid in (11, 12):
        it.forked(10, pid, TENTH)
        it.executed(pid)
        it.ended(pid, 2 * TENTH, 9)
    found: list[Process] = [one.process for one in it.take(BEFORE, BEFORE)]
    assert [(one.name, one.command) for one in found] == [
        ("ls", ("/bin/ls", "-l")),
        ("?", ()),
    ]


def test_what_was_lost_is_forgotten(tmp_path: Path) -> None:
    """After that an end may be that of another process with the same number."""
    it = passing(tmp_path)
    it.forked(10, 11, TENTH)
    it.forget()
    it.ended(11, 2 * TENTH, 0)
    assert not list(it.take(BEFORE, BEFORE))
