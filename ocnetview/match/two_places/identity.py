"""A packet -> what tells it from all others, wherever on its way it is seen.

A bridge, a router and a tunnel change MACs, TTL, VLAN tags and checksums (which the
kernel leaves undone before a wire, too). IPv4's identification, ports, numbers and
data stay; address translation changes one end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from struct import Struct, error
from typing import NamedTuple

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
)
from ocnetview.match.packets.icmp import ERRORS4, ERRORS6
from ocnetview.match.packets.tcp import FIN, RST, SYN
from ocnetview.match.packets.tcp import TCP as _TCP
from ocnetview.match.packets.tunnels import VXLAN_PORTS, innermost

_PORTED = frozenset({TCP, UDP, SCTP})
_BROADCAST = bytes([255] * 4)
_BEGINNING = 48
"""Bytes of a payload that are compared."""
_MOST = 1480
"""Bytes of a datagram that a frame of Ethernet holds."""
_UDP = Struct("!4xH")
_ICMP = Struct("!BBxxHH")
_OPERATION = Struct("!6xH")
_MARKING = SYN | FIN | RST
_ECHO = {ICMP: (8, 0), ICMP6: (128, 129)}
"""Types of request and reply."""
_ERRORS = {ICMP: ERRORS4, ICMP6: ERRORS6}


class Flow(NamedTuple):
    """Packets of one protocol from one end to another."""

    protocol: int
    """IP's number; the EtherType below zero for what is no IP."""
    source: bytes
    """The address, and the port where there is one."""
    target: bytes

    @property
    def back(self) -> Flow:
        """Return the flow of the answers."""
        return Flow(self.protocol, self.target, self.source)


class Identity(NamedTuple):
    """What tells a packet from all others that are on their way at the same time."""

    flow: Flow
    mark: Hashable
    """What it says; of TCP's data what tells one sending from the next."""
    seq: int = 0
    """TCP's number of its first byte of data."""
    length: int = 0
    """Bytes of TCP's data, which others may carry in other portions; 0 for none."""
    source: bytes = b""
    """The addresses alone."""
    target: bytes = b""
    mac: bytes = b""
    """Who sent it on this link."""
    single: bool = False
    """Claims that its sender numbered it: the same packet again is a copy."""
    bulky: bool = False
    """Claims that it is a datagram that no frame of Ethernet holds: the kernel's own,
    which it may cut into several (GSO of UDP)."""

    @property
    def may_be_translated(self) -> bool:
        """Claim that with one end only it still is told from all others.

        Without a port or a number, many say the same, above all to a group.
        """
        known = self.single or self.flow.protocol in _PORTED
        return known and not for_many(self.target)


def for_many(address: bytes) -> bool:
    """Claim that an IP address is everybody's, or a group's."""
    if len(address) == len(_BROADCAST):
        return 224 <= address[0] < 240 or address == _BROADCAST  # noqa: PLR2004 - RFC 5771
    return address[:1] == b"\xff"


def identity_of(frame: Frame, vxlan: Collection[int] = VXLAN_PORTS) -> Identity | None:
    """Return what tells a frame, or what it carries; None where that is cut off."""
    inner = innermost(frame, vxlan)
    if inner is None or inner.short:
        return None
    try:
        return _identity(inner)
    except (error, IndexError):
        return None


def _identity(frame: Frame) -> Identity | None:
    """Return what tells a frame; None for too little, and for what is encrypted."""
    if frame.offset > 0:
        return _other(frame, "piece", frame.ident, frame.offset)
    return _READERS.get(frame.protocol, _other)(frame)


def _other(frame: Frame, *about: Hashable) -> Identity | None:
    """Return what tells a packet by its beginning, and what else is known."""
    beginning = _begin(frame, frame.start)
    if beginning is None:
        return None
    mark = about or (frame.ident, frame.end - frame.start)
    return _made(frame, frame.source, frame.target, (mark, beginning))


def _made(frame: Frame, source: bytes, target: bytes, mark: Hashable) -> Identity:
    """Return the identity of what is one packet everywhere."""
    return Identity(
        Flow(frame.protocol, source, target),
        mark,
        0,
        0,
        frame.source,
        frame.target,
        frame.source_mac,
        frame.ident != 0 and frame.offset <= 0,
    )


def _begin(frame: Frame, at: int) -> bytes | None:
    """Return the beginning of a payload; None where less was kept than is compared."""
    until = min(at + _BEGINNING, frame.end)
    kept = frame.data[at:until]
    return kept if len(kept) >= until - at else None


def _ported(frame: Frame) -> tuple[bytes, bytes]:
    """Return both ends with their ports."""
    data, at = frame.data, frame.start
    return frame.source + data[at : at + 2], frame.target + data[at + 2 : at + 4]


def _tcp(frame: Frame) -> Identity:
    """Return what tells a segment: its data, else its flags and numbers."""
    data, at = frame.data, frame.start
    _, _, seq, ack, size, flags, window = _TCP.unpack_from(data, at)
    length = frame.end - at - (size >> 4) * 4
    flow = Flow(
        TCP, frame.source + data[at : at + 2], frame.target + data[at + 2 : at + 4]
    )
    ident = frame.ident
    if length <= 0 or flags & SYN:
        length = 0
        mark: Hashable = (flags & _MARKING, seq, ack, window, ident)
    else:
        mark = ident
    return Identity(
        flow,
        mark,
        seq,
        length,
        frame.source,
        frame.target,
        frame.source_mac,
        ident != 0,
    )


def _udp(frame: Frame) -> Identity | None:
    """Return what tells a datagram: its length and how it begins."""
    (size,) = _UDP.unpack_from(frame.data, frame.start)
    beginning = _begin(frame, frame.start + 8)
    if beginning is None:
        return None
    whole = _made(frame, *_ported(frame), (frame.ident, size, beginning))
    bulky = size > _MOST and frame.offset == NOTHING
    return whole._replace(bulky=True) if bulky else whole


def _icmp(frame: Frame) -> Identity | None:
    """Return what tells an echo by its numbers, another by what it is about.

    The id of an echo is translated as a port is, so it belongs to the end that asks.
    An error's quote is translated with it, so that it tells nothing.
    """
    at, protocol = frame.start, frame.protocol
    kind, code, ident, number = _ICMP.unpack_from(frame.data, at)
    source, target = frame.source, frame.target
    mark: Hashable = (kind, code, frame.ident)
    if kind not in _ERRORS[protocol]:
        beginning = _begin(frame, at + 8)
        if beginning is None:
            return None
        mark = (kind, code, frame.ident, number, beginning)
        asks, answers = _ECHO[protocol]
        port = ident.to_bytes(2, "big")
        if kind == asks:
            source += port
        elif kind == answers:
            target += port
        else:
            mark = (*mark, ident)
    return _made(frame, source, target, mark)


def _link(frame: Frame) -> Identity | None:
    """Return what tells ARP by who asks for whom, another by how it begins."""
    if frame.ethertype == ARP and frame.source:
        flow = Flow(-ARP, frame.source, frame.target)
        mark: Hashable = _OPERATION.unpack_from(frame.data, frame.start)
        return Identity(flow, mark, 0, 0, frame.source, frame.target, frame.source_mac)
    beginning = _begin(frame, frame.start)
    if beginning is None:
        return None
    flow = Flow(-frame.ethertype, frame.source_mac, frame.target_mac)
    return Identity(flow, beginning, mac=frame.source_mac)


def _sctp(frame: Frame) -> Identity | None:
    """Return what tells a packet of SCTP by its beginning and its ports."""
    whole = _other(frame)
    flow = Flow(SCTP, *_ported(frame))
    return whole._replace(flow=flow) if whole else None


_READERS: Mapping[int, Callable[[Frame], Identity | None]] = {
    NOTHING: _link,
    TCP: _tcp,
    UDP: _udp,
    ICMP: _icmp,
    ICMP6: _icmp,
    SCTP: _sctp,
    ESP: lambda _: None,
}
