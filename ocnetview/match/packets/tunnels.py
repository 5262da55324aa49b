"""A frame of a tunnel -> the frame that it carries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from struct import Struct, error
from typing import NamedTuple

from ocnetview.match.packets.frames import (
    ETHERNET,
    GRE,
    IPIP,
    IPV4,
    IPV6,
    SIT,
    TRANSPARENT,
    UDP,
    Frame,
    frame_at,
    network,
)
from ocnetview.model import NodeModel

VXLAN_PORTS = frozenset({4789, 8472})
"""IANA's, and Linux's own default, which flannel uses."""
_GENEVE_PORT = 6081
_VXLAN = Struct("!B3xI")
_GENEVE = Struct("!BxHI")
_GRE = Struct("!HH")
_UDP = 8
_GRE_FIELDS = (0x8000, 0x2000, 0x1000)
"""Flags of GRE: checksum, key, sequence number; each adds four bytes."""
_WITH_VNI = 0x08
DEEPEST = 4
"""Tunnels within tunnels that are looked into."""


def vxlan_ports(model: NodeModel) -> frozenset[int]:
    """Return the UDP ports that carry VXLAN on a node."""
    said = (
        port.ovs.options.get("dst_port", "")
        for port in model.ports_by_key.values()
        if port.ovs and port.type == "vxlan"
    )
    return VXLAN_PORTS | {int(p) for p in said if p.isascii() and p.isdigit()}


class Carried(NamedTuple):
    """What a tunnel's packet carries."""

    tunnel: str
    vni: int | None = None
    frame: Frame | None = None
    """None where that is nothing that we read."""
    short: bool = False


def carried_by(frame: Frame, vxlan: Collection[int] = VXLAN_PORTS) -> Carried | None:
    """Return what a frame carries; None for one of no tunnel."""
    carries = _CARRIERS.get(frame.protocol)
    if carries is None or frame.short or frame.offset > 0:
        return None
    return carries(frame, vxlan)


def innermost(frame: Frame, vxlan: Collection[int] = VXLAN_PORTS) -> Frame | None:
    """Return the frame that no tunnel carries any further; None where it is cut off."""
    for _ in range(DEEPEST):
        carried = carried_by(frame, vxlan)
        if carried is None:
            break
        if carried.frame is None:
            return None if carried.short else frame
        frame = carried.frame
    return frame


def _bare(frame: Frame, ethertype: int, at: int) -> Frame:
    """Return a frame that begins with IP."""
    return network(Frame(frame.data, frame.end, ethertype, start=at))


def _udp(frame: Frame, vxlan: Collection[int]) -> Carried | None:
    """Return what a datagram to a port of a tunnel carries."""
    data, at = frame.data, frame.start + 2
    port = int.from_bytes(data[at : at + 2], "big")
    if port in vxlan:
        return _vxlan(frame)
    return _geneve(frame) if port == _GENEVE_PORT else None


def _vxlan(frame: Frame) -> Carried:
    """Return what VXLAN carries (RFC 7348); without the flag it has no VNI."""
    at = frame.start + _UDP
    try:
        flags, vni = _VXLAN.unpack_from(frame.data, at)
    except error:
        return Carried("VXLAN", short=True)
    inner = frame_at(frame.data, at + _VXLAN.size, frame.end, ETHERNET)
    return Carried("VXLAN", vni >> 8 if flags & _WITH_VNI else None, inner)


def _geneve(frame: Frame) -> Carried:
    """Return what Geneve carries (RFC 8926), behind its options."""
    at = frame.start + _UDP
    try:
        first, kind, vni = _GENEVE.unpack_from(frame.data, at)
    except error:
        return Carried("Geneve", short=True)
    at += _GENEVE.size + 4 * (first & 0x3F)
    return Carried("Geneve", vni >> 8, _typed(frame, kind, at))


def _gre(frame: Frame) -> Carried:
    """Return what GRE carries (RFC 2784, RFC 2890)."""
    try:
        flags, kind = _GRE.unpack_from(frame.data, frame.start)
    except error:
        return Carried("GRE", short=True)
    size = _GRE.size + 4 * sum(bool(flags & one) for one in _GRE_FIELDS)
    version = flags & 7
    inner = None if version else _typed(frame, kind, frame.start + size)
    return Carried("GRE", None, inner)


def _typed(frame: Frame, kind: int, at: int) -> Frame | None:
    """Return a frame of this EtherType; None for one that we do not read."""
    if kind == TRANSPARENT:
        return frame_at(frame.data, at, frame.end, ETHERNET)
    return _bare(frame, kind, at) if kind in (IPV4, IPV6) else None


_CARRIERS: Mapping[int, Callable[[Frame, Collection[int]], Carried | None]] = {
    UDP: _udp,
    GRE: lambda frame, _: _gre(frame),
    IPIP: lambda frame, _: Carried("IPIP", None, _bare(frame, IPV4, frame.start)),
    SIT: lambda frame, _: Carried("SIT", None, _bare(frame, IPV6, frame.start)),
}
