"""Who came and went, from this machine's processes and from made-up ones."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from collectors.clock import Clock

from ocnetview.collectors.population import Population

NOBODY: frozenset[int] = frozenset()


def those(*pids: int) -> frozenset[int]:
    """Return these processes."""
    return frozenset(pids)


class Node:
    """A made-up proc file system of our own pid namespace, with a few processes."""

    def __init__(self, proc: Path) -> None:
        self.proc = proc
        (proc / "self").mkdir()
        (proc / "self" / "status").write_text(f"NSpid:\t{os.getpid()}\n")
        self.last(0)
        for pid in range(1, 9):
            self.bear(pid)

    def last(self, pid: int, load: str = "0.10 0.20 0.30 1/385") -> None:
        """Have this be the number that was given last."""
        (self.proc / "loadavg").write_text(f"{load} {pid}\n")

    def bear(self, pid: int) -> None:
        """Add a process, and give it its number."""
        self.hide(pid)
        self.last(pid)

    def hide(self, pid: int, leader: int = 0) -> None:
        """Add a process whose number was not given one after the other."""
        (self.proc / str(pid)).mkdir()
        status = f"Name:\ta\nTgid:\t{leader or pid}\nNgid:\t0\n"
        (self.proc / str(pid) / "status").write_text(status)

    def end(self, pid: int) -> None:
        """End a process."""
        (self.proc / str(pid) / "status").unlink()
        (self.proc / str(pid)).rmdir()


@pytest.fixture
def node(proc: Path) -> Node:
    """Give a node with the processes 1 to 8."""
    return Node(proc)


def seen(node: Node, clock: Clock | None = None) -> Population:
    """Return what has listed this node, and has found all of them."""
    everybody = Population(str(node.proc), clock or Clock())
    assert everybody.take() == (those(1, 2, 3, 4, 5, 6, 7, 8), NOBODY)
    return everybody


def test_who_comes_and_goes_is_told_once(node: Node) -> None:
    """Alone and both at once."""
    everybody = seen(node)
    assert everybody.take() == (NOBODY, NOBODY)
    node.bear(9)
    assert [everybody.take(), everybody.take()] == [
        (those(9), NOBODY),
        (NOBODY, NOBODY),
    ]
    node.end(3)
    assert [everybody.take(), everybody.take()] == [
        (NOBODY, those(3)),
        (NOBODY, NOBODY),
    ]
    node.bear(10)
    node.end(9)
    assert [everybody.take(), everybody.take()] == [
        (those(10), those(9)),
        (NOBODY, NOBODY),
    ]
    assert everybody.pids == {1, 2, 4, 5, 6, 7, 8, 10}


def test_who_is_exchanged_unseen_is_found_in_a_minute(node: Node) -> None:
    """No number was given, and as many are there: nothing tells, so all are listed."""
    clock = Clock()
    everybody = seen(node, clock)
    node.end(3)
    node.hide(3000)
    clock.now += 59
    assert everybody.take() == (NOBODY, NOBODY)
    clock.now += 1
    assert everybody.take() == (those(3000), those(3))


def test_the_load_is_no_change(node: Node) -> None:
    """How many run or wait, and how many threads there are, tells of no process."""
    everybody = seen(node)
    node.end(3)
    node.hide(3000)
    node.last(8, "7.10 3.20 0.90 9/999")
    assert everybody.take() == (NOBODY, NOBODY)


def test_a_thread_is_nobody(node: Node) -> None:
    """It has a number, and a folder that is not listed and not counted."""
    everybody = seen(node)
    node.end(3)
    node.hide(9, leader=8)
    node.last(9)
    assert everybody.take() == (NOBODY, NOBODY)


def test_who_came_and_went_meanwhile_is_nobody(node: Node) -> None:
    """Numbers were given of which nobody is left."""
    everybody = seen(node)
    node.bear(9)
    node.end(9)
    assert everybody.take() == (NOBODY, NOBODY)


def test_numbers_begin_anew(node: Node) -> None:
    """After the highest comes the lowest that is free."""
    everybody = seen(node)
    node.bear(4000)
    node.bear(9)
    assert everybody.take() == (those(9, 4000), NOBODY)
    node.end(9)
    node.bear(10)
    node.end(10)
    assert everybody.take() == (NOBODY, those(9))


def test_of_many_births_those_are_found_that_live(node: Node) -> None:
    """So many numbers are not looked at one by one."""
    everybody = seen(node)
    node.bear(9)
    node.bear(5000)
    assert everybody.take() == (those(9, 5000), NOBODY)


@pytest.mark.parametrize("line", ["", "0 0 0\n", "0 0 0 1/385 many\n", None])
def test_without_a_word_everybody_is_listed(node: Node, line: str | None) -> None:
    """Each time: whoever has another number by now is seen."""
    if line is None:
        (node.proc / "loadavg").unlink()
    else:
        (node.proc / "loadavg").write_text(line)
    everybody = seen(node)
    node.end(3)
    node.hide(3000)
    assert everybody.take() == (those(3000), those(3))


@pytest.mark.parametrize("status", ["NSpid:\t7\t1\n", "Pid:\t7\n", None])
def test_of_another_pid_namespace_everybody_is_listed(
    node: Node, status: str | None
) -> None:
    """The last number is that of the reader's namespace, not of those listed there."""
    (node.proc / "self" / "status").unlink()
    if status is not None:
        (node.proc / "self" / "status").write_text(status)
    everybody = seen(node)
    node.end(3)
    node.hide(3000)
    assert everybody.take() == (those(3000), those(3))


def test_after_no_proc_everybody_is_new(node: Node, tmp_path: Path) -> None:
    """It is an error, and what was known before is worth nothing then."""
    everybody = seen(node)
    aside = tmp_path / "aside"
    node.proc.rename(aside)
    with pytest.raises(FileNotFoundError):
        everybody.take()
    aside.rename(node.proc)
    assert everybody.take() == (those(1, 2, 3, 4, 5, 6, 7, 8), NOBODY)


def test_a_child_of_ours_comes_and_goes() -> None:
    """The kernel's own files tell of it."""
    everybody = Population("/proc")
    everybody.take()
    pid = os.posix_spawn("/bin/sleep", ["sleep", "100"], {})
    assert pid in everybody.take()[0]
    assert pid not in everybody.take()[0]
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    assert pid in everybody.take()[1]


def test_a_thread_of_ours_is_nobody() -> None:
    """Its number is not told, though it was given after ours."""
    everybody = Population("/proc")
    everybody.take()
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    new, _ = everybody.take()
    done.set()
    thread.join()
    assert thread.native_id not in new
