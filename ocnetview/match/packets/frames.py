"""A packet's bytes -> where its headers are, and the numbers that tell it apart."""

from __future__ import annotations

from struct import Struct, error
from typing import NamedTuple

from ocnetview.facts.packets import Packet

# LINKTYPE_* of the pcap registry.
NULL, ETHERNET, SLL, SLL2 = 0, 1, 113, 276
_RAW = frozenset({12, 14, 101, 228, 229})
"""RAW as several systems number it, and RAW of one version only."""
# EtherTypes.
IPV4, ARP, IPV6, TRANSPARENT = 0x0800, 0x0806, 0x86DD, 0x6558
_TAGS = frozenset({0x8100, 0x88A8, 0x9100})
_MOST_TAGS = 8
_MAC = 6
# IP protocols.
ICMP, IPIP, TCP, UDP, SIT, GRE, ESP, ICMP6, SCTP = 1, 4, 6, 17, 41, 47, 50, 58, 132
_ROUTING, _FRAGMENT, _AH, _NONE = 43, 44, 51, 59
_OPTIONS = frozenset({0, 60, 135, 139, 140, _ROUTING})
"""Extension headers that tell their length in units of 8 bytes beyond the first."""
_MOST_OPTIONS = 16
NOTHING = -1
"""The protocol of what is no IP."""

_TYPE = Struct("!H")
_TAG = Struct("!HH")
_SLL = Struct("!4xH8sH")
_SLL2 = Struct("!HxxIHBB8s")
_IPV4 = Struct("!BxHHHxBxx4s4s")
_IPV6 = Struct("!BxxxHBx16s16s")
_PIECE = Struct("!BxHI")
_SIZED = Struct("!BB")
_ARP = Struct("!HHBBH6s4s6s4s")
_ARP_KIND = (1, IPV4, _MAC, 4)
"""Of Ethernet, for IPv4."""


class Frame(NamedTuple):
    """The layers of a packet up to what IP carries, in numbers."""

    data: bytes
    end: int
    """Where the packet ends on the wire, or where IP says so; beyond `data` where
    less was kept."""
    ethertype: int = 0
    source_mac: bytes = b""
    target_mac: bytes = b""
    vlans: tuple[int, ...] = ()
    source: bytes = b""
    """4 or 16 bytes; empty where there is no IP and no ARP."""
    target: bytes = b""
    protocol: int = NOTHING
    start: int = 0
    """Where that begins which the last of these headers carries."""
    ident: int = 0
    """IPv4's identification, or that of IPv6's fragment header."""
    offset: int = 0
    """Of a fragment, in bytes; -1 for what is none."""
    short: bool = False
    """Claims that the headers are cut off."""


def frame_of(packet: Packet) -> Frame:
    """Return the layers of a packet as it was captured."""
    length = max(packet.length, len(packet.data))
    return frame_at(packet.data, 0, length, packet.linktype)


def frame_at(data: bytes, at: int, end: int, linktype: int) -> Frame:
    """Return the layers from somewhere in the bytes on."""
    try:
        if linktype == ETHERNET:
            target, source = data[at : at + _MAC], data[at + _MAC : at + 2 * _MAC]
            (ethertype,) = _TYPE.unpack_from(data, at + 12)
            bare = Frame(data, end, ethertype, source, target, start=at + 14)
        elif linktype == SLL:
            size, source, ethertype = _SLL.unpack_from(data, at)
            bare = Frame(data, end, ethertype, _mac(source, size), start=at + 16)
        elif linktype == SLL2:
            ethertype, _, _, _, size, source = _SLL2.unpack_from(data, at)
            bare = Frame(data, end, ethertype, _mac(source, size), start=at + 20)
        else:
            return _unframed(data, at, end, linktype)
        return _tagged(bare) if ethertype in _TAGS else network(bare)
    except error:
        return Frame(data, end, start=at, short=True)


def _mac(address: bytes, size: int) -> bytes:
    """Return the address of a cooked header, where it is a MAC."""
    return address[:_MAC] if size == _MAC else b""


def _unframed(data: bytes, at: int, end: int, linktype: int) -> Frame:
    """Return the layers of what begins with IP, or with four bytes before it."""
    if linktype == NULL:
        at += 4
    elif linktype not in _RAW:
        return Frame(data, end, start=at)
    if at >= len(data):
        return Frame(data, end, start=at, short=True)
    # The version tells it; how NULL numbers the families depends on the system.
    ethertype = {4: IPV4, 6: IPV6}.get(data[at] >> 4, 0)
    return network(Frame(data, end, ethertype, start=at))


def _tagged(frame: Frame) -> Frame:
    """Return the layers behind VLAN tags."""
    data, at, ethertype = frame.data, frame.start, frame.ethertype
    vlans: tuple[int, ...] = ()
    try:
        while ethertype in _TAGS and len(vlans) < _MOST_TAGS:
            tag, ethertype = _TAG.unpack_from(data, at)
            vlans, at = (*vlans, tag & 0xFFF), at + 4
    except error:
        return frame._replace(vlans=vlans, short=True)
    return network(frame._replace(ethertype=ethertype, vlans=vlans, start=at))


def network(frame: Frame) -> Frame:
    """Return a frame with the addresses of what it carries."""
    try:
        if frame.ethertype == IPV4:
            return _ipv4(frame)
        if frame.ethertype == IPV6:
            return _ipv6(frame)
        if frame.ethertype == ARP:
            *kind, _, _, source, _, target = _ARP.unpack_from(frame.data, frame.start)
            if tuple(kind) == _ARP_KIND:
                return frame._replace(source=source, target=target)
    except error:
        return frame._replace(short=True)
    return frame


def _ipv4(frame: Frame) -> Frame:
    """Return a frame with what IPv4 says."""
    data, at = frame.data, frame.start
    first, total, ident, piece, protocol, source, target = _IPV4.unpack_from(data, at)
    size = (first & 15) * 4
    # The kernel leaves a total of 0 where a frame is too big for it (BIG TCP).
    end = at + total if total else frame.end
    at += size
    offset = (piece & 0x1FFF) * 8 if piece & 0x3FFF else NOTHING
    short = first >> 4 != 4 or size < _IPV4.size or end < at  # noqa: PLR2004 - its version
    end = min(end, frame.end)
    # What the link says stays: EtherType, MACs and VLANs.
    return Frame(
        data, end, *frame[2:6], source, target, protocol, at, ident, offset, short
    )


def _ipv6(frame: Frame) -> Frame:
    """Return a frame with what IPv6 and its extension headers say."""
    data, at = frame.data, frame.start
    first, size, protocol, source, target = _IPV6.unpack_from(data, at)
    at += _IPV6.size
    # 0 is a jumbogram's, and BIG TCP's.
    end = min(at + size, frame.end) if size else frame.end
    ident, offset, short = 0, NOTHING, first >> 4 != 6  # noqa: PLR2004 - its version
    if protocol in _OPTIONS or protocol in (_FRAGMENT, _AH):
        protocol, at, ident, offset, cut = _extended(data, protocol, at)
        short = short or cut
    return Frame(
        data, end, *frame[2:6], source, target, protocol, at, ident, offset, short
    )


def _extended(data: bytes, protocol: int, at: int) -> tuple[int, int, int, int, bool]:
    """Return what is behind extension headers: protocol, where, and its fragment."""
    ident, offset = 0, NOTHING
    try:
        for _ in range(_MOST_OPTIONS):
            if protocol in _OPTIONS:
                protocol, size = _SIZED.unpack_from(data, at)
                at += 8 + 8 * size
            elif protocol == _AH:
                protocol, size = _SIZED.unpack_from(data, at)
                at += 8 + 4 * size
            elif protocol == _FRAGMENT:
                protocol, piece, ident = _PIECE.unpack_from(data, at)
                at, offset = at + 8, piece & 0xFFF8
                if offset:
                    break
            else:
                break
    except error:
        return protocol, at, ident, offset, True
    return protocol, at, ident, offset, False
