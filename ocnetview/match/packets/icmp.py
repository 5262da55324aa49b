"""ICMP and ICMPv6 -> a line, with the packet that an error is about."""

from __future__ import annotations

from struct import Struct, error

from ocnetview.match.packets.frames import (
    ICMP,
    ICMP6,
    IPV4,
    IPV6,
    SCTP,
    TCP,
    UDP,
    Frame,
    network,
)
from ocnetview.match.packets.written import address, end

_KIND = Struct("!BBxxHH")
_PORTS = Struct("!HH")
_PROTOCOLS = {TCP: "TCP", UDP: "UDP", SCTP: "SCTP", ICMP: "ICMP", ICMP6: "ICMP6"}
_SIZE = 8
"""Of the header; an error's quoted packet is behind it."""
_NAMES4 = {
    0: "echo reply",
    3: "unreachable",
    4: "source quench",
    5: "redirect",
    8: "echo request",
    9: "router advertisement",
    10: "router solicitation",
    11: "time exceeded",
    12: "parameter problem",
    13: "timestamp request",
    14: "timestamp reply",
}
_NAMES6 = {
    1: "unreachable",
    2: "packet too big",
    3: "time exceeded",
    4: "parameter problem",
    128: "echo request",
    129: "echo reply",
    130: "multicast listener query",
    131: "multicast listener report",
    132: "multicast listener done",
    133: "router solicitation",
    134: "router advertisement",
    135: "neighbor solicitation",
    136: "neighbor advertisement",
    137: "redirect",
    143: "multicast listener report v2",
}
_UNREACHABLE4 = {
    0: "net unreachable",
    1: "host unreachable",
    2: "protocol unreachable",
    3: "port unreachable",
    4: "fragmentation needed",
    5: "source route failed",
    6: "net unknown",
    7: "host unknown",
    9: "net prohibited",
    10: "host prohibited",
    13: "administratively prohibited",
}
_UNREACHABLE6 = {
    0: "no route",
    1: "administratively prohibited",
    2: "beyond the scope of the source address",
    3: "address unreachable",
    4: "port unreachable",
    5: "source address failed policy",
    6: "route rejected",
}
_TOO_BIG4 = (3, 4)
_TIME = {0: "time to live exceeded", 1: "reassembly time exceeded"}
_ECHO4 = (0, 8)
_ECHO6 = (128, 129)
ERRORS4 = frozenset({3, 4, 5, 11, 12})
ERRORS6 = frozenset({1, 2, 3, 4})
"""Types that quote the packet that they are about."""
_REDIRECT4 = 5
_SOLICITATION, _ADVERTISEMENT = 135, 136


def icmp4(frame: Frame) -> str:
    """Return the line of ICMP."""
    kind, code, ident, number = _KIND.unpack_from(frame.data, frame.start)
    name = _NAMES4.get(kind, f"type {kind} code {code}")
    if kind in _ECHO4:
        return f"{name} id {ident} seq {number}"
    if kind == 3:  # noqa: PLR2004 - unreachable
        name = _UNREACHABLE4.get(code, f"unreachable, code {code}")
        if (kind, code) == _TOO_BIG4:
            name += f", mtu {number}"
    elif kind == 11:  # noqa: PLR2004 - time exceeded
        name = _TIME.get(code, name)
    elif kind == _REDIRECT4:
        gateway = frame.data[frame.start + 4 : frame.start + _SIZE]
        name += f" to {address(gateway)}"
    return name + (_quoted(frame, IPV4) if kind in ERRORS4 else "")


def icmp6(frame: Frame) -> str:
    """Return the line of ICMPv6."""
    kind, code, high, low = _KIND.unpack_from(frame.data, frame.start)
    name = _NAMES6.get(kind, f"type {kind} code {code}")
    if kind in _ECHO6:
        return f"{name} id {high} seq {low}"
    about = frame.data[frame.start + _SIZE : frame.start + _SIZE + 16]
    if kind == _SOLICITATION:
        return f"{name}, who has {_whole(about)}"
    if kind == _ADVERTISEMENT:
        return f"{name}, target is {_whole(about)}"
    if kind == 1:
        name = _UNREACHABLE6.get(code, f"unreachable, code {code}")
    elif kind == 2:  # noqa: PLR2004 - packet too big
        name += f", mtu {high << 16 | low}"
    elif kind == 3:  # noqa: PLR2004 - time exceeded
        name = _TIME.get(code, name)
    return name + (_quoted(frame, IPV6) if kind in ERRORS6 else "")


def _whole(raw: bytes) -> str:
    """Return an IPv6 address of which all bytes were kept."""
    return address(raw) if len(raw) == 16 else "?"  # noqa: PLR2004 - its bytes


def _quoted(frame: Frame, ethertype: int) -> str:
    """Return the packet that an error quotes, in words; empty where it is cut off."""
    begin = frame.start + _SIZE
    # A quote is cut by who sends it: its own length says nothing of ours.
    bare = Frame(frame.data, frame.end, ethertype, start=begin)
    quote = network(bare)
    if not quote.source:
        return ""
    source, target = address(quote.source), address(quote.target)
    name = _PROTOCOLS.get(quote.protocol, f"IP {quote.protocol}")
    if quote.protocol in (TCP, UDP, SCTP) and quote.offset <= 0:
        try:
            ports = _PORTS.unpack_from(quote.data, quote.start)
        except error:
            return f", for {name} {source} → {target}"
        source, target = end(source, ports[0]), end(target, ports[1])
    return f", for {name} {source} → {target}"
