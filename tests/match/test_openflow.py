"""What a bridge is asked about a pod or port."""

from __future__ import annotations

import pytest
from builders import link, netns, sandbox
from sdn import WEB, facts, model

from ocnetview.facts import Link, OvsInterface
from ocnetview.match.openflow import (
    Layout,
    Wired,
    asks,
    further,
    layout_of,
    together,
    wired_pod,
    wired_port,
)
from ocnetview.model import (
    Bridge,
    BridgeKind,
    Interface,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
)
from ocnetview.records import changed

OVS = BridgeKind.OVS


def port(name: str, ofport: int = 1, bridge: str = "br-int", **ids: str) -> Port:
    """Return a port with these external_ids."""
    names = {key.replace("_", "-"): value for key, value in ids.items()}
    row = OvsInterface(name, ofport=ofport, external_ids=names)
    return Port(bridge, OVS, name, "system", ofport, ovs=row)


def bridge(*ports: Port, name: str = "br-int") -> Bridge:
    """Return a bridge with these ports."""
    return Bridge(name, OVS, ports)


@pytest.mark.parametrize(
    ("ports", "layout"),
    [
        ((port("tun0"), port("vxlan0", 2)), Layout.SDN),
        ((port("ovn-1a2b3c-0", ovn_chassis_id="x"),), Layout.OVN_INT),
        ((port("7be093806debefd", ovn_installed="true"),), Layout.OVN_INT),
        ((port("patch-br-int-to-br-ex_node"),), Layout.OVN_INT),
        ((port("patch-br-ex_node-to-br-int"), port("eth0", 2)), Layout.OVN_EX),
        ((port("veth1", sandbox="s", ip="10.0.0.1"),), Layout.OTHER),
        ((port("tap1", iface_id="of-neutron"),), Layout.OTHER),
        ((), Layout.OTHER),
    ],
)
def test_ports_tell_who_programs_a_bridge(
    ports: tuple[Port, ...], layout: Layout
) -> None:
    """OpenShift SDN has its two own, OVN its ids or patches; else nobody is guessed."""
    assert layout_of(bridge(*ports)) is layout


def test_a_pod_is_named_by_port_addresses_and_mac() -> None:
    """Each is asked for by a match of its own, beside the note of the SDN."""
    node = model()
    (wired,) = wired_pod(node, node.pods[0])
    assert wired == Wired(
        *("br0", "shop/web", 3, (WEB,)), ("0a:58:0a:80:00:02",), expected=True
    )
    assert asks(node.bridges[0], wired) == (
        *("in_port=3", "out_port=3"),
        *(f"ip,nw_src={WEB}", f"ip,nw_dst={WEB}"),
        *(f"arp,arp_spa={WEB}", f"arp,arp_tpa={WEB}"),
        *("dl_src=0a:58:0a:80:00:02", "dl_dst=0a:58:0a:80:00:02"),
        *("arp,arp_sha=0a:58:0a:80:00:02", "arp,arp_tha=0a:58:0a:80:00:02"),
        "table=253",
    )


@pytest.mark.parametrize("ready", [True, False])
def test_a_pod_needs_its_flows_while_its_sandbox_is_up(
    ready: bool,  # noqa: FBT001
) -> None:
    """Also between the runs of a container that crashes; not once the pod ended."""
    node = model()
    made = sandbox(2, "web", "u", ready=ready)
    web = changed(node.pods[0], containers=(), sandbox=made)
    (wired,) = wired_pod(changed(node, pods=(web,)), web)
    assert wired.expected is ready


def test_the_port_of_a_pod_is_named_as_the_pod() -> None:
    """Both rows lead to the same flows."""
    node = model()
    veth = node.ports_by_key["br0/veth2"]
    assert wired_port(node, veth) == wired_pod(node, node.pods[0])


def test_ipv6_is_asked_for_in_its_own_fields() -> None:
    """Neighbour discovery takes the place of ARP; link-local addresses name nobody."""
    inside = link(2, "eth0", inside=2, addresses=("fd00::2/64", "fe80::1/64", "odd"))
    pod = Pod(
        "u", PodKind.POD, "web", "shop", interfaces=(Interface(inside, port="br0/v"),)
    )
    one = Port("br0", OVS, "v", "system", 9, pod="u")
    node = NodeModel((bridge(one, name="br0"),), (pod,))
    (wired,) = wired_pod(node, pod)
    assert wired.addresses == ("fd00::2",)
    assert not wired.expected
    assert asks(node.bridges[0], wired) == (
        *("in_port=9", "out_port=9"),
        *("ipv6,ipv6_src=fd00::2", "ipv6,ipv6_dst=fd00::2"),
        "icmp6,icmp_type=135,nd_target=fd00::2",
        "icmp6,icmp_type=136,nd_target=fd00::2",
        "out_port=NORMAL",
    )


def test_a_gateway_is_named_by_its_own_link() -> None:
    """A tunnel's device is shared by all: its port is named by number alone."""
    tun0 = Link(
        netns(0), 5, "tun0", mac="0a:58:0a:80:00:01", addresses=("10.128.0.1/23",)
    )
    gateway = Port("br0", OVS, "tun0", "internal", 2, role=PortRole.GATEWAY, link=tun0)
    local = Port("br0", OVS, "br0", "internal", 65534, role=PortRole.LOCAL)
    tunnel = changed(gateway, name="vxlan0", ofport=1, role=PortRole.TUNNEL)
    node = NodeModel((bridge(gateway, local, tunnel, name="br0"),))
    ((one,), (other,), (third,)) = (
        wired_port(node, p) for p in (gateway, local, tunnel)
    )
    assert one.addresses == ("10.128.0.1",)
    assert one.macs == ("0a:58:0a:80:00:01",)
    assert asks(node.bridges[0], other)[:2] == ("in_port=LOCAL", "out_port=LOCAL")
    assert (third.addresses, third.macs) == ((), ())


def test_what_has_no_number_is_asked_about_nothing() -> None:
    """Neither a stale port, nor one of a Linux bridge, nor a pod without a port."""
    stale = Port("br0", OVS, "gone", "system", -1)
    other = Port("lbr0", BridgeKind.LINUX, "veth7", "veth")
    lone = Pod("x", PodKind.POD, "lone", "shop")
    node = NodeModel((bridge(stale, name="br0"),), (lone,))
    assert wired_port(node, stale) == wired_port(node, other) == ()
    assert wired_pod(node, lone) == ()


def test_ovn_is_asked_again_by_its_own_numbers() -> None:
    """Table 0 turns the port into register 14 and metadata, which the rest names."""
    node = bridge(port("7be0", 7, ovn_installed="true"))
    wired = Wired("br-int", "shop/web", 7, ("10.244.2.3",))
    text = (
        "table=0,priority=100,in_port=7 actions=set_field:0x13->reg13,"
        "set_field:0xb->reg11,set_field:0x6->reg12,set_field:0x3->metadata,"
        "set_field:0x3->reg14,resubmit(,8)"
    )
    old = "table=0,priority=99,in_port=7 actions=load:0x5->OXM_OF_METADATA[],"
    old += "load:0x2->NXM_NX_REG14[],resubmit(,8)"
    other = text.replace("in_port=7", "in_port=70").replace("0x3", "0x9")
    assert further(node, wired, facts(text, old, other)) == (
        *("reg14=0x3,metadata=0x3", "reg15=0x3,metadata=0x3"),
        *("reg14=0x2,metadata=0x5", "reg15=0x2,metadata=0x5"),
    )
    assert further(node, wired, facts()) == ()
    assert further(bridge(port("tun0"), port("vxlan0")), wired, facts(text)) == ()


def test_a_pod_of_ovn_is_looked_for_outside_of_br_int_too() -> None:
    """The external bridge has no port of it, and is asked for its addresses."""
    inner = changed(port("7be0", 7, ovn_installed="true"), pod="u")
    outer = port("patch-br-ex_node-to-br-int", 1, bridge="br-ex")
    pod = Pod("u", PodKind.POD, "web", "shop", addresses=("10.244.2.3",))
    bridges = (bridge(inner), bridge(outer, name="br-ex"))
    found = wired_pod(NodeModel(bridges, (pod,)), pod)
    assert [(one.bridge, one.ofport) for one in found] == [
        ("br-int", 7),
        ("br-ex", None),
    ]
    assert "in_port" not in "".join(asks(bridges[1], found[1]))


def test_two_answers_are_one() -> None:
    """An entry that both have is there once."""
    one = facts("table=1 actions=drop", at=5.0)
    other = facts("table=1 actions=drop", "table=0 actions=NORMAL", at=6.0)
    both = together(one, [other])
    assert ([e.table for e in both.entries], both.at) == ([0, 1], 5.0)
