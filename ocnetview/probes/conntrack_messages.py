"""ctnetlink payloads, and the lines of /proc/net/nf_conntrack, -> flows.

Numbers are those of linux/netfilter/{nfnetlink_conntrack,nf_conntrack_common}.h and
nf_conntrack_tcp.h; theirs are in network order.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from ocnetview.collectors.attributes import attributes_of
from ocnetview.facts.inside import Flow, Side
from ocnetview.probes.words import flags_of, named, shown

NETLINK_NETFILTER = 12
IPCTNL_MSG_CT_NEW = 0x100
"""NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW."""
IPCTNL_MSG_CT_GET = 0x101
ALL_FLOWS = bytes(4)
"""struct nfgenmsg: of every family."""

CTA_TUPLE_ORIG = 1
CTA_TUPLE_REPLY = 2
CTA_STATUS = 3
CTA_PROTOINFO = 4
CTA_TIMEOUT = 7
CTA_MARK = 8
CTA_COUNTERS_ORIG = 9
CTA_COUNTERS_REPLY = 10
CTA_ZONE = 18
CTA_TUPLE_IP = 1
CTA_TUPLE_PROTO = 2
CTA_PROTO_NUM = 1
CTA_PROTO_SRC_PORT = 2
CTA_PROTO_DST_PORT = 3
CTA_PROTOINFO_TCP = 1
CTA_PROTOINFO_TCP_STATE = 1
CTA_COUNTERS_PACKETS = 1
CTA_COUNTERS_BYTES = 2

_HEAD = 4
_PROTOCOLS = {
    1: "icmp",
    2: "igmp",
    6: "tcp",
    17: "udp",
    33: "dccp",
    47: "gre",
    50: "esp",
    58: "icmpv6",
    132: "sctp",
    136: "udplite",
}
_TCP = (
    *("NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT"),
    *("LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"),
)
_SEEN_REPLY = 1 << 1
_STATUS = {
    1 << 2: "ASSURED",
    1 << 4: "SNAT",
    1 << 5: "DNAT",
    1 << 9: "DYING",
    1 << 14: "OFFLOAD",
    1 << 15: "HW_OFFLOAD",
}
_SHORT, _WORD, _LONG = struct.Struct("!H"), struct.Struct("!I"), struct.Struct("!Q")
_PAIR = re.compile(r"(\w+)=(\S+)")
_FLAG = re.compile(r"\[(\w+)\]")


def decode_flows(bodies: Iterable[bytes]) -> Iterator[Flow]:
    """Yield the flows of IPCTNL_MSG_CT_NEW payloads."""
    for body in bodies:
        found = attributes_of(body, _HEAD)
        protocol, original = _side(found, CTA_TUPLE_ORIG, CTA_COUNTERS_ORIG)
        _, reply = _side(found, CTA_TUPLE_REPLY, CTA_COUNTERS_REPLY)
        status = _value(_WORD, found.get(CTA_STATUS)) or 0
        info = attributes_of(found.get(CTA_PROTOINFO, b""), 0)
        tcp = attributes_of(info.get(CTA_PROTOINFO_TCP, b""), 0)
        state = tcp.get(CTA_PROTOINFO_TCP_STATE)
        unreplied = () if status & _SEEN_REPLY else ("UNREPLIED",)
        yield Flow(
            _PROTOCOLS.get(protocol, str(protocol)),
            original,
            reply,
            named(_TCP, state[0]) if state else "",
            (*unreplied, *flags_of(status, _STATUS)),
            _value(_WORD, found.get(CTA_TIMEOUT)) or 0,
            _value(_WORD, found.get(CTA_MARK)) or 0,
            _value(_SHORT, found.get(CTA_ZONE)) or 0,
        )


def _side(found: Mapping[int, bytes], tuple_: int, counters: int) -> tuple[int, Side]:
    """Return the protocol's number and one direction: CTA_IP_V4_SRC, ..., V6_DST."""
    parts = attributes_of(found.get(tuple_, b""), 0)
    address = attributes_of(parts.get(CTA_TUPLE_IP, b""), 0)
    proto = attributes_of(parts.get(CTA_TUPLE_PROTO, b""), 0)
    counted = attributes_of(found.get(counters, b""), 0)
    family, first = (socket.AF_INET, 1) if 1 in address else (socket.AF_INET6, 3)
    side = Side(
        shown(family, address.get(first)),
        shown(family, address.get(first + 1)),
        _value(_SHORT, proto.get(CTA_PROTO_SRC_PORT)),
        _value(_SHORT, proto.get(CTA_PROTO_DST_PORT)),
        _value(_LONG, counted.get(CTA_COUNTERS_PACKETS)),
        _value(_LONG, counted.get(CTA_COUNTERS_BYTES)),
    )
    return (proto.get(CTA_PROTO_NUM) or b"\0")[0], side


def _value(form: struct.Struct, payload: bytes | None) -> int | None:
    """Return a number; None where there is none."""
    if payload is None or len(payload) < form.size:
        return None
    return int(form.unpack_from(payload)[0])


def read_flows(text: str) -> Iterator[Flow]:
    """Yield the flows of /proc/net/nf_conntrack (nf_conntrack_standalone.c).

    `ipv4 2 tcp 6 431999 ESTABLISHED src=… dst=… sport=… dport=… [packets=… bytes=…]
    src=… … [ASSURED] mark=0 zone=0 use=2`: each direction begins with `src`.
    """
    for line in text.splitlines():
        with suppress(ValueError, LookupError, OSError):
            yield _line(line)


def _line(line: str) -> Flow:
    """Return the flow of one line.

    Raises:
        LookupError, ValueError: it is none.
    """
    pairs = _PAIR.findall(line)
    second = [place for place, (key, _) in enumerate(pairs) if key == "src"][1]
    words = line.split()
    told = words[5] if "=" not in words[5] and "[" not in words[5] else ""
    rest = dict(pairs[second:])
    protocol = int(words[3])
    return Flow(
        _PROTOCOLS.get(protocol, words[3]),
        _read_side(dict(pairs[:second])),
        _read_side(rest),
        told,
        tuple(_FLAG.findall(line)),
        int(words[4]),
        int(rest.get("mark", 0)),
        int(rest.get("zone", 0)),
    )


def _read_side(told: Mapping[str, str]) -> Side:
    """Return one direction; addresses as they are written elsewhere."""
    family = socket.AF_INET6 if ":" in told["src"] else socket.AF_INET
    source, target = (
        socket.inet_ntop(family, socket.inet_pton(family, told[key]))
        for key in ("src", "dst")
    )
    numbers = ("sport", "dport", "packets", "bytes")
    return Side(source, target, *(int(told[n]) if n in told else None for n in numbers))
