"""Port -> what it is there for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import HOST, link, netns, pod_node, port_of, veth

from ocnetview.build import build_model
from ocnetview.facts import Link, LinkFacts, NamespaceLinks, OvsInterface
from ocnetview.model import PortRole


@pytest.mark.parametrize(
    ("interface", "links", "role", "purpose"),
    [
        (
            OvsInterface("vxlan0", "vxlan", 1, options={"remote_ip": "flow"}),
            (),
            PortRole.TUNNEL,
            "tunnel to the other nodes",
        ),
        (
            OvsInterface("ovn-1a-0", "geneve", 1, options={"remote_ip": "10.0.0.9"}),
            (),
            PortRole.TUNNEL,
            "tunnel to node 10.0.0.9",
        ),
        (
            OvsInterface("tun0", "internal", 2),
            (link(5, "tun0", addresses=("10.128.0.1/23",)),),
            PortRole.GATEWAY,
            "gateway of this node, 10.128.0.1/23",
        ),
        (
            OvsInterface("ens3", "", 4),
            (link(2, "ens3"),),
            PortRole.UPLINK,
            "uplink to the network outside",
        ),
        (
            OvsInterface("patch-a", "patch", 4, options={"peer": "patch-b"}),
            (),
            PortRole.PATCH,
            "patch to patch-b",
        ),
        (
            OvsInterface("br0", "internal", 65534),
            (link(3, "br0"),),
            PortRole.LOCAL,
            "the bridge itself",
        ),
        (
            OvsInterface("br0", "internal", 65534),
            (link(3, "br0", addresses=("10.0.0.5/24",)),),
            PortRole.GATEWAY,
            "the node's own address 10.0.0.5/24",
        ),
        (
            OvsInterface("vethgone", "", -1, external_ids={"sandbox": f"{7:064x}"}),
            (),
            PortRole.STALE,
            "device is gone; was of shop/web",
        ),
        (
            OvsInterface("vethgone", "", -1, external_ids={"sandbox": "ab" * 32}),
            (),
            PortRole.STALE,
            "device is gone; was of sandbox ababababababa",
        ),
        (
            OvsInterface("vethB", "", 6),
            (link(20, "vethB", kind="veth", peer_index=2, nsid=9),),
            PortRole.OTHER,
            "other end in an unknown namespace",
        ),
        (
            OvsInterface("vethB", "", 6),
            (
                link(20, "vethB", kind="veth", peer_index=21, peer_netns=HOST),
                link(21, "gw0", kind="veth", peer_index=20, peer_netns=HOST),
            ),
            PortRole.OTHER,
            "pair with gw0",
        ),
    ],
)
def test_each_port_says_what_it_is_for(
    interface: OvsInterface, links: tuple[Link, ...], role: PortRole, purpose: str
) -> None:
    """Tunnel, gateway, uplink, patch, local and stale ports are told apart."""
    port = port_of(build_model(pod_node(interface, links=links)), interface.name)
    assert (port.role, port.purpose) == (role, purpose)


def test_a_veth_pinned_by_nobody_names_the_pin() -> None:
    """The other end in a namespace without a container is told with its pin."""
    outer, inner = veth(9, 20, "vethB")
    whole = pod_node(OvsInterface("vethB", "", 6), links=(outer,))
    facts = whole.facts["source0"]
    assert isinstance(facts, LinkFacts)
    spare = NamespaceLinks(netns(9), 9, ("/run/netns/left",), links=(inner,))
    facts = replace(facts, namespaces=(*facts.namespaces, spare))
    whole = replace(whole, facts={**whole.facts, "source0": facts})
    port = port_of(build_model(whole), "vethB")
    assert port.purpose == f"{netns(9)} /run/netns/left, no container"
