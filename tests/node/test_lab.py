"""The lab is what the other live tests take it for."""

from __future__ import annotations

import json

import pytest
from node.boxes import BOXES, INSIDE
from node.wiring import Node


def test_at_least_twenty_pods_hang_on_br0(node: Node) -> None:
    """More than twenty containers with a namespace of their own are ports of br0."""
    ports = node.lab.sh("ovs-vsctl list-ports br0").splitlines()
    on_bridge = [c for c in node.wired if c.box.veth in ports]
    assert len({c.id for c in on_bridge}) >= 20


def test_the_first_two_ofports_are_the_tunnel_and_the_gateway(node: Node) -> None:
    """vxlan0 has ofport 1 and tun0 has ofport 2, as openshift-sdn makes them."""
    for number, name in enumerate(("vxlan0", "tun0"), start=1):
        ofport = node.lab.sh(f"ovs-vsctl get Interface {name} ofport")
        assert ofport == str(number)


def test_every_pod_has_the_same_ifindex_inside(node: Node) -> None:
    """An ifindex inside a container does not tell one container from another."""
    for container in node.wired:
        enter = ("nsenter", f"--target={container.pid}", "--net")
        (eth0,) = json.loads(node.lab.do(*enter, "ip", "-json", "link", "show", "eth0"))
        assert (eth0["ifindex"], eth0["address"]) == (INSIDE, container.box.mac)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("plain-00", "10.128.0.1"),
        ("plain-00", "10.128.0.101"),
        ("bridged", "10.129.0.1"),
    ],
)
def test_packets_flow(node: Node, name: str, address: str) -> None:
    """The wires carry: a container reaches its gateway, and a pod on the same br0."""
    node.lab.do("docker", "exec", name, "ping", "-c", "1", "-w", "5", address)


def test_all_containers_stand(node: Node) -> None:
    """Every planned container exists, and runs unless it is meant to have ended."""
    found = {c.name: bool(c.pid) for c in node.containers}
    assert found == {box.name: box.runs for box in BOXES}


def test_nothing_of_the_machine_is_seen(node: Node) -> None:
    """No link of the lab is one of the machine's, and no process of it is."""
    links = {link["ifname"] for link in node.lab.ip("link")}
    assert links.isdisjoint({"eth0", "docker0"})
    assert node.lab.sh("cat /proc/1/comm") == "sleep"
