"""Every process of a node, and whose each is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocnetview.collectors.base import Focus
from ocnetview.collectors.everyone import Everyone
from ocnetview.collectors.process_reader import ProcessReader
from ocnetview.facts import Process

ID, OTHER = "ab" * 32, "cd" * 32
PLACE = f"/docker/{ID}"


class Node:
    """A made-up /proc with namespaces and cgroups."""

    def __init__(self, root: Path) -> None:
        self.proc = root / "proc"
        self.proc.mkdir()
        self.spaces = root / "spaces"
        self.spaces.mkdir()
        (self.proc / "uptime").write_text("100.0 1.0\n")
        self.process(1, "0::/init.scope\n")

    def process(self, pid: int, cgroup: str, space: str = "host") -> None:
        """Start a process, long ago."""
        (self.spaces / space).touch()
        place = self.proc / str(pid)
        (place / "ns").mkdir(parents=True, exist_ok=True)
        (place / "ns" / "pid").unlink(missing_ok=True)
        (place / "ns" / "pid").symlink_to(self.spaces / space)
        (place / "cgroup").write_text(cgroup)
        (place / "stat").write_text(f"{pid} (p{pid}) S 1" + " 0" * 48 + "\n")
        (place / "status").write_text("\nUid:\t0\t0\t0\t0\n")
        (place / "cmdline").write_bytes(b"x\0")

    def everyone(self, *containers: tuple[str, int]) -> Everyone:
        """Return a reading of everyone with these containers begun."""
        proc = str(self.proc)
        found = Everyone(proc)
        found.begin(frozenset(containers))
        return found


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Return a node with its init."""
    return Node(tmp_path)


def read(reader: ProcessReader, focus: Focus) -> dict[int, Process]:
    """Return a reading by pid."""
    return {process.pid: process for process in reader.read(focus).processes}


def test_each_process_is_in_the_container_that_its_cgroup_names(node: Node) -> None:
    """The innermost one; what is in none is the node's own."""
    node.process(50, f"0::{PLACE}\n")
    node.process(51, f"0::{PLACE}/docker/{OTHER}\n")
    it = node.everyone((ID, 50))
    assert {pid: it.whose(pid) for pid in it.pids()} == {1: "", 50: ID, 51: OTHER}


def test_a_cgroup_that_only_bears_the_name_is_not_the_container(node: Node) -> None:
    """Anybody may make one; the main process is in the real one."""
    node.process(50, f"0::{PLACE}\n")
    node.process(51, f"0::{PLACE}/below\n")
    node.process(66, f"0::/user.slice/{ID}\n")
    it = node.everyone((ID, 50))
    assert [it.whose(pid) for pid in (51, 66)] == [ID, ""]
    assert node.everyone().whose(66) == ID


def test_without_a_cgroup_the_pid_namespace_tells(node: Node) -> None:
    """Of a rootless container no cgroup bears the id."""
    node.process(50, "0::/user.slice\n", "inner")
    node.process(51, "0::/user.slice\n", "inner")
    node.process(52, "0::/user.slice\n")
    it = node.everyone((ID, 50))
    assert [it.whose(pid) for pid in (50, 51, 52)] == [ID, ID, ""]


def test_without_both_the_tree_tells(node: Node) -> None:
    """In the node's own pid namespace what the main process started is its own."""
    for pid, parent in ((50, 1), (51, 50), (52, 51), (60, 51), (61, 60), (70, 1)):
        node.process(pid, "0::/user.slice\n")
        stat = node.proc / str(pid) / "stat"
        stat.write_text(stat.read_text().replace(" S 1 ", f" S {parent} "))
    focus = Focus(frozenset({(ID, 50), (OTHER, 60)}), everything=True)
    reader = ProcessReader(str(node.proc))
    for _ in range(2):
        found = read(reader, focus)
        assert [found[pid].container_id for pid in (50, 51, 52)] == [ID] * 3
        assert [found[pid].container_id for pid in (60, 61)] == [OTHER] * 2
        assert [found[pid].container_id for pid in (1, 70)] == [""] * 2


def test_a_ring_of_parents_has_no_owner(node: Node) -> None:
    """Two readings apart may make one; looking for its end comes to an end."""
    for pid, parent in ((50, 1), (80, 81), (81, 80)):
        node.process(pid, "0::/user.slice\n")
        stat = node.proc / str(pid) / "stat"
        stat.write_text(stat.read_text().replace(" S 1 ", f" S {parent} "))
    focus = Focus(frozenset({(ID, 50)}), everything=True)
    found = read(ProcessReader(str(node.proc)), focus)
    assert [found[pid].container_id for pid in (50, 80, 81)] == [ID, "", ""]


def test_everything_is_read_once_each(node: Node) -> None:
    """Every process of /proc, each with its container; a file there is no process."""
    (node.proc / "meminfo").touch()
    node.process(50, f"0::{PLACE}\n")
    found = read(ProcessReader(str(node.proc)), Focus(everything=True))
    assert {pid: found[pid].container_id for pid in found} == {1: "", 50: ID}


def test_what_runs_long_is_not_asked_again_each_time(node: Node) -> None:
    """Its cgroup and its command are; only its stat is read, and the rest in turns."""
    node.process(50, f"0::{PLACE}\n")
    reader = ProcessReader(str(node.proc))
    first = read(reader, Focus(everything=True))[50]
    for name in ("status", "cmdline", "cgroup"):
        (node.proc / "50" / name).unlink()
    for _ in range(25):
        assert read(reader, Focus(everything=True))[50] is first


def test_another_program_is_read_whole_at_once(node: Node) -> None:
    """After an exec it has another name, and a runtime may have moved it before."""
    node.process(50, "0::/\n")
    reader = ProcessReader(str(node.proc))
    assert read(reader, Focus(everything=True))[50].container_id == ""
    node.process(50, f"0::{PLACE}\n")
    stat = node.proc / "50" / "stat"
    stat.write_text(stat.read_text().replace("p50", "new"))
    found = read(reader, Focus(everything=True))[50]
    assert (found.name, found.container_id) == ("new", ID)


def test_threads_are_read_of_those_in_focus(node: Node) -> None:
    """Of a process with one it is what the process is, without another read."""
    node.process(50, f"0::{PLACE}\n")
    stat = (node.proc / "50" / "stat").read_text().split()
    stat[19] = "2"
    (node.proc / "50" / "stat").write_text(" ".join(stat) + "\n")
    for tid, name in ((50, "main"), (57, "b) S (x")):
        place = node.proc / "50" / "task" / str(tid)
        place.mkdir(parents=True)
        line = f"{tid} ({name}) R 1" + " 0" * 9 + " 3 4" + " 0" * 6 + " 9" + " 0" * 30
        (place / "stat").write_text(line + "\n")
    (node.proc / "50" / "task" / "58").mkdir()
    reader = ProcessReader(str(node.proc))
    found = read(reader, Focus(everything=True).and_threads())
    assert [(t.tid, t.name, t.state, t.cpu_ticks) for t in found[50].tasks] == [
        (50, "main", "R", 7),
        (57, "b) S (x", "R", 7),
    ]
    assert [(t.tid, t.name) for t in found[1].tasks] == [(1, "p1")]
    found = read(reader, Focus(everything=True).and_threads([OTHER]))
    assert {process.tasks for process in found.values()} == {()}


@pytest.mark.parametrize(("said", "wchan"), [("nfs_wait0", "nfs_wait0"), ("0", "")])
def test_where_it_waits_is_read_of_what_cannot_be_interrupted(
    node: Node, said: str, wchan: str
) -> None:
    """In state D only; the kernel says 0 to who may not know."""
    node.process(50, f"0::{PLACE}\n")
    for pid in (1, 50):
        (node.proc / str(pid) / "wchan").write_text(said)
    stat = node.proc / "50" / "stat"
    stat.write_text(stat.read_text().replace(") S", ") D"))
    found = read(ProcessReader(str(node.proc)), Focus(everything=True))
    assert [found[pid].wchan for pid in (1, 50)] == ["", wchan]


def test_our_own_proc_is_read_whole() -> None:
    """On this machine we are among them, with our parent."""
    found = read(ProcessReader("/proc"), Focus(everything=True))
    assert found[os.getpid()].ppid == os.getppid()
