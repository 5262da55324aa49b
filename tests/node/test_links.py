"""Our netlink module against `ip` and pyroute2, on the same kernel."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from node.wiring import Node

INSIDE = str(Path(__file__).with_name("inside.py"))
FIELDS = (
    *("ifindex", "name", "kind", "peer_index", "nsid", "master"),
    *("mtu", "up", "operstate", "mac"),
)
PLAIN = ("ifindex", "name", "kind", "mtu", "up", "operstate", "mac")
"""What does not depend on the numbering of the namespace that asks."""
NAMES = ("plain-00", "plain-15", "bridged", "hostile")

Rows = list[dict[str, Any]]
INO = 1
"""Where the inode stands in a Netns, which JSON has as a list."""


def read(node: Node) -> dict[str, Any]:
    """Return what one reading of our links gives."""
    return dict(json.loads(node.lab.do(sys.executable, INSIDE, "links")))


@pytest.fixture(scope="module")
def facts(node: Node) -> dict[str, Any]:
    """Give our link facts."""
    return dict(read(node)["facts"])


@pytest.fixture(scope="module")
def theirs(node: Node) -> tuple[Rows, dict[str, dict[str, Any]]]:
    """Give pyroute2's links of the host, and what it reads in some containers."""
    pids = [str(node[name].pid) for name in NAMES]
    said = node.lab.do(sys.executable, INSIDE, "pyroute2", *pids).splitlines()
    host, *inside = map(json.loads, said)
    return host, dict(zip(NAMES, inside, strict=True))


def picked(rows: Rows, fields: tuple[str, ...]) -> Rows:
    """Return these fields of links, by ifindex."""
    found = [{field: row[field] for field in fields} for row in rows]
    return sorted(found, key=lambda row: int(row["ifindex"]))


def as_ours(rows: Rows) -> Rows:
    """Return what `ip -details -json link` says in our words.

    It writes the name of a peer or master that it has in the same namespace.
    """
    index = {row["ifname"]: row["ifindex"] for row in rows}
    return [
        {
            "ifindex": row["ifindex"],
            "name": row["ifname"],
            "kind": row.get("linkinfo", {}).get("info_kind", ""),
            "peer_index": row.get("link_index", index.get(row.get("link"))),
            "nsid": row.get("link_netnsid"),
            "master": index.get(row.get("master")),
            "mtu": row["mtu"],
            "up": "UP" in row["flags"],
            "operstate": row["operstate"].lower(),
            "mac": row.get("address", ""),
        }
        for row in rows
    ]


def inside(node: Node, facts: dict[str, Any], name: str) -> dict[str, Any]:
    """Return our reading of a container's namespace, found by its inode."""
    inode = int(node.lab.sh(f"stat -Lc %i /proc/{node[name].pid}/ns/net"))
    (found,) = (n for n in facts["namespaces"] if n["netns"][INO] == inode)
    return dict(found)


def in_container(node: Node, name: str, *arguments: str) -> Rows:
    """Return what `ip` says in a container's namespace."""
    enter = ("nsenter", f"--target={node[name].pid}", "--net", "ip", "-json")
    return list(json.loads(node.lab.do(*enter, *arguments), strict=False))


def addresses(rows: Rows) -> dict[int, set[str]]:
    """Return the addresses that `ip address` lists, by ifindex."""
    return {
        row["ifindex"]: {
            f"{info['local']}/{info['prefixlen']}" for info in row["addr_info"]
        }
        for row in rows
    }


def test_links_are_those_of_ip(node: Node, facts: dict[str, Any]) -> None:
    """Every link of the host is read as `ip -details link` reads it."""
    said = as_ours(node.lab.ip("-details", "link"))
    assert picked(facts["links"], FIELDS) == picked(said, FIELDS)


def test_links_are_those_of_pyroute2(
    facts: dict[str, Any], theirs: tuple[Rows, dict[str, dict[str, Any]]]
) -> None:
    """Every link of the host is read as pyroute2 reads it, attribute by attribute."""
    assert picked(facts["links"], FIELDS) == picked(theirs[0], FIELDS)


def test_addresses_are_those_of_ip(node: Node, facts: dict[str, Any]) -> None:
    """Every address of the host, of both families, is read with its prefix."""
    ours = {link["ifindex"]: set(link["addresses"]) for link in facts["links"]}
    assert ours == addresses(node.lab.ip("address"))
    assert any(":" in address for found in ours.values() for address in found)


@pytest.mark.parametrize("name", NAMES)
def test_links_inside_are_those_of_ip(
    node: Node, facts: dict[str, Any], name: str
) -> None:
    """A container's links are read from outside as `ip` reads them inside."""
    links = inside(node, facts, name)["links"]
    said = as_ours(in_container(node, name, "-details", "link"))
    assert picked(links, PLAIN) == picked(said, PLAIN)
    ours = {link["ifindex"]: set(link["addresses"]) for link in links}
    assert ours == addresses(in_container(node, name, "address"))


@pytest.mark.parametrize("name", NAMES)
def test_links_inside_are_those_of_pyroute2(
    node: Node,
    facts: dict[str, Any],
    theirs: tuple[Rows, dict[str, dict[str, Any]]],
    name: str,
) -> None:
    """A container's links and nsid are those that pyroute2 finds by entering it."""
    found = inside(node, facts, name)
    assert picked(found["links"], PLAIN) == picked(theirs[1][name]["links"], PLAIN)
    assert found["nsid"] == theirs[1][name]["nsid"]


def test_a_peer_is_in_the_namespace_that_its_id_stands_for(
    node: Node, facts: dict[str, Any]
) -> None:
    """Every veth's other end is placed in its container, by the namespace's inode."""
    by_name = {link["name"]: link for link in facts["links"]}
    for container in node.wired:
        netns = inside(node, facts, container.name)["netns"]
        veth = by_name[container.box.veth]
        assert (veth["peer_netns"], veth["peer_index"]) == (netns, 50003)


def test_every_network_namespace_is_found(node: Node, facts: dict[str, Any]) -> None:
    """Each container with a namespace of its own is among the namespaces, once."""
    pids = {c.pid for c in node.containers if c.pid and c.box.network == "none"}
    paths = " ".join(f"/proc/{pid}/ns/net" for pid in pids)
    inodes = sorted(map(int, node.lab.sh(f"stat -Lc %i {paths}").split()))
    found = [n["netns"][INO] for n in facts["namespaces"]]
    assert sorted(found) == inodes
    assert facts["host"][INO] not in found


def test_counters_lie_between_two_readings(node: Node) -> None:
    """RTM_GETSTATS gives the counters that pyroute2 reads from IFLA_STATS64."""
    before = read(node)["facts"]["counters"]
    (said, *_) = node.lab.do(sys.executable, INSIDE, "pyroute2").splitlines()
    after = read(node)["facts"]["counters"]
    for row in json.loads(said):
        index = str(row["ifindex"])
        for first, name, last in zip(
            before[index],
            ("rx_packets", "tx_packets", "rx_bytes", "tx_bytes"),
            after[index],
            strict=False,
        ):
            assert first <= row["counters"][name] <= last


def test_no_namespace_is_held_after_a_reading(node: Node) -> None:
    """No descriptor of a namespace outlives the reading that opened it."""
    assert read(node)["held"] == []
