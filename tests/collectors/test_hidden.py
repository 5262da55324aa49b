"""Namespaces kept by threads, descriptors and mounts, in a made-up /proc."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from ocnetview.collectors.hidden import Hidden
from ocnetview.facts import Netns

DEV = 4


class Node:
    """A made-up /proc; a namespace is what a link names, as in the real one."""

    def __init__(self, root: Path) -> None:
        self.proc = root
        self.pids: set[int] = set()

    def start(self, pid: int, mounts: str = "mnt:[1]", name: bytes = b"app\n") -> None:
        """Start a process of one thread."""
        self.pids.add(pid)
        self.thread(pid, pid, "net:[1]", mounts)
        (self.proc / str(pid) / "comm").write_bytes(name)

    def thread(self, pid: int, tid: int, netns: str, mounts: str = "mnt:[1]") -> None:
        """Start a thread in this namespace."""
        task = self.proc / f"{pid}/task/{tid}"
        (task / "ns").mkdir(parents=True)
        (task / "fd").mkdir()
        (task / "ns/net").symlink_to(netns)
        (task / "ns/mnt").symlink_to(mounts)
        (task / "mountinfo").write_bytes(b"")

    def opens(self, pid: int, fd: int, what: str) -> None:
        """Let a process open something."""
        (self.proc / f"{pid}/task/{pid}/fd/{fd}").symlink_to(what)

    def closes(self, pid: int, fd: int) -> None:
        """Let it close that."""
        (self.proc / f"{pid}/task/{pid}/fd/{fd}").unlink()

    def mounts(self, pid: int, *lines: bytes) -> None:
        """Give the mounts that a process sees."""
        path = self.proc / f"{pid}/task/{pid}/mountinfo"
        path.write_bytes(b"".join(line + b"\n" for line in lines))

    def found(
        self, hidden: Hidden, wanted: str = "?", known: Collection[Netns] = ()
    ) -> dict[int, list[str]]:
        """Return who keeps each hidden namespace, by its number."""
        found = hidden.read(wanted, frozenset(self.pids), DEV, known)
        assert all(n.netns.dev == DEV and len(n.paths) == len(n.holders) for n in found)
        return {n.netns.ino: n.holders for n in found}


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Give a node with one process."""
    made = Node(tmp_path / "proc")
    made.start(7)
    return made


def test_each_holder_is_told_in_words(node: Node) -> None:
    """A thread, a descriptor, a mount; what is none of a namespace is passed over."""
    node.thread(7, 12, "net:[50]")
    for fd, what in enumerate(
        ("net:[50]", "/dev/null", "socket:[51]", "mnt:[52]", "net:[x]", "net:[53]x")
    ):
        node.opens(7, fd, what)
    node.mounts(
        7,
        b"30 20 0:4 net:[54] /run/a\\040b rw shared:1 - nsfs nsfs rw",
        b"31 20 0:4 mnt:[55] /run/mnt rw - nsfs nsfs rw",
        b"32 20 8:1 / / rw - ext4 /dev/sda1 rw",
    )
    assert node.found(Hidden(str(node.proc))) == {
        50: ["thread 12 of app (7)", "descriptor 0 of app (7)"],
        54: ["mount /run/a b in the mount namespace of 7"],
    }


def test_what_is_known_is_not_hidden(node: Node) -> None:
    """A namespace with a pin or a process needs no other holder."""
    node.opens(7, 3, "net:[50]")
    node.opens(7, 4, "net:[51]")
    known = {Netns(DEV, 51)}
    assert node.found(Hidden(str(node.proc)), known=known).keys() == {50}


def test_mounts_are_read_once_a_mount_namespace(node: Node) -> None:
    """Of processes that see the same mounts the first one stands for all."""
    line = b"30 20 0:4 net:[54] /run/a rw - nsfs nsfs rw"
    node.start(8)
    node.start(9, mounts="mnt:[2]")
    for pid in (7, 8, 9):
        node.mounts(pid, line)
    assert node.found(Hidden(str(node.proc))) == {
        54: [f"mount /run/a in the mount namespace of {pid}" for pid in (7, 9)]
    }


def test_a_main_thread_that_ended_hides_nothing(node: Node) -> None:
    """Its files are gone; a thread that is left has the same ones."""
    node.thread(7, 12, "net:[50]")
    (node.proc / "7/task/7/ns/mnt").unlink()
    (node.proc / "7/task/12/fd/3").symlink_to("net:[51]")
    assert node.found(Hidden(str(node.proc))) == {
        50: ["thread 12 of app (7)"],
        51: ["descriptor 3 of app (7)"],
    }


def test_who_may_not_be_looked_at_is_left_out(node: Node) -> None:
    """Nor is who ended: no files, no error."""
    node.pids |= {8, 9}
    (node.proc / "8/task/8").mkdir(parents=True)
    node.opens(7, 3, "net:[50]")
    assert node.found(Hidden(str(node.proc))).keys() == {50}


def test_a_process_may_have_any_name(node: Node) -> None:
    """Its bytes are kept as far as they are text, the others made visible."""
    node.start(8, name=b"\x1b[1m\xff[/b]\n")
    node.opens(8, 3, "net:[50]")
    words = "descriptor 3 of \x1b[1m\\xff[/b] (8)"
    assert node.found(Hidden(str(node.proc))) == {50: [words]}


def test_the_same_is_not_searched_for_twice(node: Node) -> None:
    """Another question is a reason to look at all processes, else at new ones only."""
    hidden = Hidden(str(node.proc))
    node.opens(7, 3, "net:[50]")
    assert node.found(hidden).keys() == {50}
    node.opens(7, 4, "net:[51]")
    node.start(8)
    node.opens(8, 3, "net:[52]")
    assert node.found(hidden).keys() == {50, 52}
    assert node.found(hidden, "another").keys() == {50, 51, 52}


def test_what_was_found_is_searched_again_when_it_is_gone(node: Node) -> None:
    """A descriptor that was closed, or leads elsewhere now, is no way in any more."""
    hidden = Hidden(str(node.proc))
    node.opens(7, 3, "net:[50]")
    assert node.found(hidden).keys() == {50}
    node.closes(7, 3)
    node.opens(7, 3, "net:[51]")
    node.opens(7, 4, "net:[50]")
    assert node.found(hidden) == {
        50: ["descriptor 4 of app (7)"],
        51: ["descriptor 3 of app (7)"],
    }


def test_of_many_holders_some_are_named(node: Node) -> None:
    """Eight say enough."""
    for fd in range(20):
        node.opens(7, fd, "net:[50]")
    assert len(node.found(Hidden(str(node.proc)))[50]) == 8
