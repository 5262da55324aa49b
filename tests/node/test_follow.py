"""The running engine follows what happens on the node, and outlives its daemons."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from node.following import Follower, State
from node.lab import until
from node.wiring import IMAGE, Node

UP = {"rtnetlink": "up", "ovsdb": "up", "docker": "up", "procfs": "up"}
"""The sources that this node has."""


def health(state: State) -> dict[str, str]:
    """Return how the sources of this node are; it lacks the others."""
    return {name: state["sources"].get(name, "") for name in UP}


@pytest.fixture
def follower(node: Node) -> Iterator[Follower]:
    """Give a running engine that has heard every source."""
    found = Follower(node.lab)
    try:
        found.wait(lambda s: health(s) == UP and len(s["pods"]) > 20)
        yield found
    finally:
        found.close()


def test_a_port_comes_and_goes(node: Node, follower: Follower) -> None:
    """A port added to br0 is shown, and is gone when it is deleted."""
    add = "ovs-vsctl add-port br0 passing -- set Interface passing type=internal"
    node.lab.sh(add)
    follower.wait(lambda s: "br0/passing" in s["ports"] and "passing" in s["links"])
    node.lab.sh("ovs-vsctl del-port br0 passing")
    follower.wait(
        lambda s: "br0/passing" not in s["ports"] and "passing" not in s["links"]
    )


def test_an_address_inside_a_pod_is_followed(node: Node, follower: Follower) -> None:
    """What changes inside a container's namespace is shown without a new reading."""
    enter = f"nsenter --target {node['plain-10'].pid} --net ip address"
    node.lab.sh(f"{enter} add 10.128.1.210/32 dev eth0")
    follower.wait(lambda s: "10.128.1.210" in s["pods"]["plain-10"])
    node.lab.sh(f"{enter} delete 10.128.1.210/32 dev eth0")
    follower.wait(lambda s: "10.128.1.210" not in s["pods"]["plain-10"])


def test_a_renamed_interface_is_followed(node: Node, follower: Follower) -> None:
    """An interface that gets another name inside keeps its host veth."""
    enter = f"nsenter --target {node['plain-11'].pid} --net ip link set"
    node.lab.sh(f"{enter} eth0 name lan9")
    follower.wait(lambda s: s["inside"]["plain-11"] == "lan9")
    node.lab.sh(f"{enter} lan9 name eth0")
    state = follower.wait(lambda s: s["inside"]["plain-11"] == "eth0")
    assert f"br0/{node['plain-11'].box.veth}" in state["ports"]


def test_containers_that_disappear_are_no_error(node: Node, follower: Follower) -> None:
    """Containers that come and go leave no row, no source down, and no namespace."""
    lab, names = node.lab, [f"fleeting-{number}" for number in range(4)]
    for name in names:
        run = f"docker run --detach --network none --name {name} {IMAGE} sleep 100005"
        id_ = lab.sh(run)
        pid = lab.do("docker", "inspect", "--format={{.State.Pid}}", id_)
        lab.sh(f"ip link add {name} type veth peer name eth0 netns {pid}")
    seen = len(follower.states)
    follower.wait(lambda s: set(names) <= set(s["inside"]))
    lab.do("docker", "rm", "--force", *names)
    follower.wait(lambda s: not {*names} & {*s["pods"], *s["links"]})
    assert all(health(state) == UP for state in follower.states[seen:])


def test_a_deleted_container_is_let_go(node: Node, follower: Follower) -> None:
    """A running engine keeps no namespace alive: the veth goes with its container."""
    lab = node.lab
    run = f"docker run --detach --network none --name brief {IMAGE} sleep 100006"
    pid = lab.do("docker", "inspect", "--format={{.State.Pid}}", lab.sh(run))
    lab.sh(f"ip link add vethbrief type veth peer name eth0 netns {pid}")
    follower.wait(lambda s: s["inside"].get("brief") == "eth0")
    lab.do("docker", "rm", "--force", "brief")
    gone = ("test", "!", "-e", "/sys/class/net/vethbrief")
    until(lambda: not lab.run(*gone).returncode, "the veth of a deleted container")


def test_docker_dies_and_comes_back(node: Node, follower: Follower) -> None:
    """A crashed Docker is shown as down, its rows stay, and it is found again."""
    before = set(follower.states[-1]["pods"])
    node.lab.crash("/run/docker.pid")
    state = follower.wait(lambda s: s["sources"]["docker"] != "up")
    assert (state["sources"]["docker"], set(state["pods"])) == ("down", before)
    assert state["reasons"]["docker"]
    assert health(state) | {"docker": "up"} == UP
    node.lab.start_dockerd()
    state = follower.wait(lambda s: health(s) == UP)
    assert set(state["pods"]) == before


def test_ovsdb_dies_and_comes_back(node: Node, follower: Follower) -> None:
    """A crashed OVSDB is shown as down, its ports stay, and it is found again."""
    before = follower.states[-1]["ports"]
    node.lab.crash("/run/openvswitch/ovsdb-server.pid")
    state = follower.wait(lambda s: s["sources"]["ovsdb"] != "up")
    assert (state["sources"]["ovsdb"], state["ports"]) == ("down", before)
    assert health(state) | {"ovsdb": "up"} == UP
    node.lab.start_ovsdb()
    assert follower.wait(lambda s: health(s) == UP)["ports"] == before


CHURN = f"""
for number in 1 2 3 4 5 6; do
    docker run --detach --network none --name churn-$number {IMAGE} sleep 100007
    pid=$(docker inspect --format='{{{{.State.Pid}}}}' churn-$number)
    ip link add churn-$number type veth peer name eth0 netns $pid
    docker rm --force churn-$number
done
"""


def test_reports_outlive_what_disappears_under_them(node: Node) -> None:
    """A report read while containers come and go is whole, and warns of nothing."""
    process = node.lab.start("sh", "-euc", CHURN)
    reports = []
    while process.poll() is None:
        reports += [node.lab.run("ocnetview", c, "--json") for c in ("pods", "ports")]
    process.communicate()
    assert process.returncode == 0
    assert {(done.returncode, done.stderr) for done in reports} == {(0, "")}
    for report in (json.loads(done.stdout) for done in reports):
        rows = report.get("pods") or report["ports"]
        assert len(rows) > 25
