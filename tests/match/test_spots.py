"""Where packets of a pod, a port or a process are captured."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from shutil import which

import pytest
from builders import HOST, container, link, netns, process, veth, wired

from ocnetview.facts import Link, NamespaceLinks, OvsInterface
from ocnetview.facts.inside import Socket, SocketsFacts
from ocnetview.facts.packets import Spot
from ocnetview.match.spots import (
    Spots,
    spots_of_pod,
    spots_of_port,
    spots_of_process,
)
from ocnetview.model import (
    Bridge,
    BridgeKind,
    Counterpart,
    Evidence,
    EvidenceKind,
    Interface,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    Relation,
    TreeProcess,
    Whereabouts,
)

OUTER, INNER = veth(7, 12, "vethA")
PROOF = Evidence(EvidenceKind.KERNEL, "indexes and namespaces agree")
TUNNEL = link(5, "vxlan_sys_4789", kind="vxlan")
NIC = link(2, "ens3", addresses=("192.0.2.7/24",))
BR_EX = link(6, "br-ex", kind="openvswitch", addresses=("192.0.2.8/24",))
BARE = link(8, "vethB", kind="veth", addresses=("fe80::1/64",))
DOWN = link(9, "ens4")._replace(up=False, addresses=("198.51.100.1/24",))
PINS = ("/run/netns/web",)


def port(name: str, role: PortRole, type_: str = "system", **more: object) -> Port:
    """Return a port of br0."""
    return Port("br0", BridgeKind.OVS, name, type_, role=role, **more)  # type: ignore[arg-type]


def pod(*interfaces: Interface, **more: object) -> Pod:
    """Return shop/web, which runs in namespace 7."""
    values: dict[str, object] = {
        "containers": (container(7, "web", started=42),),
        "netns": netns(7),
        "interfaces": interfaces,
        "addresses": ("10.128.0.7", "fd00::7"),
    }
    made = {**values, **more}
    return Pod("uid-7", PodKind.POD, "web", "shop", **made)  # type: ignore[arg-type]


VETH = wired(INNER, OUTER, "br0/vethA", PROOF)


def node(
    *pods: Pod, links: tuple[Link, ...] = (), ports: tuple[Port, ...] = ()
) -> NodeModel:
    """Return a node with br0 and a pinned namespace 7."""
    inside = NamespaceLinks(netns(7), 7, PINS, (5007,), links=(INNER,))
    bridge = Bridge("br0", BridgeKind.OVS, ports, link(3, "br0", kind="openvswitch"))
    return NodeModel(
        bridges=(bridge,),
        pods=pods,
        links=(link(1, "lo", addresses=("127.0.0.1/8",)), *links),
        host=HOST,
        namespaces=(inside,),
    )


def names(found: Spots) -> list[tuple[str, bool]]:
    """Return the links of spots, and whether they are in another namespace."""
    return [(spot.ifname, spot.netns is not None) for spot in found.spots]


def test_a_veth_is_best_at_the_node_and_possible_inside() -> None:
    """The matched end comes first, with the proof; then the interface itself."""
    web = pod(VETH)
    found = spots_of_pod(node(web), web)
    assert names(found) == [("vethA", False), ("eth0", True)]
    best, inner = found.spots
    assert (best.owner, best.owner_key, best.mac) == ("shop/web", "uid-7", INNER.mac)
    assert not best.inwards
    assert "kernel, both ends" in best.why
    assert inner.inwards
    assert (inner.netns, inner.pid, inner.start_time, inner.pins) == (
        *(netns(7), 5007, 42),
        PINS,
    )


def test_every_interface_has_its_spots_the_main_one_first() -> None:
    """Of a pod with two networks both are offered."""
    outer, inner = veth(7, 13, "vethB", 3, "net1")
    web = pod(VETH, wired(inner, outer))
    assert names(spots_of_pod(node(web), web)) == [
        *(("vethA", False), ("eth0", True)),
        *(("vethB", False), ("net1", True)),
    ]


@pytest.mark.parametrize("kind", ["macvlan", "ipvlan", "vlan", ""])
def test_what_shares_its_parent_is_captured_inside(kind: str) -> None:
    """The parent has the packets of others, too: it is no spot."""
    inner = INNER._replace(kind=kind)
    parent = Counterpart(Relation.PARENT, Whereabouts.HOST, NIC)
    web = pod(Interface(inner, parent if kind else None))
    found = spots_of_pod(node(web, links=(NIC,)), web)
    assert names(found) == [("eth0", True)]


def test_a_virtual_function_is_captured_at_its_representor() -> None:
    """And it is said that the hardware may forward by itself."""
    shown = link(20, "pf0vf3", phys_port="pf0vf3")
    other = Counterpart(Relation.REPRESENTOR, Whereabouts.HOST, shown)
    web = pod(Interface(INNER._replace(kind=""), other))
    found = spots_of_pod(node(web), web)
    assert names(found)[0] == ("pf0vf3", False)
    assert "hardware" in found.spots[0].why


def test_a_pod_of_a_node_container_is_captured_in_that() -> None:
    """Its veth's other end is there, so its namespace is entered."""
    kind = Pod(
        "kind",
        PodKind.CONTAINER,
        "kind-worker",
        containers=(container(9, "kind-worker", started=3),),
        netns=netns(9),
    )
    other = Counterpart(Relation.PEER, Whereabouts.ENGINE, OUTER, "kind")
    web = pod(Interface(INNER, other), engine="kind")
    best = spots_of_pod(node(web, kind), web).spots[0]
    assert (best.ifname, best.netns, best.pid, best.start_time) == (
        *("vethA", netns(9)),
        *(5009, 3),
    )
    assert best.owner == "shop/web"


def sockets(*found: Socket) -> SocketsFacts:
    """Return the sockets of a pod."""
    return SocketsFacts("sock_diag", 1.0, found)


def socket(local: str, number: int, protocol: str = "tcp") -> Socket:
    """Return a listening socket."""
    return Socket(protocol, 4, "LISTEN", local, number, "", 0)


def test_a_host_network_pod_is_filtered_by_its_sockets() -> None:
    """The uplink comes first, then other links with addresses; not what is down.

    Nor what has a link-local one only, as each pod's veth does.
    """
    agent = pod(host_network=True, netns=HOST)
    found = spots_of_pod(
        node(agent, links=(DOWN, BARE, BR_EX, NIC)),
        agent,
        sockets(
            socket("0.0.0.0", 9100),  # noqa: S104 - what a socket says
            socket("0.0.0.0", 53, "udp"),  # noqa: S104 - as above
            socket("127.0.0.1", 8080),
            socket("0.0.0.0", 1, "raw"),  # noqa: S104 - as above
        ),
    )
    assert names(found) == [("ens3", False), ("br-ex", False)]
    own = "src host 192.0.2.7 or src host 192.0.2.8"
    heard = "dst host 255.255.255.255 or ip multicast or ip6 multicast"
    wanted = (
        f"(({own}) and (tcp src port 9100 or udp src port 53))"
        f" or (({own.replace('src', 'dst')} or {heard})"
        " and (tcp dst port 9100 or udp dst port 53))"
    )
    assert {spot.filter for spot in found.spots} == {wanted}
    assert all(spot.inwards for spot in found.spots)


def test_a_bound_socket_is_told_by_its_own_address() -> None:
    """What was accepted is of its listener; what is bound elsewhere has that address.

    The zone of an address, and how IPv6 writes an IPv4 one, are no part of a filter.
    """
    agent = pod(host_network=True, netns=HOST)
    open_ones = sockets(
        socket("::", 9100),
        socket("::ffff:192.0.2.7", 9100),
        socket("198.51.100.1", 9100),
        socket("fe80::1%ens3", 546, "udp"),
    )
    (spot,) = spots_of_pod(node(agent, links=(NIC,)), agent, open_ones).spots
    assert spot.filter == (
        "(src host 192.0.2.7 and tcp src port 9100)"
        " or (dst host 192.0.2.7 and tcp dst port 9100)"
        " or (src host 198.51.100.1 and tcp src port 9100)"
        " or (dst host 198.51.100.1 and tcp dst port 9100)"
        " or (src host fe80::1 and udp src port 546)"
        " or (dst host fe80::1 and udp dst port 546)"
    )
    assert "its 2 ports" in spot.why


def test_the_nodes_own_frames_at_an_uplink_come_from_its_bridge() -> None:
    """The MAC of the link, or of the bridge that it is a port of, tells sent ones."""
    agent = pod(host_network=True, netns=HOST)
    bare = link(8, "ens4", mac="02:00:00:00:00:08")
    wire = port("ens4", PortRole.UPLINK, link=bare)
    nic = NIC._replace(mac="02:00:00:00:00:02")
    model = node(agent, links=(nic, bare), ports=(wire,))
    bridge = model.bridges[0]
    its = link(3, "br0", mac="02:00:00:00:00:03")
    model = replace(model, bridges=(replace(bridge, link=its),))
    found = spots_of_pod(model, agent, sockets(socket("192.0.2.7", 80)))
    assert [(one.ifname, one.mac) for one in found.spots] == [
        ("ens3", "02:00:00:00:00:02"),
        ("ens4", "02:00:00:00:00:03"),
    ]


def test_a_bond_comes_before_the_bridge_of_containers() -> None:
    """An address on a Linux bridge or a veth is for what is on the node itself."""
    agent = pod(host_network=True, netns=HOST)
    links = (
        link(11, "docker0", kind="bridge", addresses=("172.17.0.1/16",)),
        link(12, "vpn0", kind="veth", addresses=("192.168.100.1/24",)),
        link(13, "team0", kind="team", addresses=("192.0.2.9/24",)),
    )
    known = sockets(socket("0.0.0.0", 53, "udp"))  # noqa: S104 - what a socket says
    found = spots_of_pod(node(agent, links=links), agent, known)
    assert found.spots[0].why.endswith("the filter is its 1 port as of now")
    assert [name for name, _ in names(found)] == ["team0", "docker0", "vpn0"]


@pytest.mark.parametrize("known", [None, sockets(), sockets(socket("::1", 80))])
def test_without_sockets_nothing_of_the_node_passes(known: SocketsFacts | None) -> None:
    """The packets of others are not shown as the pod's, and it is said why."""
    agent = pod(host_network=True, netns=HOST)
    (spot,) = spots_of_pod(node(agent, links=(NIC,)), agent, known).spots
    assert spot.filter == "less 0"
    assert "nothing passes the filter" in spot.why


def test_more_ports_than_a_filter_can_hold_are_none() -> None:
    """A filter that the kernel would refuse is not made."""
    agent = pod(host_network=True, netns=HOST)
    many = sockets(*(socket("192.0.2.7", 1000 + n) for n in range(900)))
    (spot,) = spots_of_pod(node(agent, links=(NIC,)), agent, many).spots
    assert spot.filter == "less 0"
    assert "900 ports" in spot.why


@pytest.mark.parametrize(
    "local",
    [
        "0.0.0.0",  # noqa: S104 - what a socket says
        "192.0.2.7",
        "fd00::{:x}",
    ],
)
@pytest.mark.parametrize("linktype", ["EN10MB", "RAW"])
def test_the_largest_filter_is_one_that_the_kernel_takes(
    local: str, linktype: str
) -> None:
    """As many ports as are let through make fewer instructions than BPF_MAXINSNS."""
    tcpdump = which("tcpdump", path=os.defpath + ":/usr/sbin:/sbin")
    if tcpdump is None:
        pytest.skip("no tcpdump here")
    agent = pod(host_network=True, netns=HOST)
    made, number = "", 0
    while made != "less 0":
        wanted, number = made, number + 1
        many = sockets(*(socket(local.format(n + 9), 2000 + n) for n in range(number)))
        (spot,) = spots_of_pod(node(agent, links=(NIC,)), agent, many).spots
        made = spot.filter
    said = subprocess.run(
        [tcpdump, "-y", linktype, "-d", "--", wanted],
        capture_output=True,
        text=True,
        check=True,
    )
    assert 500 < len(said.stdout.splitlines()) < 4096


def test_the_tunnel_is_what_a_pod_is_compared_with() -> None:
    """The kernel's device that OVS's tunnels share, for the pod's addresses alone."""
    web = pod(VETH)
    vxlan = port(
        "vxlan0", PortRole.TUNNEL, "vxlan", ovs=OvsInterface("vxlan0", "vxlan")
    )
    model = node(web, links=(TUNNEL,), ports=(vxlan,))
    (tunnel,) = spots_of_pod(model, web).others
    assert (tunnel.ifname, tunnel.owner) == ("vxlan_sys_4789", "")
    assert tunnel.filter == "host 10.128.0.7 or host fd00::7"
    assert tunnel.inwards


def test_a_tunnel_of_another_port_has_another_device() -> None:
    """options:dst_port names it."""
    row = OvsInterface("ovn-1", "geneve", options={"dst_port": "6082"})
    away = port("ovn-1", PortRole.TUNNEL, "geneve", ovs=row)
    device = link(8, "genev_sys_6082", kind="geneve")
    model = node(links=(device,), ports=(away,))
    assert names(spots_of_port(model, away)) == [("genev_sys_6082", False)]
    assert not spots_of_port(node(ports=(away,)), away).spots


def test_what_is_no_address_gets_into_no_filter() -> None:
    """A runtime may say anything: it is not written into a filter."""
    web = pod(VETH, addresses=("10.128.0.7 or net 0.0.0.0/0", "10.128.0.8/24"))
    vxlan = port("vxlan0", PortRole.TUNNEL, "vxlan")
    (tunnel,) = spots_of_pod(node(web, links=(TUNNEL,), ports=(vxlan,)), web).others
    assert tunnel.filter == "host 10.128.0.8"


def test_without_an_ovs_tunnel_the_nodes_own_are_taken() -> None:
    """As flannel and Calico make them, beside a bridge or without one."""
    web = pod(VETH)
    flannel = link(4, "flannel.1", kind="vxlan")
    (tunnel,) = spots_of_pod(node(web, links=(flannel,)), web).others
    assert tunnel.ifname == "flannel.1"


def test_a_port_leads_to_the_spots_of_its_pod() -> None:
    """Its own link comes first, with the pod's name."""
    web = pod(VETH)
    behind = port("vethA", PortRole.POD, link=OUTER, pod="uid-7")
    found = spots_of_port(node(web, ports=(behind,)), behind)
    assert names(found) == [("vethA", False), ("eth0", True)]
    assert found.spots[0].owner == "shop/web"


@pytest.mark.parametrize(
    ("one", "ifname"),
    [
        (port("ens3", PortRole.UPLINK, link=NIC), "ens3"),
        (port("br0", PortRole.LOCAL, "internal", ofport=65534), "br0"),
    ],
)
def test_another_port_is_captured_at_its_device(one: Port, ifname: str) -> None:
    """An uplink at the NIC, the bridge's own port at the bridge's device."""
    assert names(spots_of_port(node(ports=(one,)), one)) == [(ifname, False)]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (port("patch-ex", PortRole.PATCH, "patch"), ("patch port", "ovs-tcpdump -i")),
        (port("dpdk0", PortRole.UPLINK, "dpdk"), ("dpdk port", "adds to OVS")),
        (port("gone", PortRole.STALE), ("no device",)),
    ],
)
def test_a_port_without_a_device_has_no_spot(one: Port, words: tuple[str, ...]) -> None:
    """It is said why, and what would write to OVS to show its packets."""
    found = spots_of_port(node(ports=(one,)), one)
    assert not found.spots
    assert all(word in found.reason for word in words)


def row(pid: int, inside: int = 7, of: str = "") -> TreeProcess:
    """Return a process in this namespace."""
    where = netns(inside) if inside else HOST
    return TreeProcess(process(pid, netns=where), pod=of)


def test_a_process_is_captured_in_the_network_that_it_is_in() -> None:
    """Its pod's, or the one that it entered, or the node's own."""
    web, other = pod(VETH), pod(netns=netns(8))
    other = replace(other, key="uid-8", name="db", interfaces=(Interface(INNER),))
    model = node(web, other, links=(NIC,))
    assert spots_of_process(model, row(5, 7, "uid-7")).spots[0].owner == "shop/web"
    assert spots_of_process(model, row(5, 8, "uid-7")).spots[0].owner == "shop/db"
    assert spots_of_process(model, row(5, 7)).spots[0].owner == "shop/web"
    away = spots_of_process(model, row(5, 0, "uid-7"), sockets(socket("::", 80)))
    assert away.spots == (
        Spot(
            "ens3",
            owner="process 5 (p5)",
            inwards=True,
            filter="(src host 192.0.2.7 and tcp src port 80)"
            " or (dst host 192.0.2.7 and tcp dst port 80)",
            why=away.spots[0].why,
        ),
    )


def test_a_process_of_an_unknown_network_has_no_spot() -> None:
    """What would tell is named."""
    found = spots_of_process(node(), TreeProcess(process(5)))
    assert (found.spots, "CAP_SYS_PTRACE" in found.reason) == ((), True)


def test_a_pod_that_ended_has_no_spot_but_a_reason() -> None:
    """Without a namespace nothing passes."""
    done = pod(netns=None, containers=())
    found = spots_of_pod(node(done), done)
    assert (found.spots, found.reason) == (
        (),
        "it has no network namespace: nothing of it runs",
    )
