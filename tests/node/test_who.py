"""`ocnetview who`: every scrap of a container names it; exit codes say how it went."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from node.lab import NOBODY
from node.wiring import Node, Started

SCRAPS: dict[str, Callable[[Started], str]] = {
    "pid": lambda c: str(c.pid),
    "ifname": lambda c: c.box.veth,
    "ifindex": lambda c: str(c.host_ifindex),
    "address": lambda c: c.box.ip,
    "mac": lambda c: c.box.mac,
    "mac in capitals": lambda c: c.box.mac.upper(),
    "id": lambda c: c.id,
    "prefix": lambda c: c.id[:12],
    "name": lambda c: c.name,
}
NAMES = ("plain-07", "plain-02", "hostile")
"""The veth of the second is named like a number, the last one is on no OVS port."""


def answers(node: Node, scrap: str) -> list[dict[str, Any]]:
    """Return what ocnetview answers."""
    return list(node.ask("who", scrap)["answers"])


def containers(answer: dict[str, Any]) -> set[str]:
    """Return the ids of the containers of the pod that an answer names."""
    pod = answer["pod"]
    found = [*pod["containers"], *([pod["sandbox"]] if pod["sandbox"] else [])]
    return {container["id"] for container in found}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scrap", SCRAPS)
def test_a_scrap_names_the_container(node: Node, name: str, scrap: str) -> None:
    """A PID, ifname, ifindex, address, MAC, id or name leads to the one container."""
    container = node[name]
    (answer,) = answers(node, SCRAPS[scrap](container))
    assert container.id in containers(answer)


OBJECTS = {
    "inode": "stat --dereference --format=%i /proc/{pid}/ns/net",
    "namespace": "readlink /proc/{pid}/ns/net",
    "file of the namespace": "echo /proc/{pid}/ns/net",
    "file of the process": "echo /proc/{pid}/cgroup",
    "cgroup": "grep --max-count=1 {id} /proc/{pid}/cgroup | cut -d: -f3",
    "cgroup's folder": "find /sys/fs/cgroup -type d -name '*{id}*' | head -n 1",
    "id of the API": "echo docker://{id}",
    "ofport": "echo br0:$(ovs-vsctl get Interface {veth} ofport)",
    "port": "echo br0/{veth}",
}
"""What the kernel, Docker and Open vSwitch call a container, each by its own tool."""


@pytest.mark.parametrize("what", OBJECTS)
def test_what_others_call_it_names_the_container(node: Node, what: str) -> None:
    """A namespace, cgroup or OpenFlow port, as it is printed, leads to the one."""
    container = node["plain-07"]
    script = OBJECTS[what].format(
        pid=container.pid, id=container.id, veth=container.box.veth
    )
    scrap = node.lab.sh(script).strip()
    assert scrap
    (answer,) = answers(node, scrap)
    assert container.id in containers(answer)


def test_a_thread_names_its_process(node: Node) -> None:
    """The id of a thread of the daemon, which is no pid, leads to the daemon."""
    pid = node.lab.do("cat", "/run/docker.pid").strip()
    *_, tid = node.lab.sh(f"ls /proc/{pid}/task | sort -n").split()
    assert pid != tid
    (answer,) = answers(node, tid)
    assert (answer["what"], answer["process"]["pid"]) == ("tid", int(pid))


def test_the_nodes_own_namespace_is_nobodys(node: Node) -> None:
    """Its inode leads to the node, not to the containers that use its network."""
    (answer,) = answers(node, node.lab.do("readlink", "/proc/self/ns/net").strip())
    assert (answer["what"], answer["pod"]) == ("inode", None)


def test_a_name_inside_many_lists_them(node: Node) -> None:
    """Every container has an eth0: which one is meant cannot be told."""
    done = node.lab.run("ocnetview", "who", "eth0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "eth0@" in done.stderr
    assert " more" in done.stderr


@pytest.mark.parametrize("name", ["sidecar", "plain-00"])
def test_a_pid_tells_containers_of_one_namespace_apart(node: Node, name: str) -> None:
    """A PID names the container that it runs in, not its neighbour on the same veth."""
    (answer,) = answers(node, str(node[name].pid))
    assert answer["container"]["id"] == node[name].id
    assert answer["path"][1] == name


def test_the_address_of_a_shared_namespace_names_both(node: Node) -> None:
    """An address that two containers share leads to both, for both have it."""
    found = answers(node, node["plain-00"].box.ip)
    ids = set().union(*(containers(answer) for answer in found))
    assert ids == {node["plain-00"].id, node["sidecar"].id}


def test_what_docker_exec_started_is_named(node: Node) -> None:
    """A process whose parent is outside of the container is named as its own."""
    name = "plain-06"
    (answer,) = answers(node, str(node.execute(name, "636363")))
    assert answer["container"]["id"] == node[name].id


def test_a_pid_of_a_pod_names_the_pod(node: Node) -> None:
    """A process of a pod's container leads to the container, the pod and its veth."""
    (cart,) = (c for c in node.containers if c.box.container == "cart")
    (sandbox,) = (c for c in node.wired if c.name == cart.box.sandbox)
    (answer,) = answers(node, str(cart.pid))
    pod, path = answer["pod"], " ".join(answer["path"])
    assert cart.box.pod
    assert (pod["namespace"], pod["name"], pod["uid"]) == cart.box.pod
    for hop in ("cart", "eth0@net:[", sandbox.box.veth, "br0", "vxlan0", "tun0"):
        assert hop in path


def test_an_ifindex_is_the_hosts(node: Node) -> None:
    """An index that every eth0 has is the node's own link's, and those behind it."""
    found = answers(node, "50003")
    assert {answer["link"]["name"] for answer in found} == {node["plain-00"].box.veth}
    ids = set().union(*(containers(answer) for answer in found))
    assert ids == {node["plain-00"].id, node["sidecar"].id}


def test_a_link_of_the_node_is_no_pods(node: Node) -> None:
    """The gateway's address names tun0 and its port, and no pod."""
    (answer,) = answers(node, "10.128.0.1")
    assert (answer["link"]["name"], answer["pod"]) == ("tun0", None)
    assert answer["port"]["role"] == "gateway"


CASES = {
    "found": (["who", "plain-01"], 0),
    "no such name": (["who", "no-such-thing"], 1),
    "no such pid": (["who", "2147483646"], 1),
    "no such tree": (["tree", "no-such-thing"], 1),
    "no such address": (["who", "192.0.2.1"], 1),
    "two pods of a name": (["who", "web-0"], 2),
    "two trees of a name": (["tree", "web-0"], 2),
    "no scrap": (["who"], 2),
    "unknown flag": (["pods", "--no-such-flag"], 2),
    "unknown command": (["no-such-command"], 2),
    "bad setting": (["--timeout", "soon", "pods"], 2),
    "no Docker": (["--docker-host", "unix:///run/no.sock", "pods"], 3),
    "no Docker for a tree": (["--docker-host", "unix:///run/no.sock", "tree", "x"], 3),
}


@pytest.mark.parametrize("case", CASES)
def test_exit_codes(node: Node, case: str) -> None:
    """0 found, 1 not found, 2 bad usage or several fit, 3 could not look."""
    arguments, code = CASES[case]
    done = node.lab.run("ocnetview", *arguments)
    assert done.returncode == code, done.stderr
    assert bool(done.stdout) == (code == 0)
    assert done.stderr or code == 0


def test_ports_without_ovsdb_are_those_of_linux_bridges(node: Node) -> None:
    """They are printed, and said not to be all: OVSDB was named, and is not there."""
    done = node.lab.run("ocnetview", "--json", "--ovsdb", "unix:/run/no.sock", "ports")
    assert {port["bridge"] for port in json.loads(done.stdout)["ports"]} == {"lbr0"}
    assert done.returncode == 3
    assert "this is not all: ovsdb could not be asked" in done.stderr


COMMANDS = (
    ["ports"],
    ["pods"],
    ["tree", "hostile"],
    ["who", "hostile"],
    ["who", "10.129.0.3"],
    ["sources"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_names_do_not_reach_the_terminal_raw(node: Node, command: list[str]) -> None:
    """A veth and a command line with escape sequences are shown, and do nothing."""
    done = node.lab.run("ocnetview", *command)
    assert done.returncode == 0
    assert all(c.isprintable() for line in done.stdout.splitlines() for c in line)
    json.loads(node.lab.do("ocnetview", *command, "--json"))


def test_hostile_names_are_shown(node: Node) -> None:
    """What is escaped is still there to be read, markup as it was written."""
    said = node.lab.do("ocnetview", "ports") + node.lab.do(
        "ocnetview", "tree", "hostile"
    )
    assert r"v\x1b[31m[b]" in said
    assert r"\x1b[31m[b][/b]\x07" in said


def test_defaults_find_the_daemons(node: Node) -> None:
    """Without any setting the sockets are found where the daemons put them."""
    done = node.lab.run("ocnetview", "who", "plain-01", DOCKER_HOST="", OVS_RUNDIR="")
    assert done.returncode == 0
    assert "ofport" in done.stdout


def test_nobody_is_shown_what_can_be_seen(node: Node) -> None:
    """Without rights Linux bridges are shown, and OVSDB is said to be out of reach."""
    done = node.lab.run("ocnetview", "ports", "--json", uid=NOBODY)
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert "this is not all: ovsdb could not be asked" in done.stderr
    assert {port["bridge"] for port in report["ports"]} == {"lbr0"}
    assert "permission denied" in done.stderr
    down = {s["name"]: s["reason"] for s in report["sources"] if s["state"] == "down"}
    assert {"ovsdb", "docker"} <= set(down)
    assert all("needs " in reason for reason in down.values())


def test_nobody_is_told_the_container_of_a_pid(node: Node) -> None:
    """Without rights a PID's container id is still known, from its cgroup."""
    container = node["plain-01"]
    done = node.lab.run("ocnetview", "who", str(container.pid), uid=NOBODY)
    assert (done.returncode, container.id[:12] in done.stdout) == (0, True)


@pytest.mark.parametrize("command", [["pods"], ["tree", "plain-01"]], ids=" ".join)
def test_nobody_is_told_that_pods_cannot_be_listed(
    node: Node, command: list[str]
) -> None:
    """A command that needs Docker says that it could not look, and why."""
    done = node.lab.run("ocnetview", *command, uid=NOBODY)
    assert (done.returncode, done.stdout) == (3, "")
    assert "needs root or group docker" in done.stderr


def test_nobody_is_not_told_that_a_name_does_not_exist(node: Node) -> None:
    """A name that only Docker knows could not be looked for, and is not `not found`."""
    done = node.lab.run("ocnetview", "who", "plain-01", uid=NOBODY)
    assert (done.returncode, done.stdout) == (3, "")
