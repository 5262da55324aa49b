"""A bridge of OpenShift SDN with two pods, and their flows."""

from __future__ import annotations

from builders import netns

from ocnetview.facts import Container, ContainerState, Link
from ocnetview.facts.openflow import FlowEntry, FlowsFacts
from ocnetview.match.openflow_text import read_flows
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

WEB, DB = "10.128.0.2", "10.128.0.3"
VNID = 0x98D14D
NOTE = " table=253 actions=note:02.0d.00.00.00.00"


def flows(ofport: int, address: str) -> str:
    """Return the flows of a healthy pod as ovs-ofctl prints them."""
    mac = ":".join(f"{int(part):02x}" for part in address.split("."))
    head = (
        " cookie=0x0, duration=60s, table={}, n_packets=10, n_bytes=900, priority=100"
    )
    to_reg0 = f"load:{VNID:#x}->NXM_NX_REG0[]"
    lines = [
        (20, f"arp,in_port={ofport},arp_spa={address}", f"{to_reg0},goto_table:30"),
        (20, f"ip,in_port={ofport},nw_src={address}", f"{to_reg0},goto_table:27"),
        (25, f"ip,nw_src={address}", f"{to_reg0},goto_table:27"),
        (40, f"arp,arp_tpa={address}", f"output:{ofport}"),
        (
            *(70, f"ip,nw_dst={address}"),
            f"load:{VNID:#x}->NXM_NX_REG1[],load:{ofport:#x}->NXM_NX_REG2[],goto_table:80",
        ),
    ]
    spa = f"arp_spa={address}"
    sha = f"{spa},arp_sha=00:00:{mac}/00:00:ff:ff:ff:ff"
    return "\n".join(
        f"{head.format(table)},{match.replace(spa, sha)} actions={actions}"
        for table, match, actions in lines
    )


def entries(*texts: str) -> tuple[FlowEntry, ...]:
    """Return the entries that these lines are."""
    return read_flows("\n".join(texts))


def facts(*texts: str, at: float = 100.0, bridge: str = "br0") -> FlowsFacts:
    """Return an answer of a bridge."""
    return FlowsFacts(f"ovs-ofctl of {bridge}", at, bridge, entries(*texts))


def _pod(name: str, number: int, ofport: int, address: str) -> tuple[Pod, Port]:
    """Return a pod and its port."""
    link = Link(
        *(netns(number), 2, "eth0", "veth"),
        mac=f"0a:58:0a:80:00:{number:02x}",
        addresses=(f"{address}/23",),
    )
    veth = f"veth{number}"
    pod = Pod(
        *(f"u{number}", PodKind.POD, name, "shop"),
        containers=(
            Container(f"c{number}", name, "docker", ContainerState.RUNNING, pid=100),
        ),
        interfaces=(Interface(link, port=f"br0/{veth}"),),
        addresses=(address,),
    )
    return pod, Port("br0", BridgeKind.OVS, veth, "system", ofport, pod=pod.key)


def model(*more: Port, bridge: str = "br0") -> NodeModel:
    """Return a node with pods shop/web on port 3 and shop/db on port 4."""
    (web, first), (db, second) = _pod("web", 2, 3, WEB), _pod("db", 3, 4, DB)
    ports = (
        Port(bridge, BridgeKind.OVS, "vxlan0", "vxlan", 1, role=PortRole.TUNNEL),
        Port(bridge, BridgeKind.OVS, "tun0", "internal", 2, role=PortRole.GATEWAY),
        *(first, second, *more),
    )
    made = Bridge(bridge, BridgeKind.OVS, ports, protocols=("OpenFlow13",))
    return NodeModel((made,), (web, db))
