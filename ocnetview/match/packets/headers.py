"""A packet's bytes -> what it says of itself, in a line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from struct import Struct, error

from ocnetview.facts.packets import Packet
from ocnetview.match.packets.dns import DNS_PORTS, dns
from ocnetview.match.packets.frames import (
    ARP,
    ESP,
    ICMP,
    ICMP6,
    NOTHING,
    SCTP,
    TCP,
    UDP,
    Frame,
    frame_of,
)
from ocnetview.match.packets.icmp import icmp4, icmp6
from ocnetview.match.packets.links import arp, link_protocol
from ocnetview.match.packets.tcp import tcp
from ocnetview.match.packets.tunnels import DEEPEST, VXLAN_PORTS, Carried, carried_by
from ocnetview.match.packets.written import address
from ocnetview.model.packets import Header

CUT_OFF = "[cut off]"
"""What the info of a packet ends with whose headers do not end in what was kept."""
_PORTS = Struct("!HH")
_UDP = Struct("!HHH")
_ESP = Struct("!II")
_NAMES = {
    0: "hop-by-hop",
    ICMP: "ICMP",
    2: "IGMP",
    4: "IPIP",
    TCP: "TCP",
    UDP: "UDP",
    41: "SIT",
    43: "routing",
    44: "fragment",
    47: "GRE",
    ESP: "ESP",
    ICMP6: "ICMP6",
    59: "no next header",
    89: "OSPF",
    103: "PIM",
    112: "VRRP",
    SCTP: "SCTP",
    136: "UDP-Lite",
}
_SCTP_TYPES = {
    0: "DATA",
    1: "INIT",
    2: "INIT ACK",
    3: "SACK",
    4: "HEARTBEAT",
    5: "HEARTBEAT ACK",
    6: "ABORT",
    7: "SHUTDOWN",
    8: "SHUTDOWN ACK",
    9: "ERROR",
    10: "COOKIE ECHO",
    11: "COOKIE ACK",
    14: "SHUTDOWN COMPLETE",
}
_SCTP = 12


def decode(packet: Packet, vxlan: Collection[int] = VXLAN_PORTS) -> Header:
    """Return what a packet says; of what cannot be read, that it cannot be.

    `vxlan` are the UDP ports that carry VXLAN on this node.
    """
    return _header(frame_of(packet), vxlan, DEEPEST)


def _header(frame: Frame, vxlan: Collection[int], deep: int) -> Header:
    """Return what a frame says, and what it carries."""
    carried = carried_by(frame, vxlan) if deep else None
    if carried:
        return _tunnel(frame, carried, vxlan, deep - 1)
    protocol, info, source, target, short = _said(frame)
    if short or frame.short:
        info, short = f"{info} {CUT_OFF}".lstrip(), True
    source_mac, target_mac = address(frame.source_mac), address(frame.target_mac)
    return Header(
        protocol,
        info,
        address(frame.source) or source_mac,
        address(frame.target) or target_mac,
        source,
        target,
        source_mac,
        target_mac,
        frame.vlans,
        truncated=short,
    )


_Said = tuple[str, str, int | None, int | None, bool]
"""Protocol, info, both ports, and whether it is cut off."""


def _said(frame: Frame) -> _Said:
    """Return what the layers above the addresses say."""
    protocol = frame.protocol
    if protocol == NOTHING:
        name, info = arp(frame) if frame.ethertype == ARP else link_protocol(frame)
        return name, info, None, None, frame.short
    name = _NAMES.get(protocol) or f"IP {protocol}"
    if frame.short:
        return name, "", None, None, True
    if frame.offset > 0:
        size = max(0, frame.end - frame.start)
        info = f"fragment id {frame.ident} offset {frame.offset} len {size}"
        return name, info, None, None, False
    try:
        said = _READERS.get(protocol, _named)(frame)
    except (error, IndexError):
        return name, "", *_ports(frame), True
    if frame.offset == NOTHING:
        return said
    name, info, source, target, short = said
    first = f"{info}, first fragment id {frame.ident}"
    return name, first, source, target, short


def _named(frame: Frame) -> _Said:
    """Return what is said of a protocol that is not read."""
    name = _NAMES.get(frame.protocol) or f"IP {frame.protocol}"
    return name, f"len {max(0, frame.end - frame.start)}", None, None, False


def _ports(frame: Frame) -> tuple[int | None, int | None]:
    """Return the ports of what has some, though all behind them may be cut off."""
    if frame.protocol in (TCP, UDP, SCTP) and len(frame.data) >= frame.start + 4:
        source, target = _PORTS.unpack_from(frame.data, frame.start)
        return source, target
    return None, None


def _tunnel(
    frame: Frame, carried: Carried, vxlan: Collection[int], deep: int
) -> Header:
    """Return what a tunnel's packet says, and the packet inside."""
    inner = _header(carried.frame, vxlan, deep) if carried.frame else None
    words = [] if carried.vni is None else [f"vni {carried.vni}"]
    if inner:
        words += ["▸", inner.protocol, inner.info]
    elif carried.short:
        words.append(CUT_OFF)
    source, target = _ports(frame)
    return Header(
        carried.tunnel,
        " ".join(filter(None, words)),
        address(frame.source),
        address(frame.target),
        source,
        target,
        address(frame.source_mac),
        address(frame.target_mac),
        frame.vlans,
        carried.vni,
        inner,
        carried.short or (inner is not None and inner.truncated),
    )


def _udp(frame: Frame) -> _Said:
    """Return what UDP says, and DNS on top of it."""
    source, target, size = _UDP.unpack_from(frame.data, frame.start)
    if (source in DNS_PORTS or target in DNS_PORTS) and size > _UDP.size + 2:
        told = dns(frame.data[frame.start + 8 : frame.end])
        name = "mDNS" if 5353 in (source, target) else "DNS"  # noqa: PLR2004 - RFC 6762
        if told:
            return name, told, source, target, False
    # Without a size of its own it is a jumbogram, or what GSO made of many.
    length = size - 8 if size else frame.end - frame.start - 8
    return "UDP", f"len {length}", source, target, 0 < size < 8  # noqa: PLR2004


def _icmp4(frame: Frame) -> _Said:
    """Return what ICMP says."""
    return "ICMP", icmp4(frame), None, None, False


def _icmp6(frame: Frame) -> _Said:
    """Return what ICMPv6 says."""
    return "ICMP6", icmp6(frame), None, None, False


def _sctp(frame: Frame) -> _Said:
    """Return the ports of SCTP and its first chunk."""
    source, target = _PORTS.unpack_from(frame.data, frame.start)
    kind = frame.data[frame.start + _SCTP]
    size = frame.end - frame.start - _SCTP
    info = f"{_SCTP_TYPES.get(kind, f'chunk {kind}')}, len {size}"
    return "SCTP", info, source, target, False


def _esp(frame: Frame) -> _Said:
    """Return which security association encrypts it, and its number there."""
    spi, number = _ESP.unpack_from(frame.data, frame.start)
    return "ESP", f"encrypted, spi {spi:#x}, seq {number}", None, None, False


_READERS: Mapping[int, Callable[[Frame], _Said]] = {
    TCP: tcp,
    UDP: _udp,
    ICMP: _icmp4,
    ICMP6: _icmp6,
    SCTP: _sctp,
    ESP: _esp,
}
