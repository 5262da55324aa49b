"""`ocnetview ports` against `ovs-vsctl` and `ip`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from node.lab import Lab
from node.wiring import Node


def table(lab: Lab, name: str) -> list[dict[str, Any]]:
    """Return the rows of an OVSDB table as ovs-vsctl prints them (RFC 7047, 5.1)."""
    said = json.loads(lab.do("ovs-vsctl", "--format=json", "list", name))
    rows = [dict(zip(said["headings"], row, strict=True)) for row in said["data"]]
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def plain(value: object) -> object:
    """Return an OVSDB value as Python's: a set of one as its member."""
    match value:
        case ["uuid", uuid]:
            return uuid
        case ["map", pairs] if isinstance(pairs, list):
            return dict(pairs)
        case ["set", members] if isinstance(members, list):
            return [plain(member) for member in members]
    return value


def members(value: object) -> list[object]:
    """Return what a set holds, however many it holds."""
    return value if isinstance(value, list) else [value]


def only(value: object) -> object:
    """Return what an optional column holds, or None."""
    return None if value == [] else value


@pytest.fixture(scope="module")
def ports(node: Node) -> dict[str, dict[str, Any]]:
    """Give the ports that ocnetview names, by bridge and name."""
    return {f"{p['bridge']}/{p['name']}": p for p in node.ask("ports")["ports"]}


@pytest.fixture(scope="module")
def by_hand(node: Node) -> dict[str, dict[str, Any]]:
    """Give every interface with its port's tag and its bridge, from ovs-vsctl."""
    lab = node.lab
    interfaces = {row["_uuid"]: row for row in table(lab, "Interface")}
    ports = {row["_uuid"]: row for row in table(lab, "Port")}
    return {
        f"{bridge['name']}/{interfaces[i]['name']}": interfaces[i]
        | {"tag": ports[p]["tag"]}
        for bridge in table(lab, "Bridge")
        for p in members(bridge["ports"])
        for i in members(ports[p]["interfaces"])
    }


def test_ports_are_those_of_ovs(
    ports: dict[str, dict[str, Any]], by_hand: dict[str, dict[str, Any]]
) -> None:
    """Every interface of every OVS bridge is a port, and no other is said to be."""
    shown = {key for key, port in ports.items() if port["datapath"] == "ovs"}
    assert shown == set(by_hand)
    assert len(by_hand) > 25


def test_columns_are_those_of_ovs(
    ports: dict[str, dict[str, Any]], by_hand: dict[str, dict[str, Any]]
) -> None:
    """ofport, type and tag of each port are what ovs-vsctl lists."""
    for key, row in by_hand.items():
        port = ports[key]
        shown = (port["ofport"], port["type"], port["tag"])
        assert shown == (only(row["ofport"]), row["type"] or "system", only(row["tag"]))


def test_links_are_those_that_ovs_opened(
    ports: dict[str, dict[str, Any]], by_hand: dict[str, dict[str, Any]]
) -> None:
    """A port's ifindex is the one that vswitchd holds; one of 0 is no netdev."""
    indexes = {key: only(row["ifindex"]) or None for key, row in by_hand.items()}
    assert indexes == {key: ports[key]["ifindex"] for key in by_hand}


@pytest.mark.parametrize("name", ["vethleaked", "vethnever"])
def test_a_port_without_a_device_is_stale(
    ports: dict[str, dict[str, Any]], by_hand: dict[str, dict[str, Any]], name: str
) -> None:
    """A leaked port says that it has no device, with OVS's own error if it has one."""
    port, row = ports[f"br0/{name}"], by_hand[f"br0/{name}"]
    assert (port["role"], port["state"]) == ("stale", "no device")
    assert (port["pod"], port["link"]) == (None, None)
    assert port["error"] == (only(row["error"]) or "no such device in the kernel")


def test_only_those_are_stale(ports: dict[str, dict[str, Any]]) -> None:
    """Tunnels and patches have no netdev of their name either, and are not stale."""
    stale = {key for key, port in ports.items() if port["role"] == "stale"}
    assert stale == {"br0/vethleaked", "br0/vethnever"}


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("br0/vxlan0", "tunnel"),
        ("br0/tun0", "gateway"),
        ("br0/patch-ex", "patch"),
        ("br-ex/patch-int", "patch"),
        ("br0/br0", "local"),
        ("br-ex/br-ex", "local"),
    ],
)
def test_ports_of_the_node_are_told_from_pods(
    ports: dict[str, dict[str, Any]], key: str, role: str
) -> None:
    """The node's own ports say what they are for, and belong to no pod."""
    assert (ports[key]["role"], ports[key]["pod"]) == (role, None)
    assert ports[key]["purpose"]


def test_pod_ports_name_their_pod(node: Node, ports: dict[str, dict[str, Any]]) -> None:
    """The port of each veth names the pod, or else the container, that it leads to."""
    for container in node.wired:
        box = container.box
        port = ports[f"{box.wire}/{box.veth}"]
        meant = (
            ("pod", f"{box.pod[0]}/{box.pod[1]}")
            if box.pod
            else ("container", box.name)
        )
        assert (port["role"], port["purpose"]) == meant


def test_ports_of_linux_bridges_are_those_of_the_kernel(
    node: Node, ports: dict[str, dict[str, Any]]
) -> None:
    """A Linux bridge's ports are the links that have it as their master."""
    links = node.lab.ip("link", "show", "master", "lbr0")
    shown = {
        (port["name"], port["ifindex"])
        for port in ports.values()
        if port["bridge"] == "lbr0"
    }
    assert shown == {(link["ifname"], link["ifindex"]) for link in links}
    assert len(links) == 2
