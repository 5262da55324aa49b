"""The demo node, seen from inside by a probe of the tests' own."""

from __future__ import annotations

import re
from collections import defaultdict

from demo.visits import ROUTER, Node

from ocnetview.demo.plan import (
    LEAKED_PIN,
    LEAKED_POD,
    LOOSE_LINKS,
    LOOSE_PIN,
    mac_of,
    veth_name,
)
from ocnetview.demo.pods import PODS, WIRES

WITH_LINK = [pod for pod in PODS if pod.address]
ON_BR0 = {pod.veth for pod in WITH_LINK if pod.namespace}
RUNNING = [each for pod in PODS for each in pod.containers if each.exit_code is None]


def test_the_command_gets_its_arguments_and_returns_its_code(node: Node) -> None:
    """The explorer runs as the user would have started it, as root of the demo."""
    assert node.report["arguments"] == [ROUTER, "two"]
    assert node.report["uid"] == 0
    assert node.report["hostname"] == "demo-node"
    assert (node.code, node.errors) == (0, "")


def test_the_defaults_are_what_the_sources_use(linux_node: Node) -> None:
    """What the user set about the real node is not there, nor is a settings file."""
    ours = ("DOCKER_", "OVS_", "OCNETVIEW_")
    environment = dict(linux_node.report["environment"])
    # Only that the node is here, not at a /host of the machine's.
    assert environment.pop("OCNETVIEW_HOST_ROOT") == "/"
    assert not [name for name in environment if name.startswith(ours)]
    assert environment["XDG_CONFIG_HOME"].startswith("/run/")


def test_each_pod_has_a_veth_to_its_own_namespace(node: Node) -> None:
    """The host ends are up, all see the same index inside, no two the same netns."""
    links = node.report["links"]
    for pod in WITH_LINK:
        assert links[pod.veth]["kind"] == "veth"
        assert links[pod.veth]["state"] == "UP"
    assert len({links[pod.veth]["peer"] for pod in WITH_LINK}) == 1
    assert len({links[pod.veth]["nsid"] for pod in WITH_LINK}) == len(WITH_LINK)
    pins = node.report["pins"]
    assert len({pins[pod.pin] for pod in WITH_LINK}) == len(WITH_LINK)


def test_inside_is_eth0_with_the_pod_s_mac(node: Node) -> None:
    """A pod's namespace has an eth0, which is what the host end's peer is."""
    links = node.report["links"]
    for pod in WITH_LINK:
        eth0 = node.report["inside"][pod.pin]["eth0"]
        assert eth0["index"] == links[pod.veth]["peer"]
        assert eth0["mac"] == mac_of(pod.address)


def test_a_wire_leads_from_pod_to_pod(node: Node) -> None:
    """Each end names the other's index, which another link on the node has."""
    for wire in WIRES:
        (one, address), (other, far_address) = wire.ends
        near = node.report["inside"][one.pin][wire.ifname]
        far = node.report["inside"][other.pin][wire.ifname]
        assert (near["kind"], far["kind"]) == ("veth", "veth")
        assert (near["mac"], far["mac"]) == (mac_of(address), mac_of(far_address))
        assert (near["peer"], far["peer"]) == (far["index"], near["index"])
        assert (near["state"], far["state"]) == ("UP", "UP")
        indexes = {link["index"] for link in node.report["links"].values()}
        assert {near["peer"], far["peer"]} <= indexes
        assert wire.ifname not in node.report["links"]


def test_a_namespace_without_a_process_is_joined_to_the_node(node: Node) -> None:
    """Its veth is proved by both ends, is on no bridge, and nobody is in it."""
    here, there = LOOSE_LINKS
    outer = node.report["links"][here]
    inner = node.report["inside"][LOOSE_PIN][there]
    assert (outer["peer"], inner["peer"]) == (inner["index"], outer["index"])
    assert (outer["kind"], outer["state"], outer["master"]) == ("veth", "UP", None)
    pinned = node.report["pins"][LOOSE_PIN]
    assert pinned not in {seen["netns"] for seen in node.processes.values()}


def test_linux_br0_has_tunnel_gateway_pods_and_a_leak(linux_node: Node) -> None:
    """The leaked port's other end is in a namespace that no process is in."""
    links = linux_node.report["links"]
    ports = {name for name, link in links.items() if link["master"] == "br0"}
    assert links["br0"]["kind"] == "bridge"
    leaked = veth_name(LEAKED_POD)
    assert ports - {"vxlan0"} == {"tun0", leaked, *ON_BR0}
    assert links["tun0"]["peer"] == links["gw0"]["index"]
    pinned = linux_node.report["pins"][LEAKED_PIN]
    assert pinned not in {seen["netns"] for seen in linux_node.processes.values()}


def test_ovs_br0_has_tunnel_gateway_pods_and_a_leak(ovs_node: Node) -> None:
    """OVSDB says of each pod's port whose it is, and one has no device.

    Of one pod alone it has an old address, which is another pod's now.
    """
    ports = ovs_node.interfaces
    assert set(ports) == {"br0", "vxlan0", "tun0", veth_name(LEAKED_POD), *ON_BR0}
    assert (ports["vxlan0"]["ofport"], ports["tun0"]["ofport"]) == (1, 2)
    assert (ports["vxlan0"]["type"], ports["tun0"]["type"]) == ("vxlan", "internal")
    wrong = {}
    for pod in WITH_LINK:
        if pod.namespace:
            ids = dict(ports[pod.veth]["external_ids"][1])
            assert set(ids) == {"ip", "sandbox"}
            assert ids["sandbox"] == pod.sandbox_id
            assert re.fullmatch("[0-9a-f]{64}", pod.sandbox_id)
            assert ports[pod.veth]["ofport"] > 2
            if ids["ip"] != pod.address:
                wrong[pod.title] = ids["ip"]
    (stale,) = (pod for pod in PODS if pod.noted)
    assert wrong == {stale.title: stale.noted}
    assert stale.noted in {pod.address for pod in PODS if pod is not stale}
    assert ports[veth_name(LEAKED_POD)]["ofport"] == -1
    assert "No such device" in ports[veth_name(LEAKED_POD)]["error"]


def test_docker0_has_the_plain_container(node: Node) -> None:
    """Plain Docker has a Linux bridge of its own."""
    links = node.report["links"]
    ports = {name for name, link in links.items() if link["master"] == "docker0"}
    assert ports == {pod.veth for pod in WITH_LINK if not pod.namespace}


def test_each_container_has_its_pid_namespace(node: Node) -> None:
    """As many first processes as containers and sandboxes, each in its pod's netns."""
    sandboxes = sum(bool(pod.namespace) and not pod.ended for pod in PODS)
    first = [seen for seen in node.processes.values() if seen["inner"][1:] == [1]]
    assert len(first) == sandboxes + len(RUNNING)
    assert len({seen["pidns"] for seen in first}) == len(first)
    shown = sorted(tuple(seen["command"]) for seen in first)
    planned = [container.program.arguments for container in RUNNING]
    assert shown == sorted([*planned, *[("/pause",)] * sandboxes])
    per_netns = defaultdict(set)
    for seen in first:
        per_netns[seen["netns"]].add(seen["command"][0])
    for pod in WITH_LINK:
        running = (each for each in pod.containers if each in RUNNING)
        names = {each.program.arguments[0] for each in running}
        if pod.namespace:
            names.add("/pause")
        assert per_netns[node.report["pins"][pod.pin]] == names


def test_an_exec_stands_outside_its_container_s_tree(node: Node) -> None:
    """Its pid namespace is the container's, and its parent is not in it."""
    processes = node.processes
    postgres, bash, psql = (
        next(pid for pid, seen in processes.items() if seen["command"] == command)
        for command in (
            ["postgres", "-D", "/var/lib/pgsql/data/userdata"],
            ["bash"],
            ["psql", "-U", "shop", "shop"],
        )
    )
    shim = processes[postgres]["parent"]
    assert processes[bash]["parent"] == shim
    assert processes[psql]["parent"] == bash
    assert processes[bash]["pidns"] == processes[postgres]["pidns"]
    assert processes[shim]["pidns"] != processes[postgres]["pidns"]
    assert processes[shim]["netns"] == node.report["netns"]


def test_there_is_one_zombie(node: Node) -> None:
    """The worker's forgotten child has a name and no command line."""
    zombies = [seen for seen in node.processes.values() if seen["state"] == "Z"]
    assert [seen["name"] for seen in zombies] == ["sh"]


def test_the_caller_s_environment_is_in_no_container(node: Node) -> None:
    """What the user has exported is not shown as a pod's."""
    inner = [seen for seen in node.processes.values() if len(seen["inner"]) > 1]
    assert len(inner) > 50
    assert not [seen for seen in inner if seen["environment"]]


def test_the_runtime_knows_the_processes(node: Node) -> None:
    """Each running container's pid is the first of its pid namespace."""
    processes = node.processes
    running = {each["Name"]: each["State"]["Pid"] for each in node.report["containers"]}
    pids = [pid for pid in running.values() if pid]
    assert (
        len(pids)
        == len(set(pids))
        == len(RUNNING) + sum(bool(pod.namespace) and not pod.ended for pod in PODS)
    )
    for pid in pids:
        assert processes[pid]["inner"][1:] == [1]
    for name, pid in running.items():
        if name.startswith("/k8s_postgres_"):
            assert processes[pid]["command"][0] == "postgres"


def test_traffic_arrives(node: Node) -> None:
    """What the router sends comes in at its port, and answers go out to it."""
    assert all(node.report["traffic"])
