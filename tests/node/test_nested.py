"""Engines inside containers, with real Docker in real Docker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from node.dind import INSIDE, Dind
from node.lab import NOBODY, Lab, why_not


@pytest.fixture(scope="module")
def dind() -> Iterator[Dind]:
    """Give a node with an engine inside a container."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    lab = Lab()
    try:
        yield Dind(lab)
    finally:
        lab.close()


@pytest.fixture(scope="module")
def facts(dind: Dind) -> dict[str, Any]:
    """Give what the collector tells of it."""
    return dind.facts()


def test_the_engine_in_the_container_is_the_only_one(
    dind: Dind, facts: dict[str, Any]
) -> None:
    """Docker inside is found; the node's own socket, mounted elsewhere, is not."""
    assert "docker.sock" in dind.lab.do("docker", "exec", "agent", "ls", "/run")
    (engine,) = facts["engines"]
    assert (engine["runtime"], engine["within"]) == ("docker", dind.outer)
    assert engine["where"] == "/run/docker.sock"
    assert facts["troubles"] == []


def test_a_container_inside_has_its_pid_and_namespace_on_the_node(
    dind: Dind, facts: dict[str, Any]
) -> None:
    """The pid is that which the engine tells, by NSpid; the namespace the kernel's."""
    boxes = {box["name"]: box for box in facts["engines"][0]["containers"]}
    assert set(boxes) == {"deep", "idle"}
    assert (boxes["deep"]["id"], boxes["deep"]["pid"]) == (dind.deep, dind.deep_pid)
    assert boxes["idle"]["pid"] is None
    enter = ("nsenter", f"--target={dind.outer_pid}", "--mount", "--pid", "--")
    seen = f"/proc/{dind.deep_inner_pid}/ns/net"
    inode = dind.lab.do(*enter, "/usr/bin/stat", "-Lc", "%i", seen)
    _, ino = boxes["deep"]["netns"]
    assert ino == int(inode)
    own = dind.lab.do("stat", "-Lc", "%i", f"/proc/{dind.outer_pid}/ns/net")
    assert int(inode) != int(own)


def test_a_row_inside_stands_below_its_engine(dind: Dind) -> None:
    """Its veth's other end is in the container that runs its engine."""
    pods = json.loads(dind.lab.do("ocnetview", "pods", "--json"))["pods"]
    rows = {pod["name"]: pod for pod in pods}
    deep = rows["deep"]
    assert deep["engine"] == rows["outer"]["key"]
    (eth0,) = deep["interfaces"]
    other = eth0["counterpart"]
    assert other["where"] == "in the container that runs its engine"
    assert other["link"]["name"] == "vdeep"
    assert other["link"]["netns"] == rows["outer"]["netns"]


def test_a_pin_is_found_behind_the_containers_own_links(dind: Dind) -> None:
    """/var/run there is an absolute link, which means the container's own /run."""
    pid, path = str(dind.outer_pid), "/var/run/netns/kept"
    found = json.loads(dind.lab.do("python", str(INSIDE), "pin", pid, path))
    by_hand = dind.within("/usr/bin/stat -Lc %i /run/netns/kept")
    assert found == int(by_hand)


def test_who_may_not_look_into_containers_is_told(dind: Dind) -> None:
    """Without CAP_SYS_PTRACE nothing inside is said to be nothing."""
    said = dind.lab.run("ocnetview", "sources", uid=NOBODY).stdout
    (line,) = [row for row in said.splitlines() if row.startswith("nested ")]
    assert "permission denied (needs CAP_SYS_PTRACE)" in line
