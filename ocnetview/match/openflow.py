"""A pod or port -> what names it on the bridges of Open vSwitch, and what to ask.

`dump-flows` with a match gives the entries that are at least as narrow
(OFPST_FLOW, loose): those that name what the match names, and no others.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from ocnetview.facts.openflow import FlowsFacts
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import ofport_text
from ocnetview.match.openflow_text import ordered
from ocnetview.model import (
    Bridge,
    BridgeKind,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
)

NOTE_TABLE = 253
"""Where OpenShift SDN notes its plugin and the version of its rules."""
_OVN = frozenset({"ovn-installed", "ovn-installed-ts", "ovn-chassis-id"})
"""What ovn-controller writes into external_ids of its interfaces."""
_TO_INT = re.compile(r"patch-.+-to-br-int")
_FROM_INT = re.compile(r"patch-br-int-to-.+")


class Layout(StrEnum):
    """Who programs a bridge, as far as its ports tell."""

    SDN = "OpenShift SDN"
    OVN_INT = "OVN integration bridge"
    OVN_EX = "OVN-Kubernetes external bridge"
    OTHER = "no known layout"


@dataclass(frozen=True, slots=True)
class Wired:
    """What names a pod or port on a bridge."""

    bridge: str
    title: str
    """Untrusted text."""
    ofport: int | None = None
    """None where it has no port here."""
    addresses: tuple[str, ...] = ()
    """Without prefix length."""
    macs: tuple[str, ...] = ()
    expected: bool = False
    """Claims that a pod runs behind the port, which must be able to talk."""


def layout_of(bridge: Bridge) -> Layout:
    """Return who programs a bridge."""
    names = {port.name for port in bridge.ports}
    ids = {key for port in bridge.ports if port.ovs for key in port.ovs.external_ids}
    if names >= {"tun0", "vxlan0"}:
        return Layout.SDN
    if ids & _OVN or any(map(_FROM_INT.fullmatch, names)):
        return Layout.OVN_INT
    return Layout.OVN_EX if any(map(_TO_INT.fullmatch, names)) else Layout.OTHER


def wired_pod(model: NodeModel, pod: Pod) -> tuple[Wired, ...]:
    """Return what names a pod on each bridge that it is on, or passes behind one."""
    found = [_port_of(pod, port) for port in _ports(model) if port.pod == pod.key]
    layouts = {
        one.bridge: layout_of(model.bridges_by_name[one.bridge]) for one in found
    }
    if Layout.OVN_INT in layouts.values():
        outer = (b.name for b in model.bridges if layout_of(b) is Layout.OVN_EX)
        found += (Wired(name, pod.title, addresses=pod.addresses) for name in outer)
    return tuple(found)


def wired_port(model: NodeModel, port: Port) -> tuple[Wired, ...]:
    """Return what names a port: as the pod's that is behind it, else its own."""
    if port.datapath is not BridgeKind.OVS or not _valid(port.ofport):
        return ()
    pod = model.pods_by_key.get(port.pod)
    if pod:
        return (_port_of(pod, port),)
    own = port.link if port.role in (PortRole.GATEWAY, PortRole.LOCAL) else None
    addresses = tuple(map(_bare, own.addresses)) if own else ()
    macs = (own.mac,) if own and own.mac else ()
    return (Wired(port.bridge, port.name, port.ofport, addresses, macs),)


def _ports(model: NodeModel) -> Iterator[Port]:
    """Yield the ports of all OVS bridges that entries may name."""
    for bridge in model.bridges:
        if bridge.kind is BridgeKind.OVS:
            yield from (port for port in bridge.ports if _valid(port.ofport))


def _valid(ofport: int | None) -> bool:
    """Claim that the switch gave a number; -1 stands for a device that it lacks."""
    return ofport is not None and ofport >= 0


def _port_of(pod: Pod, port: Port) -> Wired:
    """Return what names a pod on its port: what the interface behind it has."""
    inside = next((i.link for i in pod.interfaces if i.port == port.key), None)
    addresses = map(_bare, inside.addresses) if inside else pod.addresses
    return Wired(
        bridge=port.bridge,
        title=pod.title,
        ofport=port.ofport,
        addresses=tuple(one for one in addresses if not _is_link_local(one)),
        macs=(inside.mac,) if inside and inside.mac else (),
        expected=pod.kind is PodKind.POD and _is_up(pod),
    )


def _is_up(pod: Pod) -> bool:
    """Claim that a pod has its network: also between the runs of what crashes."""
    return bool(pod.running or (pod.sandbox and pod.sandbox.ready))


def _bare(address: str) -> str:
    return address.partition("/")[0]


def _is_link_local(address: str) -> bool:
    """Claim that every interface may have it; also of what is no address."""
    try:
        return ipaddress.ip_address(address).is_link_local
    except ValueError:
        return True


def asks(bridge: Bridge, wired: Wired) -> tuple[str, ...]:
    """Return the matches that the bridge is to be asked for."""
    found: list[str] = []
    if wired.ofport is not None:
        port = ofport_text(wired.ofport)
        found += (f"in_port={port}", f"out_port={port}")
    for address in wired.addresses:
        found += _of_address(address)
    for mac in wired.macs:
        found += (f"dl_src={mac}", f"dl_dst={mac}")
        found += (f"arp,arp_sha={mac}", f"arp,arp_tha={mac}")
    layout = layout_of(bridge)
    if layout is Layout.SDN:
        found.append(f"table={NOTE_TABLE}")
    if layout in (Layout.OTHER, Layout.OVN_EX):
        found.append("out_port=NORMAL")
    return tuple(found)


def _of_address(address: str) -> tuple[str, ...]:
    """Return the matches that name an IP address."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return ()
    if version == 4:  # noqa: PLR2004 - IPv4
        return (
            *(f"ip,nw_src={address}", f"ip,nw_dst={address}"),
            *(f"arp,arp_spa={address}", f"arp,arp_tpa={address}"),
        )
    return (
        *(f"ipv6,ipv6_src={address}", f"ipv6,ipv6_dst={address}"),
        f"icmp6,icmp_type=135,nd_target={address}",
        f"icmp6,icmp_type=136,nd_target={address}",
    )


_KEYS = re.compile(
    r"(?:load:|set_field:)(0x[0-9a-f]{1,16}|[0-9]{1,19})"
    r"->(?:NXM_NX_REG14\[\]|reg14|OXM_OF_METADATA\[\]|metadata)(?![\[0-9])"
)


def further(bridge: Bridge, wired: Wired, facts: FlowsFacts) -> tuple[str, ...]:
    """Return what else to ask once the first answer is there.

    OVN's br-int turns the port into numbers in table 0, a datapath's in metadata and
    a logical port's in register 14; all that follows names those, register 15 where
    the port is the one that the packet goes to (ovn-architecture(7)).
    """
    if layout_of(bridge) is not Layout.OVN_INT or wired.ofport is None:
        return ()
    at = f"in_port={ofport_text(wired.ofport)}"
    found: list[str] = []
    for entry in facts.entries:
        numbers = {
            m[0].rpartition("->")[2]: m[1] for m in _KEYS.finditer(entry.actions)
        }
        port = numbers.get("NXM_NX_REG14[]") or numbers.get("reg14")
        path = numbers.get("OXM_OF_METADATA[]") or numbers.get("metadata")
        if entry.table == 0 and port and path and at in entry.match.split(","):
            found += (f"reg{n}={port},metadata={path}" for n in (14, 15))
    return tuple(dict.fromkeys(found))


def together(first: FlowsFacts, others: Iterable[FlowsFacts]) -> FlowsFacts:
    """Return several answers of a bridge as one, each entry once."""
    entries = [*first.entries]
    for one in others:
        entries += one.entries
    return FlowsFacts(first.source, first.at, first.bridge, ordered(entries))
