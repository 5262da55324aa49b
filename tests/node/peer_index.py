"""Run in a namespace: prints what `ethtool --statistics` says of each veth's peer.

A JSON object, the peer's ifindex by the veth's name (SIOCETHTOOL, statistic
`peer_ifindex` of drivers/net/veth.c). It says nothing of the peer's namespace.
"""

from __future__ import annotations

import array
import fcntl
import json
import socket
import struct
from contextlib import suppress

SIOCETHTOOL = 0x8946
GSSET_INFO, GSTRINGS, GSTATS = 0x37, 0x1B, 0x1D
ETH_SS_STATS = 1
NAME = 32


def asked(name: bytes, request: bytes, size: int) -> bytes:
    """Return the answer to one ethtool request, in a buffer of so many bytes."""
    buffer = array.array("B", request.ljust(size, b"\0"))
    address, _ = buffer.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        fcntl.ioctl(asker, SIOCETHTOOL, struct.pack("16sP16x", name, address))
    return buffer.tobytes()


def peer_index(name: bytes) -> int:
    """Return the ifindex of a veth's peer.

    Raises:
        OSError: the link has no statistics.
        ValueError: none of them is its peer's ifindex.
    """
    request = struct.pack("=IIQ", GSSET_INFO, 0, 1 << ETH_SS_STATS)
    count = struct.unpack_from("=I", asked(name, request, 64), 16)[0]
    request = struct.pack("=III", GSTRINGS, ETH_SS_STATS, count)
    strings = asked(name, request, 12 + NAME * count)[12:]
    names = [strings[n * NAME :][:NAME].rstrip(b"\0") for n in range(count)]
    request = struct.pack("=II", GSTATS, count)
    values = struct.unpack_from(f"={count}Q", asked(name, request, 8 + 8 * count), 8)
    return int(values[names.index(b"peer_ifindex")])


found: dict[str, int] = {}
for _, link in socket.if_nameindex():
    with suppress(OSError, ValueError):
        found[link] = peer_index(link.encode("utf-8", "surrogateescape"))
print(json.dumps(found))  # noqa: T201 - the answer to the lab
