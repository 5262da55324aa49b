"""rtnetlink payloads -> routes, rules and neighbours.

Numbers are those of linux/{rtnetlink,fib_rules,neighbour}.h.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator, Mapping

from ocnetview.collectors.attributes import attributes_of
from ocnetview.facts.inside import Neighbour, NextHop, Route, Rule
from ocnetview.probes.words import flags_of, named, prefixed, shown

RTM_NEWROUTE = 24
RTM_GETROUTE = 26
RTM_NEWNEIGH = 28
RTM_GETNEIGH = 30
RTM_NEWRULE = 32
RTM_GETRULE = 34

RTA_DST = 1
RTA_SRC = 2
RTA_IIF = 3
RTA_OIF = 4
RTA_GATEWAY = 5
RTA_PRIORITY = 6
RTA_PREFSRC = 7
RTA_MULTIPATH = 9
RTA_TABLE = 15
RTA_VIA = 18

FRA_DST = 1
FRA_SRC = 2
FRA_IIFNAME = 3
FRA_GOTO = 4
FRA_PRIORITY = 6
FRA_FWMARK = 10
FRA_SUPPRESS_PREFIXLEN = 14
FRA_TABLE = 15
FRA_FWMASK = 16
FRA_OIFNAME = 17
FRA_IP_PROTO = 22
FRA_SPORT_RANGE = 23
FRA_DPORT_RANGE = 24
FIB_RULE_INVERT = 0x2

NDA_DST = 1
NDA_LLADDR = 2

_KINDS = (
    *("unspec", "unicast", "local", "broadcast", "anycast", "multicast"),
    *("blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve"),
)
_TABLES = {253: "default", 254: "main", 255: "local"}
_PROTOCOLS = {
    0: "unspec",
    1: "redirect",
    2: "kernel",
    3: "boot",
    4: "static",
    8: "gated",
    9: "ra",
    10: "mrt",
    11: "zebra",
    12: "bird",
    13: "dnrouted",
    14: "xorp",
    15: "ntk",
    16: "dhcp",
    17: "mrouted",
    18: "keepalived",
    42: "babel",
    186: "bgp",
    187: "isis",
    188: "ospf",
    189: "rip",
    192: "eigrp",
}
_SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
_HOP_FLAGS = {
    0x1: "dead",
    0x2: "pervasive",
    0x4: "onlink",
    0x8: "offload",
    0x10: "linkdown",
    0x20: "unresolved",
    0x40: "trap",
}
_ACTIONS = {1: "lookup", 2: "goto", 3: "nop", 6: "blackhole"}
_ACTIONS |= {7: "unreachable", 8: "prohibit"}
_STATES = {
    0x01: "incomplete",
    0x02: "reachable",
    0x04: "stale",
    0x08: "delay",
    0x10: "probe",
    0x20: "failed",
    0x40: "noarp",
    0x80: "permanent",
}
_SHOWN_STATES = 0xFF & ~0x40
"""Multicast and loopback need nobody to answer (NUD_NOARP); ip hides them, too."""
_NEIGHBOUR_FLAGS = {0x08: "proxy", 0x10: "extern_learn", 0x80: "router"}
_LOOKUP, _GOTO = 1, 2
_ALL_ONES = 0xFFFFFFFF

_RTMSG = struct.Struct("=BBBBBBBBI")
_NDMSG = struct.Struct("=BxxxiHBB")
_NEXTHOP = struct.Struct("=HBBi")
_NUMBER = struct.Struct("=I")
_SHORT = struct.Struct("=H")
_PORTS = struct.Struct("=HH")
_FAMILIES: Mapping[int, int] = {socket.AF_INET: 4, socket.AF_INET6: 6}

ALL_ROUTES = bytes(_RTMSG.size)
"""struct rtmsg, and struct fib_rule_hdr: of every family."""
ALL_NEIGHBOURS = bytes(_NDMSG.size)


def decode_routes(bodies: Iterable[bytes], names: Mapping[int, str]) -> Iterator[Route]:
    """Yield the IP routes of RTM_NEWROUTE payloads; links by their names."""
    for body in bodies:
        family, bits, from_bits, _, table, protocol, scope, kind, flags = (
            _RTMSG.unpack_from(body)
        )
        if family not in _FAMILIES:
            continue
        found = attributes_of(body, _RTMSG.size)
        number = _number(found.get(RTA_TABLE), table)
        yield Route(
            _FAMILIES[family],
            _TABLES.get(number, str(number)),
            named(_KINDS, kind),
            prefixed(family, found.get(RTA_DST), bits) or "default",
            tuple(_hops(family, found, flags, names)),
            shown(family, found.get(RTA_PREFSRC)),
            _number(found.get(RTA_PRIORITY), 0),
            _PROTOCOLS.get(protocol, str(protocol)),
            _SCOPES.get(scope, str(scope)),
            prefixed(family, found.get(RTA_SRC), from_bits),
        )


def _hops(
    family: int, found: Mapping[int, bytes], flags: int, names: Mapping[int, str]
) -> Iterator[NextHop]:
    """Yield a route's ways: its own, or those of struct rtnexthop."""
    several = found.get(RTA_MULTIPATH, b"")
    if not several and (RTA_OIF in found or RTA_GATEWAY in found or RTA_VIA in found):
        index = _number(found.get(RTA_OIF), 0)
        yield _hop(family, found, index, flags, names)
    place = 0
    while place + _NEXTHOP.size <= len(several):
        length, hop_flags, weight, index = _NEXTHOP.unpack_from(several, place)
        if length < _NEXTHOP.size:
            return
        inside = attributes_of(several[place : place + length], _NEXTHOP.size)
        hop = _hop(family, inside, index, hop_flags, names)
        yield hop._replace(weight=weight + 1)
        place += (length + 3) & ~3


def _hop(
    family: int,
    found: Mapping[int, bytes],
    index: int,
    flags: int,
    names: Mapping[int, str],
) -> NextHop:
    """Return one way; RTA_VIA is a gateway of another family: u16 family, address."""
    gateway = shown(family, found.get(RTA_GATEWAY))
    via = found.get(RTA_VIA, b"")
    if len(via) > _SHORT.size:
        gateway = shown(_SHORT.unpack_from(via)[0], via[_SHORT.size :])
    device = names.get(index, f"if{index}") if index else ""
    return NextHop(gateway, device, flags=flags_of(flags, _HOP_FLAGS))


def decode_rules(bodies: Iterable[bytes]) -> Iterator[Rule]:
    """Yield the IP rules of RTM_NEWRULE payloads (struct fib_rule_hdr)."""
    for body in bodies:
        family, to_bits, from_bits, tos, table, _, _, action, flags = (
            _RTMSG.unpack_from(body)
        )
        if family not in _FAMILIES:
            continue
        found = attributes_of(body, _RTMSG.size)
        origin = prefixed(family, found.get(FRA_SRC), from_bits)
        target = prefixed(family, found.get(FRA_DST), to_bits)
        match = (
            "not" if flags & FIB_RULE_INVERT else "",
            f"from {origin}" if origin else "",
            f"to {target}" if target else "",
            f"tos {tos:#x}" if tos else "",
            *_matches(found),
        )
        yield Rule(
            _FAMILIES[family],
            _number(found.get(FRA_PRIORITY), 0),
            _action(action, _number(found.get(FRA_TABLE), table), found),
            tuple(filter(None, match)),
        )


def _matches(found: Mapping[int, bytes]) -> Iterator[str]:
    """Yield what else a rule is for."""
    if FRA_FWMARK in found:
        mark, mask = (_number(found.get(n), 0) for n in (FRA_FWMARK, FRA_FWMASK))
        yield f"fwmark {mark:#x}" + ("" if mask == _ALL_ONES else f"/{mask:#x}")
    for word, kind in (("iif", FRA_IIFNAME), ("oif", FRA_OIFNAME)):
        if kind in found:
            name = found[kind].split(b"\0", 1)[0].decode("utf-8", "backslashreplace")
            yield f"{word} {name}"
    if protocol := found.get(FRA_IP_PROTO):
        yield f"ipproto {protocol[0]}"
    for word, kind in (("sport", FRA_SPORT_RANGE), ("dport", FRA_DPORT_RANGE)):
        if len(found.get(kind, b"")) >= _PORTS.size:
            first, last = _PORTS.unpack_from(found[kind])
            yield f"{word} {first}" + ("" if first == last else f"-{last}")


def _action(action: int, table: int, found: Mapping[int, bytes]) -> str:
    """Return what a rule does."""
    word = _ACTIONS.get(action, str(action))
    if action == _GOTO:
        return f"{word} {_number(found.get(FRA_GOTO), 0)}"
    if action != _LOOKUP:
        return word
    text = f"{word} {_TABLES.get(table, str(table))}"
    least = _number(found.get(FRA_SUPPRESS_PREFIXLEN), _ALL_ONES)
    return text if least == _ALL_ONES else f"{text} suppress_prefixlength {least}"


def decode_neighbours(
    bodies: Iterable[bytes], names: Mapping[int, str]
) -> Iterator[Neighbour]:
    """Yield the neighbours of RTM_NEWNEIGH payloads, as `ip neighbour` shows them."""
    for body in bodies:
        family, index, state, flags, _ = _NDMSG.unpack_from(body)
        if family not in _FAMILIES or not state & _SHOWN_STATES:
            continue
        found = attributes_of(body, _NDMSG.size)
        mac = found.get(NDA_LLADDR, b"")
        yield Neighbour(
            shown(family, found.get(NDA_DST)),
            names.get(index, f"if{index}"),
            mac.hex(":") if mac else "",
            ", ".join(flags_of(state, _STATES)),
            flags_of(flags, _NEIGHBOUR_FLAGS),
        )


def _number(payload: bytes | None, otherwise: int) -> int:
    """Return a 32-bit number; where there is none, this one."""
    if payload is None or len(payload) < _NUMBER.size:
        return otherwise
    return int(_NUMBER.unpack_from(payload)[0])
