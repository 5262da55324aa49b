"""Who is in which container, from a made-up /proc."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.clock import Clock
from collectors.docker_server import add_process

from ocnetview.collectors.census import Census

A, B, C = "a" * 64, "b" * 64, "c" * 64


def test_a_process_is_in_the_innermost_of_its_containers(proc: Path) -> None:
    """Those of a container inside count for that one alone, however deep it is."""
    add_process(proc, 5, "0::/init.scope\n")
    add_process(proc, 7, f"0::/docker/{A}\n")
    add_process(proc, 8, f"0::/docker/{A}/docker/{B}\n")
    add_process(proc, 9, f"0::/docker/{A}/docker/{B}/docker/{C}\n")
    census = Census(str(proc))
    census.take()
    assert census.containers() == {A: {7}, B: {8}, C: {9}}
    assert census.inside(A) == {B: {8}, C: {9}}
    assert census.inside(B) == {C: {9}}
    assert census.inside(C) == {}


def test_only_new_processes_are_read_and_those_twice(proc: Path) -> None:
    """A runtime moves a process into its cgroup only after it made it."""
    add_process(proc, 7, "0::/\n")
    census = Census(str(proc))
    census.take()
    assert census.containers() == {}
    (proc / "7" / "cgroup").write_text(f"0::/docker/{A}\n")
    census.take()
    assert census.containers() == {A: {7}}
    (proc / "7" / "cgroup").write_text(f"0::/docker/{B}\n")
    census.take()
    assert census.containers() == {A: {7}}


def test_who_ended_is_gone(proc: Path) -> None:
    """A process that is not listed any more is in no container."""
    add_process(proc, 7, f"0::/docker/{A}\n")
    census = Census(str(proc))
    census.take()
    (proc / "7").rename(proc / "gone")
    census.take()
    assert census.containers() == {}


def test_no_proc_is_an_error(tmp_path: Path) -> None:
    """Where nothing can be listed, nothing is known."""
    with pytest.raises(FileNotFoundError):
        Census(str(tmp_path / "none")).take()


def test_whether_anything_changed_is_told(proc: Path) -> None:
    """A process that is new counts twice: it may have moved since."""
    add_process(proc, 7, f"0::/docker/{A}\n")
    census = Census(str(proc))
    assert [census.take() for _ in range(4)] == [True, True, False, False]
    (proc / "7").rename(proc / "gone")
    assert [census.take() for _ in range(2)] == [True, False]


def test_nobody_is_listed_while_nobody_comes_or_goes(proc: Path) -> None:
    """As long as the kernel says so, and for a minute at most."""
    (proc / "self").mkdir()
    (proc / "self" / "status").write_text("NSpid:\t7\n")
    (proc / "loadavg").write_text("0 0 0 1/385 7\n")
    add_process(proc, 7, f"0::/docker/{A}\n")
    clock = Clock()
    census = Census(str(proc), clock)
    assert [census.take() for _ in range(3)] == [True, True, False]
    (proc / "7").rename(proc / "8")
    assert not census.take()
    assert census.containers() == {A: {7}}
    clock.now += 60
    assert census.take()
    assert census.containers() == {A: {8}}


def test_who_moves_late_is_found(proc: Path) -> None:
    """The young again at some age, the old in their turn."""
    clock = Clock()
    census = Census(str(proc), clock)
    add_process(proc, 6, "0::/\n")
    census.take()
    add_process(proc, 7, "0::/\n")
    census.take()
    census.take()
    (proc / "7" / "cgroup").write_text(f"0::/docker/{A}\n")
    clock.now += 4
    census.take()
    assert census.containers() == {A: {7}}
    (proc / "7" / "cgroup").write_text(f"0::/docker/{A}/docker/{B}\n")
    clock.now += 20
    census.take()
    assert census.containers() == {B: {7}}
    assert census.inside(A) == {B: {7}}


def test_a_container_whose_processes_stay_is_the_same(proc: Path) -> None:
    """What comes and goes elsewhere does not touch it: nothing is compared anew."""
    add_process(proc, 7, f"0::/docker/{A}\n")
    add_process(proc, 8, f"0::/docker/{B}\n")
    census = Census(str(proc))
    census.take()
    before = census.containers()
    add_process(proc, 9, f"0::/docker/{B}\n")
    census.take()
    assert census.containers() == {A: {7}, B: {8, 9}}
    assert census.containers()[A] is before[A]
