"""Which other nodes the tunnels of a bridge lead to."""

from __future__ import annotations

import pytest

from ocnetview.facts import OvsInterface
from ocnetview.facts.cluster import OtherNode
from ocnetview.facts.openflow import FlowEntry
from ocnetview.match.ofports import written
from ocnetview.match.peers import (
    Peer,
    named_peer,
    node_of_pod,
    peer_spans,
    peers_of,
)
from ocnetview.model import Bridge, BridgeKind, Port, PortRole

NODES = (
    OtherNode("w1", ("192.0.2.17",), ("10.128.2.0/23",), "Node"),
    OtherNode("w2", ("192.0.2.18", "fd00::18"), ("10.130.0.0/23", "x"), "HostSubnet"),
)


def tunnel(name: str, remote: str) -> Port:
    """Return a port of a tunnel that leads there."""
    row = OvsInterface(name, options={"remote_ip": remote})
    return Port("b", BridgeKind.OVS, name, "geneve", 3, role=PortRole.TUNNEL, ovs=row)


def test_a_port_for_each_peer() -> None:
    """OVN's ports name their peers, and the cluster names the nodes."""
    bridge = Bridge(
        "b", BridgeKind.OVS, (tunnel("a", "192.0.2.18"), tunnel("b", "fd00::9"))
    )
    known, unknown = peers_of(bridge, (), NODES)
    assert known == Peer("192.0.2.18", "w2", ("10.130.0.0/23", "x"), "a", "HostSubnet")
    assert known.title == "node w2 (192.0.2.18)"
    assert unknown == Peer("fd00::9", port="b")
    assert unknown.title == "fd00::9"


def test_peers_in_the_flows() -> None:
    """SDN's one port leads to all: its tables name peers, subnets, and what lacks."""
    bridge = Bridge("br0", BridgeKind.OVS, (tunnel("vxlan0", "flow"),))
    to = "move:NXM_NX_REG0[]->NXM_NX_TUN_ID[0..31],set_field:%s->tun_dst,output:1"
    entries = (
        FlowEntry(10, 100, "tun_src=192.0.2.18", "goto_table:30"),
        FlowEntry(10, 100, "tun_src=192.0.2.20", "goto_table:30"),
        FlowEntry(50, 100, "arp,arp_tpa=10.130.0.0/23", to % "192.0.2.18"),
        FlowEntry(90, 100, "ip,nw_dst=10.130.0.0/23", to % "192.0.2.18"),
        FlowEntry(90, 100, "ip,nw_dst=10.131.0.0/23", to % "192.0.2.21"),
        FlowEntry(90, 0, "", "drop"),
    )
    found = {peer.address: peer for peer in peers_of(bridge, entries, NODES)}
    assert found["192.0.2.18"].subnets == ("10.130.0.0/23",)
    assert (found["192.0.2.18"].name, found["192.0.2.18"].lacks) == ("w2", "")
    assert found["192.0.2.20"].lacks == "nothing is sent to it"
    assert found["192.0.2.21"].lacks == "nothing is let in from it"


def test_addresses_are_compared_as_such() -> None:
    """An IPv6 address is the same however it is written."""
    assert named_peer(NODES, "fd00:0:0::18").name == "w2"


def test_the_node_of_a_pod() -> None:
    """A pod's address is in a subnet of its node; one that is none is skipped."""
    node = node_of_pod(NODES, "10.130.1.7")
    assert node
    assert node.name == "w2"
    assert node_of_pod(NODES, "10.99.0.1") is None
    assert node_of_pod(NODES, "nonsense") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("tun_src=192.0.2.18", "tun_src=node w2 (192.0.2.18)"),
        ("tun_src=192.0.2.18,ip", "tun_src=node w2 (192.0.2.18),ip"),
        ("tun_src=192.0.2.180", "tun_src=192.0.2.180"),
        ("set_field:192.0.2.18->tun_dst", "set_field:node w2 (192.0.2.18)->tun_dst"),
        ("set_field:0x2a->reg0", "set_field:0x2a->reg0"),
        ("nw_src=192.0.2.18", "nw_src=192.0.2.18"),
    ],
)
def test_flows_name_the_other_node(text: str, named: str) -> None:
    """Only what a tunnel ends at is a node; other addresses stay."""
    spans = peer_spans(text, [named_peer(NODES, "192.0.2.18")])
    assert written(text, spans) == named
