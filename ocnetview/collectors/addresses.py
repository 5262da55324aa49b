"""rtnetlink payloads -> addresses."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ocnetview.collectors.layouts import BYTES, Layouts

IFA_ADDRESS = 1
IFA_LOCAL = 2
IFA_TARGET_NETNSID = 10

_IFADDR = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
# As plain numbers: to compare with an enumeration is dear.
_INET, _INET6 = int(socket.AF_INET), int(socket.AF_INET6)
_SIZES: Mapping[int, int] = {_INET: 4, _INET6: 16}
_ADDRESS = Layouts(_IFADDR.size, {IFA_LOCAL: BYTES, IFA_ADDRESS: BYTES})
_FIRST_ADDRESS: Mapping[int, bytes] = {
    _INET: _ATTRIBUTE.pack(8, IFA_ADDRESS),
    _INET6: _ATTRIBUTE.pack(20, IFA_ADDRESS),
}
_SECOND_LOCAL = _ATTRIBUTE.pack(8, IFA_LOCAL)
_TARGET = _ATTRIBUTE.pack(8, IFA_TARGET_NETNSID)


def address_request(index: int = 0) -> bytes:
    """Return the struct ifaddrmsg that asks for the addresses of one link, or of all.

    A kernel heeds the index since strict checking (4.20) only.
    """
    return _IFADDR.pack(0, 0, 0, 0, index)


def decode_addresses(bodies: Iterable[bytes]) -> Mapping[int, tuple[str, ...]]:
    """Return `address/prefix` by ifindex, from RTM_NEWADDR payloads, IPv4 first."""
    found: dict[int, tuple[str, ...]] = {}
    later: list[tuple[int, str]] = []
    for body in bodies:
        family, prefix, _, _, index = _IFADDR.unpack_from(body)
        # The id of the namespace that was asked for comes first, where one was.
        start = 16 if body[8:12] == _TARGET else 8
        shown = _address(family, _local(family, body, start), prefix)
        if not shown:
            continue
        if family == _INET:
            found[index] = (*found[index], shown) if index in found else (shown,)
        else:
            later.append((index, shown))
    for index, shown in later:
        found[index] = (*found[index], shown) if index in found else (shown,)
    return found


def _local(family: int, body: bytes, start: int) -> bytes:
    """Return IFA_LOCAL, else IFA_ADDRESS: on a point-to-point link that is the peer.

    The kernel writes IFA_ADDRESS before IFA_LOCAL for IPv4, after it for IPv6.
    """
    if body[start : start + 4] == _FIRST_ADDRESS.get(family):
        if family == _INET6:
            return body[start + 4 : start + 20]
        if body[start + 8 : start + 12] == _SECOND_LOCAL:
            return body[start + 12 : start + 16]
    local, address = _ADDRESS.read(body)
    return local or address or b""


@lru_cache(maxsize=8192)
def _address(family: int, address: bytes, prefix: int) -> str:
    """Return `address/prefix`; empty for what is no IP address."""
    size = _SIZES.get(family)
    if size is None or len(address) < size:
        return ""
    return f"{socket.inet_ntop(family, address[:size])}/{prefix}"
