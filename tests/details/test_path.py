"""The way out: its hops, what moves through each, and what is wrong where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import HOST, container, link, netns, process, veth, wired
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.details.hops import Hop, HopKind
from ocnetview.details.path import links_of, way_out
from ocnetview.facts import Counters, Link, NamespaceLinks, OperState, OvsInterface
from ocnetview.model import (
    Bridge,
    BridgeKind,
    Counterpart,
    Interface,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    Rate,
    Relation,
    Traffic,
    TreeProcess,
    Whereabouts,
)

OUTER, INNER = (end._replace(mtu=1450) for end in veth(7, 12, "vethA"))
ENS3 = link(2, "ens3", mtu=1500, addresses=("192.0.2.17/24",))
TUN0 = link(5, "tun0", addresses=("10.128.0.1/23",))
POD = Pod(
    key="u7",
    kind=PodKind.POD,
    name="web",
    namespace="shop",
    status="Running",
    netns=netns(7),
    containers=(container(8, "nginx"),),
    interfaces=(wired(INNER, OUTER, "br0/vethA"),),
)


def ovs_port(name: str, role: PortRole, bridge: str = "br0", **more: object) -> Port:
    """Return a port of an OVS bridge."""
    port = Port(bridge, BridgeKind.OVS, name, "system", 3, role=role, state="up")
    return replace(port, **more)  # type: ignore[arg-type]  # fields by their names


POD_PORT = ovs_port("vethA", PortRole.POD, link=OUTER, pod="u7")
BR0 = Bridge(
    "br0",
    BridgeKind.OVS,
    (
        ovs_port("vxlan0", PortRole.TUNNEL, purpose="tunnel to the other nodes"),
        ovs_port("tun0", PortRole.GATEWAY, link=TUN0),
        POD_PORT,
        ovs_port("vethZ", PortRole.POD),
    ),
)


def model(pod: Pod = POD, *bridges: Bridge, **more: object) -> NodeModel:
    """Return a node with one pod, and br0 unless there are others."""
    node = NodeModel(
        bridges=bridges or (BR0,), pods=(pod,), host=HOST, links=(ENS3, OUTER, TUN0)
    )
    return replace(node, **more)  # type: ignore[arg-type]  # fields by their names


def moved(rx: float, tx: float, **more: float) -> Traffic:
    """Return what went through a link, in packets per second."""
    rate = replace(Rate(100 * rx, 100 * tx, rx, tx), **more)
    return Traffic(Counters(10, 20, 1000, 2000, 0, 0, 0, 0), rate)


def drawn(hops: tuple[Hop, ...]) -> list[tuple[int, str, str]]:
    """Return how deep each hop is, what it is, and its name."""
    return [(hop.depth, str(hop.kind), hop.name) for hop in hops]


def hop_of(hops: tuple[Hop, ...], name: str) -> Hop:
    """Return the hop of this name."""
    return next(hop for hop in hops if hop.name == name)


def wrong(hops: tuple[Hop, ...]) -> dict[str, tuple[str, ...]]:
    """Return what is wrong, by the hop's name."""
    return {hop.name: hop.wrong for hop in hops if hop.wrong}


def test_the_way_of_a_pod() -> None:
    """From its process by both ends of the veth over the bridge, and off the node."""
    hops = way_out(model(), pod=POD)
    assert drawn(hops) == [
        (0, "process", "nginx (5008)"),
        (0, "pod", "shop/web"),
        (0, "interface", "eth0"),
        (0, "namespace", str(netns(7))),
        (0, "link", "vethA"),
        (0, "port", "vethA of br0"),
        (0, "bridge", "br0"),
        (1, "tunnel", "vxlan0"),
        (1, "gateway", "tun0"),
        (1, "uplink", "ens3"),
    ]
    assert hop_of(hops, "eth0").facts == (
        "10.128.0.7/23",
        "ifindex 2 ⇄ 12",
        "MTU 1450",
    )
    assert "ifindex 12 ⇄ 2" in hop_of(hops, "vethA").facts
    assert "ofport 3" in hop_of(hops, "vethA of br0").facts
    assert not wrong(hops)


def test_its_links_are_to_be_counted() -> None:
    """Both ends of the pair, and each way out."""
    indexes = {(netns(7), 2), (HOST, 12), (HOST, 5), (HOST, 2)}
    assert links_of(way_out(model(), pod=POD)) == indexes


@pytest.mark.parametrize(
    ("inside", "outside", "said"),
    [
        pytest.param(
            moved(0, 500),
            moved(20, 0),
            "480 of 500 packets/s from eth0 do not arrive here",
            id="outwards",
        ),
        pytest.param(
            moved(10, 0),
            moved(0, 100),
            "90 of 100 packets/s from here do not arrive at eth0",
            id="inwards",
        ),
        pytest.param(moved(100, 500), moved(490, 103), "", id="not read at once"),
        pytest.param(moved(1, 2), moved(0.5, 2), "", id="hardly any"),
    ],
)
def test_a_loss_between_both_ends_is_seen(
    inside: Traffic, outside: Traffic, said: str
) -> None:
    """What one end sends and the other does not get is wrong at the other."""
    node = model(traffic={(netns(7), 2): inside, (HOST, 12): outside})
    found = wrong(way_out(node, pod=POD))
    assert found == ({"vethA": (said,)} if said else {})


@pytest.mark.parametrize(
    ("count", "said"),
    [
        ("rx_dropped", "3.0 received packets/s dropped"),
        ("tx_dropped", "3.0 packets/s to be sent dropped"),
        ("rx_errors", "3.0 errors/s receiving"),
        ("tx_errors", "3.0 errors/s sending"),
    ],
)
def test_a_hop_that_loses_packets_is_wrong(count: str, said: str) -> None:
    """Whatever counter of it grows; what it lost long ago is no trouble now."""
    node = model(traffic={(HOST, 2): moved(5, 5, **{count: 3.0})})
    assert wrong(way_out(node, pod=POD)) == {"ens3": (said,)}
    old = replace(moved(5, 5), total=Counters(1, 1, 1, 1, 9, 9, 9, 9))
    assert not wrong(way_out(model(traffic={(HOST, 2): old}), pod=POD))


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (OUTER._replace(up=False), "it is set down"),
        (OUTER._replace(operstate=OperState.LOWERLAYERDOWN), "its state is lower"),
        (OUTER._replace(mtu=1500), "MTU 1500 here, 1450 at eth0"),
    ],
)
def test_a_link_that_carries_nothing_is_wrong(end: Link, said: str) -> None:
    """It is down, has no carrier, or lets other sizes through than its peer."""
    pod = replace(POD, interfaces=(wired(INNER, end, "br0/vethA"),))
    (text,) = wrong(way_out(model(pod), pod=pod))["vethA"]
    assert text.startswith(said)


def test_a_port_says_what_open_vswitch_says() -> None:
    """An error, and a port that was given no number."""
    for port, said in (
        (replace(POD_PORT, error="no such device"), "no such device"),
        (replace(POD_PORT, ofport=None), "Open vSwitch gave it no ofport"),
    ):
        node = model(POD, replace(BR0, ports=(port,)))
        assert wrong(way_out(node, pod=POD)) == {"vethA of br0": (said,)}


def test_an_interface_without_an_address_is_wrong() -> None:
    """Nothing can be sent from it."""
    bare = wired(INNER._replace(addresses=()), OUTER, "br0/vethA")
    pod = replace(POD, interfaces=(bare,))
    assert wrong(way_out(model(pod), pod=pod)) == {"eth0": ("it has no address",)}


def test_host_network_has_no_veth() -> None:
    """It says so, and goes out by the node's own links."""
    pod = replace(POD, host_network=True, netns=HOST, interfaces=())
    hops = way_out(model(pod), pod=pod)
    assert drawn(hops)[2:] == [
        (0, "namespace", "the node's own namespace"),
        (1, "uplink", "ens3"),
    ]
    assert hops[2].facts == ("host network: no veth, no bridge port",)


def test_a_macvlan_sits_on_a_link_of_the_node() -> None:
    """No bridge is between; what its parent sends goes out."""
    net1 = Link(netns(7), 5, "net1", "macvlan", up=True, addresses=("192.0.2.9/24",))
    parent = Counterpart(Relation.PARENT, Whereabouts.HOST, ENS3)
    pod = replace(POD, interfaces=(Interface(net1, parent),))
    hops = way_out(model(pod, traffic={(HOST, 2): moved(7, 9)}), pod=pod)
    assert drawn(hops)[2:] == [
        (0, "interface", "net1"),
        (0, "namespace", str(netns(7))),
        (0, "link", "ens3"),
        (0, "end", "the network outside, no bridge between"),
    ]
    assert hop_of(hops, "ens3").outward == 9
    assert not wrong(hops)


def test_patch_ports_lead_to_the_other_bridge() -> None:
    """From br-int over br-ex to its uplink, and not back."""

    def patch(bridge: str, name: str, peer: str) -> Port:
        row = OvsInterface(name, "patch", options={"peer": peer})
        return ovs_port(name, PortRole.PATCH, bridge, type="patch", ovs=row)

    inner = patch("br-int", "to-ex", "to-int")
    pod_port = replace(POD_PORT, bridge="br-int")
    outer = patch("br-ex", "to-int", "to-ex")
    uplink = ovs_port("ens3", PortRole.UPLINK, "br-ex", link=ENS3)
    node = model(
        replace(POD, interfaces=(wired(INNER, OUTER, "br-int/vethA"),)),
        Bridge("br-ex", BridgeKind.OVS, (outer, uplink)),
        Bridge("br-int", BridgeKind.OVS, (inner, pod_port)),
    )
    assert drawn(way_out(node, pod=node.pods[0]))[5:] == [
        (0, "port", "vethA of br-int"),
        (0, "bridge", "br-int"),
        (1, "patch", "to-ex"),
        (1, "bridge", "br-ex"),
        (2, "uplink", "ens3"),
    ]


def test_a_linux_bridge_has_its_own_address() -> None:
    """The bridge is the gateway, the node's routes lead on."""
    device = link(9, "docker0", kind="bridge", addresses=("172.17.0.1/16",))
    port = Port("docker0", BridgeKind.LINUX, "vethA", "veth", link=OUTER, pod="u7")
    pod = replace(POD, interfaces=(wired(INNER, OUTER, "docker0/vethA"),))
    bridge = Bridge("docker0", BridgeKind.LINUX, (port,), link=device)
    node = model(pod, bridge, links=(ENS3, OUTER, device))
    assert drawn(way_out(node, pod=pod))[5:] == [
        (0, "port", "vethA of docker0"),
        (0, "bridge", "docker0"),
        (1, "gateway", "docker0"),
        (1, "uplink", "ens3"),
    ]


def test_the_other_end_of_a_gateway_is_no_uplink() -> None:
    """A pair on the node whose one end is the bridge's port, its other has the address.

    It is the node's own way to its pods, not one to others.
    """
    gw0 = link(21, "gw0", kind="veth", peer_index=5, peer_netns=HOST)
    gw0 = gw0._replace(addresses=("10.128.0.1/23",))
    hops = way_out(model(links=(ENS3, OUTER, TUN0, gw0)), pod=POD)
    assert [hop.name for hop in hops if hop.kind is HopKind.UPLINK] == ["ens3"]


def test_a_pair_into_another_namespace_is_no_uplink() -> None:
    """Its end has an address, but leads to what is on this node, if no NIC is there.

    The end of a pair whose other is out of sight is the way out of a node that is a
    container itself, and only then.
    """
    vpn0 = link(30, "vpn0", kind="veth", peer_index=3, peer_netns=netns(9))
    vpn0 = vpn0._replace(addresses=("10.9.0.1/24",))
    eth0 = link(31, "eth0", kind="veth", peer_index=8)
    eth0 = eth0._replace(addresses=("172.18.0.2/16",))
    inner = (NamespaceLinks(netns(9)),)

    def uplinks(*links: Link) -> list[str]:
        hops = way_out(model(links=links, namespaces=inner), pod=POD)
        return [hop.name for hop in hops if hop.kind is HopKind.UPLINK]

    assert uplinks(ENS3, OUTER, TUN0, vpn0, eth0) == ["ens3"]
    overlay = link(32, "flannel.1", kind="vxlan", addresses=("10.244.0.0/32",))
    assert uplinks(overlay, OUTER, TUN0, vpn0, eth0) == ["eth0"]
    assert uplinks(OUTER, TUN0, vpn0) == []


def test_an_uplink_of_another_bridge_is_the_nodes() -> None:
    """What leads off br-ex leads off the node: the NIC has no address of its own."""
    bare = ENS3._replace(addresses=())
    uplink = ovs_port("ens3", PortRole.UPLINK, "br-ex", link=bare)
    outer = Bridge("br-ex", BridgeKind.OVS, (uplink,))
    hops = way_out(model(POD, BR0, outer, links=(bare, OUTER, TUN0)), pod=POD)
    assert [hop.name for hop in hops if hop.kind is HopKind.UPLINK] == ["ens3"]


def test_on_no_bridge_the_node_routes() -> None:
    """A veth that is no port: where it leads the routes say."""
    pod = replace(POD, interfaces=(wired(INNER, OUTER),))
    hops = way_out(model(pod), pod=pod)
    assert drawn(hops)[5:] == [
        (0, "end", "on no bridge: the node's routes lead to vethA"),
        (1, "uplink", "ens3"),
    ]


def test_a_pod_in_an_engine_goes_on_by_its_container() -> None:
    """The way leads on from the interface of the container that runs the engine."""
    far, near = veth(9, 30, "vethB")
    outside = Counterpart(
        Relation.PEER, Whereabouts.ENGINE, far._replace(netns=netns(7)), owner="u7"
    )
    inner = Pod("u9", PodKind.POD, "deep", interfaces=(Interface(near, outside),))
    node = replace(model(), pods=(POD, inner))
    assert [hop.name for hop in way_out(node, pod=inner)][2:] == [
        "eth0",
        str(netns(9)),
        "vethB",
        "shop/web",
        *[hop.name for hop in way_out(node, pod=POD)][2:],
    ]


def test_a_port_begins_at_its_pod_and_a_process_at_itself() -> None:
    """A port without a pod begins at itself, and a way out ends at its bridge."""
    node = model()
    assert way_out(node, port=POD_PORT) == way_out(node, pod=POD)
    row = TreeProcess(process(41), pod="u7", container="nginx")
    hops = way_out(node, process=row)
    assert hops[0].name == "p41 (41)"
    assert hops[0].facts == ("container nginx",)
    tunnel = BR0.ports[0]
    assert [hop.name for hop in way_out(node, port=tunnel)] == ["vxlan0 of br0", "br0"]


def test_a_process_that_left_its_pod_goes_another_way() -> None:
    """What it does goes by the node's own links; that is wrong."""
    row = TreeProcess(process(41, netns=HOST), pod="u7", container="nginx")
    hops = way_out(model(), process=row)
    assert "left the pod's network" in hops[2].name
    assert hops[2].wrong
    assert hops[-1].name == "ens3"
    assert "vethA" not in {hop.name for hop in hops}


def test_without_an_end_outside_it_says_why() -> None:
    """A pod whose interface cannot be looked at, and one that has none."""
    pod = replace(POD, interfaces=(), reason="no permission to look inside")
    hops = way_out(model(pod), pod=pod)
    assert hops[-1].wrong == ("no permission to look inside",)
    alone = replace(POD, interfaces=(Interface(INNER),), reason="its peer is unknown")
    assert way_out(model(alone), pod=alone)[-1].name == "its peer is unknown"


def test_a_namespace_shows_who_is_in_it() -> None:
    """Processes that were seen there stand for those of a container."""
    space = NamespaceLinks(netns(7), pids=(77, 78))
    pod = replace(POD, kind=PodKind.NETNS, containers=())
    hops = way_out(model(pod, namespaces=(space,)), pod=pod)
    assert (hops[0].name, hops[0].facts) == ("pid 77", ("pid 78",))
    assert hops[0].kind is HopKind.PROCESS


def test_a_port_stands_in_for_a_link_that_is_not_watched() -> None:
    """Its rates are known without looking closely; of others there are totals."""
    total = Counters(1, 2, 3, 4, 0, 0, 0, 0)
    seen = replace(POD_PORT, counters=total, rate=Rate(1, 2, 3, 4))
    node = model(POD, replace(BR0, ports=(seen,)), counters={2: total})
    hops = way_out(node, pod=POD)
    assert hop_of(hops, "vethA").traffic == Traffic(total, Rate(1, 2, 3, 4))
    assert hop_of(hops, "ens3").traffic == Traffic(total)
    assert hop_of(hops, "eth0").traffic is None


@given(st.text())
def test_nothing_acts_on_a_terminal(text: str) -> None:
    """Whatever names, purposes and reasons hold, the hops are safe to print."""
    outer, inner = OUTER._replace(name=text), INNER._replace(name=text)
    pod = replace(POD, name=text, reason=text, interfaces=(wired(inner, outer, "b"),))
    port = replace(POD_PORT, bridge=text, purpose=text, error=text, name=text)
    for node in (
        model(pod, Bridge(text, BridgeKind.OVS, (port,), fail_mode=text)),
        model(replace(pod, interfaces=())),
    ):
        for hops in (way_out(node, pod=node.pods[0]), way_out(node, port=port)):
            said = [s for hop in hops for s in (hop.name, *hop.facts, *hop.wrong)]
            assert all(c.isprintable() for text in said for c in text)
