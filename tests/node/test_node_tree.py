"""`ocnetview tree --node` and `--threads` against ps, pstree, the cgroups and /proc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from node.lab import until
from node.truth import in_cgroups
from node.wiring import Node

THREADED = """
import threading, time
for _ in range(3):
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
time.sleep(600)
"""
"""A program with four threads."""

Rows = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def executed(node: Node) -> int:
    """Give the pid of a process that `docker exec` started."""
    return node.execute("plain-04", "535353")


@pytest.fixture
def said(node: Node, executed: int) -> dict[str, Any]:
    """Give what the tree of the node is, with a process that was executed."""
    found = node.ask("tree", "--node")
    assert executed in {row["pid"] for row in found["processes"]}
    return found


@pytest.fixture
def rows(said: dict[str, Any]) -> Rows:
    """Give the processes of the node by pid."""
    return {row["pid"]: row for row in said["processes"]}


def ps(node: Node) -> dict[int, int]:
    """Return the parent of every process that `ps` lists."""
    lines = node.lab.do("ps", "-e", "-o", "pid=,ppid=").splitlines()
    return {int(pid): int(parent) for pid, parent in map(str.split, lines)}


def test_every_process_of_the_node_is_in_it_once(node: Node) -> None:
    """Those that `ps` lists before and after: none is missing, none is doubled."""
    before = ps(node)
    shown = [row["pid"] for row in node.ask("tree", "--node")["processes"]]
    after = ps(node)
    assert len(shown) == len(set(shown))
    lasting = before.keys() & after.keys()
    assert lasting <= set(shown)
    assert len(lasting) > 100


def test_each_process_has_the_parent_that_ps_says(node: Node, rows: Rows) -> None:
    """Of those that still are; a container's first process is a root of its own."""
    parents = ps(node)
    for pid, row in rows.items():
        if pid in parents and row["ppid"] == parents[pid]:
            above = rows.get(parents[pid])
            within = above and above["container_id"] == row["container_id"]
            assert row["depth"] == (above["depth"] + 1 if above and within else 0)
    same = [pid for pid in rows if parents.get(pid) == rows[pid]["ppid"]]
    assert len(same) > 100


def test_the_branch_of_a_container_is_its_cgroup(node: Node, rows: Rows) -> None:
    """Whoever has the container's id is in its cgroup, and everybody there has it."""
    for container in node.containers:
        if container.pid:
            pids = {pid for pid in rows if rows[pid]["container_id"] == container.id}
            assert pids == in_cgroups(node.lab, container.id)


def test_what_docker_exec_started_is_in_its_container(
    node: Node, executed: int, rows: Rows
) -> None:
    """Its parent is the runtime's, outside: it is in the container's branch."""
    assert rows[executed]["container_id"] == node["plain-04"].id
    assert rows[executed]["depth"] == 0
    parent = rows[rows[executed]["ppid"]]
    assert parent["container_id"] is None


def test_branches_count_each_process_once(said: dict[str, Any]) -> None:
    """Those of containers and of the node itself add up to all."""
    leaves = [
        branch
        for branch in said["branches"]
        if branch["container_id"] or branch["kind"] in {"node", "container"}
    ]
    assert sum(one["processes"] for one in leaves) == len(said["processes"])
    (itself,) = (one for one in said["branches"] if one["kind"] == "node")
    outside = [row for row in said["processes"] if not row["container_id"]]
    assert itself["processes"] == len([row for row in outside if not row["pod"]])
    memory = sum(row["rss"] for row in outside if not row["pod"])
    assert itself["rss"] == memory


def test_the_tree_is_that_of_pstree(node: Node, rows: Rows) -> None:
    """Below the runtime's shim `pstree` has the same processes as the two trees."""
    container = node["plain-05"]
    drawn = node.lab.do("pstree", "-p", "-T", str(container.pid))
    pids = {int(pid) for pid in re.findall(r"\((\d+)\)", drawn)}
    assert {p for p in rows if rows[p]["container_id"] == container.id} == pids


@pytest.fixture
def threaded(node: Node) -> Iterator[int]:
    """Give the pid of a program with four threads."""
    pid = int(node.lab.sh(f"python3 -c '{THREADED}' >/dev/null 2>&1 & echo $!"))
    until(lambda: len(node.lab.sh(f"ls /proc/{pid}/task").split()) == 4, "threads")
    yield pid
    node.lab.do("kill", str(pid))


def test_threads_are_those_of_the_kernel(node: Node, threaded: int) -> None:
    """Ids, start times and names of every thread are those of /proc/PID/task."""
    said = node.ask("tree", "--node", "--threads")["processes"]
    (tasks,) = (row["tasks"] for row in said if row["pid"] == threaded)
    lines = node.lab.sh(f"cat /proc/{threaded}/task/*/stat").splitlines()
    stats = {int(line.split()[0]): line.rpartition(")")[2].split() for line in lines}
    assert len(stats) == 4
    assert [one["tid"] for one in tasks] == sorted(stats)
    for one in tasks:
        assert one["start_time"] == int(stats[one["tid"]][19])
        comm = node.lab.do("cat", f"/proc/{threaded}/task/{one['tid']}/comm")
        assert one["name"] == comm.strip()


def test_threads_are_not_read_unasked(node: Node, executed: int) -> None:
    """Without the flag there are none, with it even a single one is told."""
    plain = node.ask("tree", "plain-04")["processes"]
    assert {row["tasks"] for row in plain} == {None}
    asked = node.ask("tree", "plain-04", "--threads")["processes"]
    tasks = {row["pid"]: [one["tid"] for one in row["tasks"]] for row in asked}
    assert tasks[executed] == [executed]
