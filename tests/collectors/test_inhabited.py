"""Namespaces that processes are in, in a made-up /proc and our own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ocnetview.collectors.inhabited import Inhabited
from ocnetview.collectors.namespaces import netns_of
from ocnetview.facts import Netns


class Node:
    """A made-up /proc, whose namespaces are files."""

    def __init__(self, root: Path) -> None:
        self.now = 1000.0
        self.proc = root / "proc"
        self.proc.mkdir()
        self._spaces = root / "spaces"
        self._spaces.mkdir()

    def netns(self, name: str) -> Netns:
        """Return the identity of a namespace, making it."""
        (self._spaces / name).touch()
        return netns_of((self._spaces / name).stat())

    def enter(self, pid: int, name: str) -> None:
        """Put a process, a new or an old one, in a namespace."""
        self.netns(name)
        place = self.proc / str(pid) / "ns"
        place.mkdir(parents=True, exist_ok=True)
        (place / "net").unlink(missing_ok=True)
        (place / "net").symlink_to(self._spaces / name)

    def end(self, pid: int) -> None:
        """End a process."""
        (self.proc / str(pid)).rename(self._spaces / f"ended-{pid}")

    def reader(self, named: int = 8) -> Inhabited:
        """Return what has read this node, none of its processes young any more."""
        made = Inhabited(str(self.proc), named, lambda: self.now)
        made.read()
        self.now += 10
        assert not made.changed()
        return made


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Give a node with a process in its own namespace, and two in another."""
    made = Node(tmp_path)
    made.enter(1, "host")
    made.enter(20, "box")
    made.enter(3, "box")
    return made


def test_processes_are_listed_by_their_namespace(node: Node) -> None:
    """Every process once, the lowest number first; who is not seen is left out."""
    (node.proc / "4").mkdir()
    (node.proc / "self").mkdir()
    found = Inhabited(str(node.proc)).read()
    assert found == {node.netns("host"): (1,), node.netns("box"): (3, 20)}


def test_every_process_is_listed(node: Node) -> None:
    """Those that may not be seen, too: they may keep what is searched for."""
    (node.proc / "4").mkdir()
    reader = node.reader()
    assert reader.pids == {1, 3, 4, 20}


def test_a_namespaces_first_process_is_a_change(node: Node) -> None:
    """Once; the next tick has nothing new."""
    reader = node.reader()
    node.enter(30, "new")
    assert reader.changed()
    assert not reader.changed()


def test_a_namespaces_last_process_is_a_change(node: Node) -> None:
    """While one of several is left, and it is the one that was named, nothing is."""
    reader = node.reader(named=1)
    node.end(20)
    assert not reader.changed()
    node.end(3)
    assert reader.changed()
    assert not reader.changed()


def test_the_end_of_a_process_that_was_named_is_a_change(node: Node) -> None:
    """Its number may be another's soon; the namespace is known by who is left."""
    reader = node.reader()
    node.end(3)
    assert reader.changed()
    assert reader.update()[node.netns("box")] == (20,)


def test_an_update_knows_who_came_meanwhile(node: Node) -> None:
    """Only new ones are asked; the lowest numbers are named."""
    reader = node.reader(named=2)
    node.enter(2, "box")
    node.enter(30, "new")
    found = reader.update()
    assert (found[node.netns("box")], found[node.netns("new")]) == ((2, 3), (30,))


def test_a_process_more_is_no_change(node: Node) -> None:
    """What comes to a namespace that is known causes no reading."""
    reader = node.reader()
    node.enter(30, "box")
    (node.proc / "31").mkdir()
    assert not reader.changed()


@pytest.mark.parametrize("age", [0.1, 0.4, 1.5, 4.0])
def test_a_new_process_that_enters_later_is_a_change(node: Node, age: float) -> None:
    """`unshare` and `nsenter` are seen before they are where they go, be it long."""
    reader = node.reader()
    node.enter(30, "host")
    assert not reader.changed()
    for _ in range(20):
        assert not reader.changed()
    node.enter(30, "new")
    node.now += age
    assert reader.changed()


def test_a_new_process_seen_by_a_reading_is_young_all_the_same(node: Node) -> None:
    """The same, where a whole reading came between."""
    reader = node.reader()
    node.enter(30, "host")
    reader.read()
    node.enter(30, "new")
    node.now += 0.1
    assert reader.changed()


def test_a_process_is_not_asked_for_ever(node: Node) -> None:
    """Once it is old it is taken to stay where it is, for a while."""
    reader = node.reader()
    node.enter(30, "host")
    reader.changed()
    node.now += 5
    assert not reader.changed()
    node.enter(30, "new")
    node.now += 5
    assert not reader.changed()
    node.now += 15
    assert reader.changed()


def test_a_zombie_is_in_no_namespace_any_more(node: Node) -> None:
    """It is listed in /proc, but its ns/net leads nowhere."""
    reader = node.reader()
    (node.proc / "20" / "ns" / "net").unlink()
    node.now += 20
    assert reader.changed()
    assert reader.update()[node.netns("box")] == (3,)


def test_a_number_that_is_anothers_by_now_is_asked_for(node: Node) -> None:
    """It ended and began between two looks."""
    reader = node.reader()
    node.enter(20, "host")
    node.now += 20
    assert reader.changed()
    assert reader.update()[node.netns("host")] == (1, 20)


def test_a_reading_takes_the_change_with_it(node: Node) -> None:
    """What a reading has found is no change at the next tick."""
    reader = node.reader()
    node.enter(30, "new")
    reader.read()
    assert not reader.changed()


def test_without_a_proc_there_is_nobody(tmp_path: Path) -> None:
    """No proc file system is no error here; pins and ids still tell."""
    reader = Inhabited(str(tmp_path / "none"))
    assert reader.read() == {}
    assert not reader.changed()


def test_the_real_proc_has_ourselves() -> None:
    """Our own process is in the namespace that the kernel says."""
    own = netns_of(Path("/proc/self/ns/net").stat())
    assert os.getpid() in Inhabited("/proc", named=1 << 22).read()[own]


def test_the_real_proc_is_listed_again_when_a_task_came() -> None:
    """What the kernel counts and numbers tells of the child."""
    now = 1000.0
    reader = Inhabited("/proc", clock=lambda: now)
    reader.read()
    now += 10
    reader.changed()
    with subprocess.Popen(["sleep", "100"]) as child:
        assert child.pid not in reader.pids
        reader.changed()
        assert child.pid in reader.pids
        child.kill()


def test_what_may_be_anothers_proc_is_always_listed(node: Node) -> None:
    """The last pid is told in our own numbering, whichever proc is asked."""
    (node.proc / "loadavg").write_text("0.00 0.00 0.00 1/7 99\n")
    reader = node.reader()
    node.enter(30, "new")
    assert reader.changed()
