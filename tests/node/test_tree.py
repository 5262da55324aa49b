"""`ocnetview tree` against the container's own cgroup."""

from __future__ import annotations

from typing import Any

import pytest
from node.truth import in_cgroups
from node.wiring import Node

EXECUTED = "plain-04"
"""The container that `docker exec` starts a process in."""


def processes(node: Node, name: str) -> list[dict[str, Any]]:
    """Return the processes that ocnetview shows of a pod or container."""
    return list(node.ask("tree", name)["processes"])


def parents(node: Node) -> dict[int, int]:
    """Return the parent of every process of the lab, from /proc."""
    stats = node.lab.sh("cat /proc/[0-9]*/stat 2>/dev/null || true").splitlines()
    fields = ((line.split()[0], line.rpartition(")")[2].split()[1]) for line in stats)
    return {int(pid): int(parent) for pid, parent in fields}


@pytest.fixture(scope="module")
def executed(node: Node) -> int:
    """Give the pid of a process that `docker exec` started."""
    return node.execute(EXECUTED, "424242")


@pytest.fixture
def rows(node: Node, executed: int) -> dict[int, dict[str, Any]]:
    """Give the processes of its container, by pid."""
    found = {row["pid"]: row for row in processes(node, EXECUTED)}
    assert executed in found
    return found


def test_the_tree_is_the_cgroup(node: Node, rows: dict[int, dict[str, Any]]) -> None:
    """Every process of the container is shown once, and no other."""
    shown = [row["pid"] for row in processes(node, EXECUTED)]
    assert (
        sorted(shown) == sorted(in_cgroups(node.lab, node[EXECUTED].id)) == sorted(rows)
    )


def test_what_docker_exec_started_is_in_it(
    node: Node, rows: dict[int, dict[str, Any]], executed: int
) -> None:
    """A process whose parent is outside of the container is shown at the top."""
    row = rows[executed]
    assert row["argv"] == ["sleep", "424242"]
    assert row["ppid"] not in rows
    assert (row["depth"], row["container"]) == (0, EXECUTED)
    assert executed != node[EXECUTED].pid


def test_the_levels_are_those_of_the_kernel(
    node: Node, rows: dict[int, dict[str, Any]]
) -> None:
    """Each child stands one level below its parent, as /proc links them."""
    parent_of = parents(node)
    for pid, row in rows.items():
        assert row["ppid"] == parent_of[pid]
        above = rows.get(parent_of[pid])
        assert row["depth"] == (above["depth"] + 1 if above else 0)
    assert max(row["depth"] for row in rows.values()) == 2


def test_a_process_is_what_proc_says(
    node: Node, rows: dict[int, dict[str, Any]]
) -> None:
    """Start time, the pid inside and the command are those of /proc."""
    for pid, row in rows.items():
        stat = node.lab.sh(f"cat /proc/{pid}/stat").rpartition(")")[2].split()
        inner = node.lab.sh(f"grep NSpid: /proc/{pid}/status").split()[-1]
        argv = node.lab.sh(f"tr '\\0' '\\n' </proc/{pid}/cmdline").splitlines()
        assert (row["start_time"], row["inner_pid"]) == (int(stat[19]), int(inner))
        assert (row["argv"], row["user"]) == (argv, "root")


@pytest.mark.parametrize("by", ["name", "id", "prefix"])
def test_a_container_is_found_by(node: Node, by: str) -> None:
    """A container's tree is found by its name, its id and a unique beginning of it."""
    container = node["plain-05"]
    scrap = {"name": container.name, "id": container.id, "prefix": container.id[:12]}
    pids = {row["pid"] for row in processes(node, scrap[by])}
    assert pids == in_cgroups(node.lab, container.id)


def test_a_pods_tree_holds_all_its_containers(node: Node) -> None:
    """The tree of a pod is those of its containers and of its sandbox."""
    pod = ("openshift-dns", "dns-default-9zv2p")
    of_pod = [c for c in node.containers if c.box.pod and c.box.pod[:2] == pod]
    rows = processes(node, "/".join(pod))
    assert {row["pid"] for row in rows} == in_cgroups(node.lab, *(c.id for c in of_pod))
    assert {row["container"] for row in rows} == {c.box.container for c in of_pod}


def test_host_network_does_not_widen_the_tree(node: Node) -> None:
    """A container in the node's namespace shows its own processes, not the node's."""
    pids = {row["pid"] for row in processes(node, "agent")}
    assert pids == in_cgroups(node.lab, node["agent"].id)


def test_what_does_not_run_has_no_processes(node: Node) -> None:
    """The tree of a stopped container is empty, which is an answer."""
    assert processes(node, "done") == []
