"""Who is in which container, from a made-up /proc."""

from __future__ import annotations

from pathlib import Path

import pytest
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
