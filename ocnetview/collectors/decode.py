"""rtnetlink payloads -> links and counters."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from ocnetview.collectors.attributes import attributes_of, repeated
from ocnetview.collectors.layouts import BYTES, NUMBER, Layouts
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
_ATTRIBUTE = struct.Struct("=HH")
_STATS = struct.Struct("=8Q")
_IFSTATS = struct.Struct("=BxHII")
_VLAN = struct.Struct("=HH")
_SHORT = struct.Struct("=H")
_INT = struct.Struct("=i")
_LINK = Layouts(
    _IFINFO.size,
    {
        IFLA_IFNAME: BYTES,
        IFLA_LINKINFO: BYTES,
        IFLA_LINK: NUMBER,
        IFLA_LINK_NETNSID: NUMBER,
        IFLA_MASTER: NUMBER,
        IFLA_MTU: NUMBER,
        IFLA_OPERSTATE: BYTES,
        IFLA_ADDRESS: BYTES,
        IFLA_PROP_LIST: BYTES,
        IFLA_PARENT_DEV_NAME: BYTES,
        IFLA_PHYS_PORT_NAME: BYTES,
        IFLA_PHYS_SWITCH_ID: BYTES,
    },
)
_UNKNOWN = OperState.UNKNOWN
_STATES = len(_OPERSTATES)

GETLINK_FAMILY = _IFINFO.pack(0, 0, 0, 0, 0)
GETBRIDGE_FAMILY = _IFINFO.pack(socket.AF_BRIDGE, 0, 0, 0, 0)


def stats_request(index: int) -> bytes:
    """Return the struct if_stats_msg that asks for one link's counters."""
    return _IFSTATS.pack(0, 0, index, 1 << (IFLA_STATS_LINK_64 - 1))


def one_link(index: int) -> bytes:
    """Return the struct ifinfomsg that stands for one link."""
    return _IFINFO.pack(0, 0, index, 0, 0)


class RawLink(NamedTuple):
    """A link as one RTM_NEWLINK message says it, ids in the asker's numbering.

    All but the last stand in a fact of it, in the same order: thousands are made at
    each reading.
    """

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
    vlan: int | None = None
    altnames: tuple[str, ...] = ()
    parent_dev: str = ""
    phys_port: str = ""
    phys_switch: str = ""
    filters_vlans: bool = False
    """IFLA_BR_VLAN_FILTERING of a bridge: only then do its ports' VLANs count."""


_made = RawLink._make


class _Info(NamedTuple):
    """What IFLA_LINKINFO says."""

    kind: str = ""
    lower: int | None = None
    """IFLA_VXLAN_LINK."""
    filters_vlans: bool = False
    vlan: int | None = None


_NO_INFO = _Info()


def text(payload: bytes) -> str:
    """Return a kernel string; a name may hold any byte but NUL and slash."""
    return payload.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def decode_link(body: bytes) -> RawLink:
    """Return the link of one RTM_NEWLINK payload.

    A veth without IFLA_LINK but with IFLA_LINK_NETNSID has its peer under its own
    index: kernels before 5.2 leave the attribute out then. A vxlan's lower link is
    in its own attributes.
    """
    name, info, peer, nsid, master, mtu, state, mac, a, b, c, d = _LINK.read(body)
    _, _, index, flags, _ = _IFINFO.unpack_from(body)
    kind, lower, filters_vlans, vlan = _info(info) if info else _NO_INFO
    if peer is None and nsid is not None and kind in PAIRED_KINDS:
        peer = index
    elif kind == "vxlan":
        peer = lower
    elif peer == index and kind not in HAVE_LOWER:
        peer = None
    number = state[0] if state else 0
    link = _made(
        (
            index,
            text(name or b""),
            kind,
            peer or None,
            nsid,
            master,
            mtu or 0,
            flags & IFF_UP != 0,
            _OPERSTATES[number] if number < _STATES else _UNKNOWN,
            mac.hex(":") if mac else "",
            vlan,
            (),
            "",
            "",
            "",
            filters_vlans,
        )
    )
    return _with_rarities(link, a, b, c, d) if a or b or c or d else link


def _with_rarities(
    link: RawLink,
    properties: bytes | None,
    parent_dev: bytes | None,
    phys_port: bytes | None,
    phys_switch: bytes | None,
) -> RawLink:
    """Return a link with what few links have."""
    names = repeated(properties or b"", 0, IFLA_ALT_IFNAME)
    return link._replace(
        altnames=tuple(map(text, names)),
        parent_dev=text(parent_dev or b""),
        phys_port=text(phys_port or b""),
        phys_switch=(phys_switch or b"").hex(),
    )


@lru_cache(maxsize=1024)
def _info(payload: bytes) -> _Info:
    """Return what IFLA_LINKINFO says; that of all veths is the same."""
    info = attributes_of(payload, 0)
    kind = text(info.get(IFLA_INFO_KIND, b""))
    data = attributes_of(info.get(IFLA_INFO_DATA, b""), 0)
    vlan = data.get(IFLA_VLAN_ID, b"") if kind == "vlan" else b""
    return _Info(
        kind,
        lower=_number(data.get(IFLA_VXLAN_LINK)) if kind == "vxlan" else None,
        filters_vlans=kind == "bridge" and data.get(IFLA_BR_VLAN_FILTERING) == b"\1",
        vlan=_SHORT.unpack_from(vlan)[0] if len(vlan) >= _SHORT.size else None,
    )


def decode_pvids(bodies: Iterable[bytes]) -> Mapping[int, int]:
    """Return the port VLAN id by ifindex, from AF_BRIDGE RTM_NEWLINK payloads.

    A port has many struct bridge_vlan_info {u16 flags, u16 vid} of one type; that
    with BRIDGE_VLAN_INFO_PVID is what untagged frames get.
    """
    found: dict[int, int] = {}
    for body in bodies:
        index = _IFINFO.unpack_from(body)[2]
        vlans = attributes_of(body, _IFINFO.size).get(IFLA_AF_SPEC, b"")
        for vlan in repeated(vlans, 0, IFLA_BRIDGE_VLAN_INFO):
            flags, vid = _VLAN.unpack_from(vlan)
            if flags & BRIDGE_VLAN_INFO_PVID:
                found[index] = vid
    return found


def _number(payload: bytes | None) -> int | None:
    """Return a 32-bit attribute's value, signed as nsid -1 needs it."""
    return None if payload is None else int(_INT.unpack_from(payload)[0])


def decode_counters(bodies: Iterable[bytes]) -> Mapping[int, Counters]:
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
        payload = attributes_of(body, start).get(IFLA_STATS_LINK_64, b"")
        if len(payload) >= _STATS.size:
            found[index] = Counters(*_STATS.unpack_from(payload))
    return found


def decode_link_counters(bodies: Iterable[bytes]) -> Mapping[int, Counters]:
    """Return struct rtnl_link_stats64 by ifindex, from RTM_NEWLINK payloads."""
    found: dict[int, Counters] = {}
    for body in bodies:
        index = _IFINFO.unpack_from(body)[2]
        payload = attributes_of(body, _IFINFO.size).get(IFLA_STATS64, b"")
        if len(payload) >= _STATS.size:
            found[index] = Counters(*_STATS.unpack_from(payload))
    return found
