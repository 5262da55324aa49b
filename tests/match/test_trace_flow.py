"""The flow that is asked about: which bridge, port, MACs and addresses."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tui import nodes
from tui.tracing import traceable

from ocnetview.errors import ProbeAbsentError
from ocnetview.facts import KubePod, OvsInterface
from ocnetview.match.trace_ends import (
    End,
    end_of_address,
    end_of_node,
    end_of_pod,
)
from ocnetview.match.trace_flow import (
    REPLIES,
    Protocol,
    Question,
    Tunnelled,
    Wanted,
    back,
    there,
)
from ocnetview.model import NodeModel, PortRole

NODE = traceable(nodes.node())
WEB = Wanted(Protocol.TCP, 8080)
TUN0 = "fa:4e:a6:71:84:8e"


def end(number: int, model: NodeModel = NODE) -> End:
    """Return the pod with this number as an end."""
    return end_of_pod(model, model.pods_by_key[f"uid-{number}"])


def fields(question: Question) -> dict[str, str]:
    """Return the fields of a question's flow."""
    pairs = (part.partition("=") for part in question.flow.split(","))
    return {key: value for key, _, value in pairs}


def ovn(model: NodeModel = NODE, annotation: str = "") -> NodeModel:
    """Return the node as OVN would have it: no tun0, rows with ovn-installed."""
    bridges = []
    for bridge in model.bridges:
        ports = tuple(
            replace(p, ovs=OvsInterface(p.name, external_ids={"ovn-installed": "true"}))
            for p in bridge.ports
            if p.role is not PortRole.GATEWAY
        )
        bridges.append(replace(bridge, ports=ports))
    api = KubePod(
        "p", "shop", "u", annotations={"k8s.ovn.org/pod-networks": annotation}
    )
    pods = tuple(replace(pod, api=api) for pod in model.pods)
    return replace(model, bridges=tuple(bridges), pods=pods)


def test_pod_to_pod() -> None:
    """It has port, both MACs, both addresses, a time to live and the ports."""
    question = there(NODE, end(4), end(7), WEB)
    assert question.bridge == "br0"
    assert question.flow == (
        "in_port=7,tcp,dl_src=0a:58:0a:80:02:0e,dl_dst=0a:58:0a:80:02:11,"
        "nw_src=10.128.2.14,nw_dst=10.128.2.17,nw_ttl=64,tcp_src=12345,tcp_dst=8080"
    )
    assert question.states == ()


def test_the_answer_turns_all_of_it_round() -> None:
    """It comes from the target's port, and connection tracking knows it as a reply."""
    question = back(NODE, end(4), end(7), WEB)
    assert question.flow == (
        "in_port=10,tcp,dl_src=0a:58:0a:80:02:11,dl_dst=0a:58:0a:80:02:0e,"
        "nw_src=10.128.2.17,nw_dst=10.128.2.14,nw_ttl=64,tcp_src=8080,tcp_dst=12345"
    )
    assert question.states == REPLIES


def test_udp_and_icmp() -> None:
    """UDP has its own ports; an echo request is answered with a reply."""
    udp = there(NODE, end(4), end(7), Wanted(Protocol.UDP, 53))
    assert "udp,dl_src" in udp.flow
    assert udp.flow.endswith("udp_src=12345,udp_dst=53")
    echo = Wanted(Protocol.ICMP)
    assert there(NODE, end(4), end(7), echo).flow.endswith("icmp_type=8,icmp_code=0")
    assert back(NODE, end(4), end(7), echo).flow.endswith("icmp_type=0,icmp_code=0")


def test_elsewhere_leads_by_the_gateway() -> None:
    """What is in another subnet is sent to tun0's MAC, and that is said."""
    question = there(NODE, end(4), End("out", ("198.51.100.7",)), WEB)
    assert fields(question)["dl_dst"] == TUN0
    assert question.notes == ("dl_dst is that of the node's own port tun0",)


def test_a_neighbour_that_is_not_here_has_a_derived_mac() -> None:
    """In the own subnet nobody asks the gateway; the MAC is made from the address."""
    question = there(NODE, end(4), End("gone", ("10.128.2.99",)), WEB)
    assert fields(question)["dl_dst"] == "0a:58:0a:80:02:63"
    assert "derived" in question.notes[0]


def test_the_node_itself() -> None:
    """A pod on the host's network sends from tun0, with its address."""
    host = end_of_pod(NODE, NODE.pods_by_key["uid-host"])
    flow = fields(there(NODE, host, end(4), WEB))
    assert (flow["in_port"], flow["nw_src"], flow["dl_src"]) == (
        "2",
        "10.128.2.1",
        TUN0,
    )
    assert flow["dl_dst"] == "0a:58:0a:80:02:0e"
    assert end_of_node(NODE).title == "the node"


def test_from_a_tunnel() -> None:
    """An answer from another node has the peer, the key, and the pod's own MAC."""
    port = NODE.ports_by_key["br0/vxlan0"]
    remote = End("10.130.0.9", ("10.130.0.9",))
    question = back(NODE, end(4), remote, WEB, Tunnelled(port, "192.0.2.18", "0x2a"))
    flow = fields(question)
    assert flow["in_port"] == "1"
    assert (flow["tun_src"], flow["tun_id"]) == ("192.0.2.18", "0x2a")
    assert flow["dl_dst"] == "0a:58:0a:80:02:0e"


def test_ovn_derives_its_routers_mac() -> None:
    """Without an annotation OVN's router has the subnet's first address."""
    question = there(ovn(), end(4, ovn()), End("out", ("198.51.100.7",)), WEB)
    assert fields(question)["dl_dst"] == "0a:58:0a:80:02:01"


def test_ovns_annotation_names_the_gateway() -> None:
    """Where the pod's annotation names a gateway in its subnet, that is meant."""
    said = '{"default":{"gateway_ips":["10.128.3.254"]},"x":{"gateway_ip":"9.9.9.9"}}'
    model = ovn(annotation=said)
    question = there(model, end(4, model), End("out", ("198.51.100.7",)), WEB)
    assert fields(question)["dl_dst"] == "0a:58:0a:80:03:fe"


def test_an_annotation_that_is_no_json() -> None:
    """What cannot be read names no gateway."""
    assert end(4, ovn(annotation="{")).gateways == ()


def test_ipv6() -> None:
    """Two ends with IPv6 alone are asked about by IPv6's own keywords."""
    one, other = (
        replace(end(n), addresses=(f"fd01::{n}",), subnets=()) for n in (4, 7)
    )
    flow = there(NODE, replace(one, subnets=("fd01::4/64",)), other, WEB).flow
    assert "tcp6," in flow
    assert "ipv6_src=fd01::4,ipv6_dst=fd01::7" in flow
    assert "dl_dst=0a:58:0a:80:02:11" in flow


def test_nothing_in_common() -> None:
    """Ends of different IP versions cannot talk, and the error says so."""
    with pytest.raises(ProbeAbsentError, match="IP version"):
        there(NODE, end(4), End("six", ("fd01::7",)), WEB)


def test_a_pod_on_a_linux_bridge() -> None:
    """Only Open vSwitch can be asked: the error names the bridge that it is on."""
    pod = next(pod for pod in NODE.pods if pod.name == "registry-mirror")
    with pytest.raises(ProbeAbsentError, match="the Linux bridge docker0"):
        end_of_pod(NODE, pod)


def test_a_pod_without_an_interface() -> None:
    """The pod's own reason is told where there is one."""
    pod = replace(NODE.pods_by_key["uid-4"], interfaces=(), reason="it is completed")
    with pytest.raises(ProbeAbsentError, match="it is completed"):
        end_of_pod(NODE, pod)


def test_whose_an_address_is() -> None:
    """An address is a pod's here, the node's own, or somebody's elsewhere."""
    assert end_of_address(NODE, "10.128.2.17").pod == "uid-7"
    assert end_of_address(NODE, "10.128.2.1").host
    elsewhere = end_of_address(NODE, "10.130.0.9", "shop/x")
    assert (elsewhere.title, elsewhere.port) == ("shop/x", None)


def test_no_number_stands_for_a_name() -> None:
    """Ports are written as numbers: a name of hex digits would need quotes."""
    flow = there(NODE, end(4), end(7), WEB).flow
    assert re.match(r"in_port=\d+,", flow)
