"""rtnetlink payloads -> links, addresses and counters."""

from __future__ import annotations

import socket
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ocnetview.collectors.netlink import attributes_of, repeated
from ocnetview.facts import PAIRED_KINDS, Counters, OperState

IFF_UP = 0x1

IFLA_ADDRESS = 1
IFLA_IFNAME = 3
IFLA_MTU = 4
IFLA_LINK = 5
IFLA_MASTER = 10
IFLA_OPERSTATE = 16
IFLA_LINKINFO = 18
IFLA_STATS64 = 23
IFLA_AF_SPEC = 26
IFLA_EXT_MASK = 29
IFLA_PHYS_SWITCH_ID = 36
IFLA_LINK_NETNSID = 37
IFLA_PHYS_PORT_NAME = 38
IFLA_TARGET_NETNSID = 46
IFLA_PROP_LIST = 52
IFLA_ALT_IFNAME = 53
IFLA_PARENT_DEV_NAME = 56
IFLA_INFO_KIND = 1
IFLA_INFO_DATA = 2
IFLA_BR_VLAN_FILTERING = 7
IFLA_VLAN_ID = 1
IFLA_VXLAN_LINK = 3
IFLA_BRIDGE_VLAN_INFO = 2
BRIDGE_VLAN_INFO_PVID = 2
RTEXT_FILTER_BRVLAN = 2
"""Asks an AF_BRIDGE link dump for each port's VLANs."""
RTEXT_FILTER_SKIP_STATS = 8
"""Leaves the counters out of a link dump; they are read by RTM_GETSTATS."""

IFA_ADDRESS = 1
IFA_LOCAL = 2
IFA_TARGET_NETNSID = 10

IFLA_STATS_LINK_64 = 1

HAVE_LOWER = PAIRED_KINDS | {
    *("vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec", "ipoib", "dsa"),
    *("ipip", "sit", "gre", "gretap", "erspan", "vti", "xfrm"),
    *("ip6tnl", "ip6gre", "ip6gretap", "ip6erspan", "vti6"),
}
"""Kinds whose driver answers ndo_get_iflink. Of all others IFLA_LINK is the link's own
index (dev_get_iflink), which a tunnel says that was moved to another namespace."""

_OPERSTATES = tuple(OperState)
_IFINFO = struct.Struct("=BxHiII")
_IFADDR = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_STATS = struct.Struct("=8Q")
_IFSTATS = struct.Struct("=BxHII")
_VLAN = struct.Struct("=HH")
_SHORT = struct.Struct("=H")
_INT = struct.Struct("=i")
_EMPTY = memoryview(b"")
_UNKNOWN = OperState.UNKNOWN
_SIZES: Mapping[int, int] = {socket.AF_INET: 4, socket.AF_INET6: 16}

GETLINK_FAMILY = _IFINFO.pack(0, 0, 0, 0, 0)
GETBRIDGE_FAMILY = _IFINFO.pack(socket.AF_BRIDGE, 0, 0, 0, 0)
GETADDR_FAMILY = _IFADDR.pack(0, 0, 0, 0, 0)
GETSTATS_FAMILY = _IFSTATS.pack(0, 0, 0, 1 << (IFLA_STATS_LINK_64 - 1))


@dataclass(frozen=True, slots=True)
class RawLink:
    """A link as one RTM_NEWLINK message says it, ids in the asker's numbering."""

    ifindex: int
    name: str
    kind: str
    peer_index: int | None
    nsid: int | None
    """IFLA_LINK_NETNSID: None when absent, -1 when the namespace has no id."""
    master: int | None
    mtu: int
    up: bool
    operstate: OperState
    mac: str
    filters_vlans: bool = False
    """IFLA_BR_VLAN_FILTERING of a bridge: only then do its ports' VLANs count."""
    vlan: int | None = None
    altnames: tuple[str, ...] = ()
    parent_dev: str = ""
    phys_port: str = ""
    phys_switch: str = ""


def text(payload: memoryview) -> str:
    """Return a kernel string; a name may hold any byte but NUL and slash."""
    return bytes(payload).split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def decode_link(body: memoryview) -> RawLink:
    """Return the link of one RTM_NEWLINK payload.

    A veth without IFLA_LINK but with IFLA_LINK_NETNSID has its peer under its own
    index: kernels before 5.2 leave the attribute out then. A vxlan's lower link is
    in its own attributes.
    """
    _, _, index, flags, _ = _IFINFO.unpack_from(body)
    found = attributes_of(body, _IFINFO.size)
    info = attributes_of(found.get(IFLA_LINKINFO, _EMPTY), 0)
    kind = text(info.get(IFLA_INFO_KIND, _EMPTY))
    peer = _number(found.get(IFLA_LINK))
    nsid = _number(found.get(IFLA_LINK_NETNSID))
    data = info.get(IFLA_INFO_DATA, _EMPTY)
    if peer is None and nsid is not None and kind in PAIRED_KINDS:
        peer = index
    elif kind == "vxlan":
        peer = _number(attributes_of(data, 0).get(IFLA_VXLAN_LINK))
    elif peer == index and kind not in HAVE_LOWER:
        peer = None
    state = found.get(IFLA_OPERSTATE, b"\0")[0]
    return RawLink(
        ifindex=index,
        name=text(found.get(IFLA_IFNAME, _EMPTY)),
        kind=kind,
        peer_index=peer,
        nsid=nsid,
        master=_number(found.get(IFLA_MASTER)),
        mtu=_number(found.get(IFLA_MTU)) or 0,
        up=bool(flags & IFF_UP),
        operstate=_OPERSTATES[state] if state < len(_OPERSTATES) else _UNKNOWN,
        mac=bytes(found.get(IFLA_ADDRESS, _EMPTY)).hex(":"),
        filters_vlans=kind == "bridge" and _filters(data),
        vlan=_vlan_id(data) if kind == "vlan" else None,
        # Few links have these; the test is cheaper than decoding nothing.
        altnames=_altnames(found[IFLA_PROP_LIST]) if IFLA_PROP_LIST in found else (),
        parent_dev=_text_in(found, IFLA_PARENT_DEV_NAME),
        phys_port=_text_in(found, IFLA_PHYS_PORT_NAME),
        phys_switch=bytes(found.get(IFLA_PHYS_SWITCH_ID, _EMPTY)).hex(),
    )


def _text_in(found: Mapping[int, memoryview], kind: int) -> str:
    """Return a kernel string that most links lack."""
    return text(found[kind]) if kind in found else ""


def _filters(data: memoryview) -> bool:
    """Claim that a bridge's IFLA_INFO_DATA switches VLAN filtering on."""
    return bytes(attributes_of(data, 0).get(IFLA_BR_VLAN_FILTERING, _EMPTY)) == b"\1"


def _vlan_id(data: memoryview) -> int | None:
    """Return the VLAN that a vlan link's IFLA_INFO_DATA says, an u16."""
    payload = attributes_of(data, 0).get(IFLA_VLAN_ID, _EMPTY)
    return _SHORT.unpack_from(payload)[0] if len(payload) >= _SHORT.size else None


def _altnames(properties: memoryview) -> tuple[str, ...]:
    """Return the further names in an IFLA_PROP_LIST; the kernel has it since 5.5."""
    return tuple(map(text, repeated(properties, 0, IFLA_ALT_IFNAME)))


def decode_pvids(bodies: Iterable[memoryview]) -> Mapping[int, int]:
    """Return the port VLAN id by ifindex, from AF_BRIDGE RTM_NEWLINK payloads.

    A port has many struct bridge_vlan_info {u16 flags, u16 vid} of one type; that
    with BRIDGE_VLAN_INFO_PVID is what untagged frames get.
    """
    found: dict[int, int] = {}
    for body in bodies:
        index = _IFINFO.unpack_from(body)[2]
        vlans = attributes_of(body, _IFINFO.size).get(IFLA_AF_SPEC, _EMPTY)
        for vlan in repeated(vlans, 0, IFLA_BRIDGE_VLAN_INFO):
            flags, vid = _VLAN.unpack_from(vlan)
            if flags & BRIDGE_VLAN_INFO_PVID:
                found[index] = vid
    return found


def _number(payload: memoryview | None) -> int | None:
    """Return a 32-bit attribute's value, signed as nsid -1 needs it."""
    return None if payload is None else int(_INT.unpack_from(payload)[0])


def decode_addresses(bodies: Iterable[memoryview]) -> Mapping[int, tuple[str, ...]]:
    """Return `address/prefix` by ifindex, from RTM_NEWADDR payloads, IPv4 first.

    IFA_LOCAL before IFA_ADDRESS: on a point-to-point link the latter is the peer.
    """
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for body in bodies:
        family, prefix, _, _, index = _IFADDR.unpack_from(body)
        values = attributes_of(body, _IFADDR.size)
        address = values.get(IFA_LOCAL, values.get(IFA_ADDRESS))
        size = _SIZES.get(family)
        if address is None or size is None or len(address) < size:
            continue
        shown = socket.inet_ntop(family, bytes(address[:size]))
        found[index].append((family, f"{shown}/{prefix}"))
    return {
        index: tuple(shown for _, shown in sorted(some, key=lambda pair: pair[0]))
        for index, some in found.items()
    }


def decode_counters(bodies: Iterable[memoryview]) -> Mapping[int, Counters]:
    """Return struct rtnl_link_stats64 by ifindex, from RTM_NEWSTATS payloads."""
    found: dict[int, Counters] = {}
    for body in bodies:
        index = _IFSTATS.unpack_from(body)[2]
        start = _IFSTATS.size
        length, type_ = _ATTRIBUTE.unpack_from(body, start)
        if type_ == IFLA_STATS_LINK_64 and length >= 4 + _STATS.size:
            found[index] = Counters(*_STATS.unpack_from(body, start + 4))
            continue
        # A kernel that pads before 64-bit values, or sends more than was asked.
        payload = attributes_of(body, start).get(IFLA_STATS_LINK_64, _EMPTY)
        if len(payload) >= _STATS.size:
            found[index] = Counters(*_STATS.unpack_from(payload))
    return found


def decode_link_counters(bodies: Iterable[memoryview]) -> Mapping[int, Counters]:
    """Return struct rtnl_link_stats64 by ifindex, from RTM_NEWLINK payloads."""
    found: dict[int, Counters] = {}
    for body in bodies:
        index = _IFINFO.unpack_from(body)[2]
        payload = attributes_of(body, _IFINFO.size).get(IFLA_STATS64, _EMPTY)
        if len(payload) >= _STATS.size:
            found[index] = Counters(*_STATS.unpack_from(payload))
    return found
