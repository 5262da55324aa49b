"""Whether somebody came or went, from this machine's and from made-up files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocnetview.collectors.loadavg import Loadavg


def written(proc: Path, line: str) -> None:
    """Have the file say this."""
    (proc / "loadavg").write_text(line)


def shown(proc: Path) -> Path:
    """Have it be a proc file system of our own pid namespace."""
    (proc / "self").mkdir()
    (proc / "self" / "status").write_text(f"NSpid:\t{os.getpid()}\n")
    return proc


def test_who_runs_now_and_how_much_is_no_change(proc: Path) -> None:
    """The averages, and how many of the tasks run, change all the time."""
    written(shown(proc), "0.10 0.20 0.30 1/385 12345\n")
    stir = Loadavg(str(proc))
    assert [stir.changed(), stir.changed()] == [True, False]
    written(proc, "7.10 3.20 0.90 9/385 12345\n")
    assert not stir.changed()


@pytest.mark.parametrize("line", ["0 0 0 1/384 12345\n", "0 0 0 1/385 12346\n"])
def test_a_birth_or_an_end_is_a_change(proc: Path, line: str) -> None:
    """An end changes the number of tasks; a birth the last pid, whoever ended."""
    written(shown(proc), "0 0 0 1/385 12345\n")
    stir = Loadavg(str(proc))
    stir.changed()
    written(proc, line)
    assert [stir.changed(), stir.changed()] == [True, False]


@pytest.mark.parametrize("line", ["", "0 0 0\n", None])
def test_what_cannot_be_read_may_have_changed(proc: Path, line: str | None) -> None:
    """Each time: nothing is known by no line, and by another one."""
    shown(proc)
    if line is not None:
        written(proc, line)
    stir = Loadavg(str(proc))
    assert [stir.changed(), stir.changed()] == [True, True]


@pytest.mark.parametrize("status", ["NSpid:\t7\t1\n", "Pid:\t7\n", None])
def test_of_other_pid_namespaces_nothing_is_known(
    proc: Path, status: str | None
) -> None:
    """Its last pid is that of the reader's namespace, not of those listed there."""
    written(proc, "0 0 0 1/385 12345\n")
    if status is not None:
        (proc / "self").mkdir()
        (proc / "self" / "status").write_text(status)
    stir = Loadavg(str(proc))
    assert [stir.changed(), stir.changed()] == [True, True]


def test_a_process_of_this_machine_is_a_change() -> None:
    """The kernel's own file tells of a child that came and went."""
    stir = Loadavg("/proc")
    stir.changed()
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
    assert stir.changed()
