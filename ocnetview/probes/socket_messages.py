"""sock_diag payloads, and the lines of /proc/PID/net, -> sockets.

Numbers are those of linux/{sock_diag,inet_diag,tcp_states}.h.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from ocnetview.facts.inside import Socket
from ocnetview.probes.words import named

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20

_ALL_STATES = 0xFFFFFFFF
_REQUEST = struct.Struct("=BBBBI48x")
"""struct inet_diag_req_v2: family, protocol, extensions, raw protocol, states, id."""
_HEAD = struct.Struct("=BBBB")
_PORTS = struct.Struct("!HH")
_ADDRESSES, _PEER = 8, 24
"""Where struct inet_diag_sockid has its addresses, each of 16 bytes."""
_LINK = struct.Struct("=I")
_LINK_PLACE = 40
_TAIL = struct.Struct("=IIIII")
"""Expiry, receive queue, send queue, uid, inode."""
_TAIL_PLACE = 52
_WORD = struct.Struct("=I")

_STATES = (
    *("UNKNOWN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2"),
    *("TIME-WAIT", "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING"),
    *("SYN-RECV", "BOUND"),
)
"""TCP_NEW_SYN_RECV, the last but one, is a SYN-RECV as ss names it."""
_SIZES: Mapping[int, int] = {socket.AF_INET: 4, socket.AF_INET6: 16}
_VERSIONS: Mapping[int, int] = {socket.AF_INET: 4, socket.AF_INET6: 6}

PROTOCOLS: Mapping[str, tuple[int, int, str]] = {
    "tcp": (socket.AF_INET, socket.IPPROTO_TCP, "tcp"),
    "tcp6": (socket.AF_INET6, socket.IPPROTO_TCP, "tcp"),
    "udp": (socket.AF_INET, socket.IPPROTO_UDP, "udp"),
    "udp6": (socket.AF_INET6, socket.IPPROTO_UDP, "udp"),
    "raw": (socket.AF_INET, socket.IPPROTO_RAW, "raw"),
    "raw6": (socket.AF_INET6, socket.IPPROTO_RAW, "raw"),
}
"""Family, protocol number and word by the file's name in /proc/PID/net."""


def request(name: str) -> bytes:
    """Return what asks for all sockets of one of `PROTOCOLS`, in every state."""
    family, number, _ = PROTOCOLS[name]
    return _REQUEST.pack(family, number, 0, 0, _ALL_STATES)


def decode_sockets(
    bodies: Iterable[bytes], protocol: str, names: Mapping[int, str]
) -> Iterator[Socket]:
    """Yield the sockets of struct inet_diag_msg payloads; links by their names."""
    for body in bodies:
        family, state, _, _ = _HEAD.unpack_from(body)
        size = _SIZES[family]
        port, peer_port = _PORTS.unpack_from(body, 4)
        local, peer = (
            socket.inet_ntop(family, body[place : place + size])
            for place in (_ADDRESSES, _PEER)
        )
        index = _LINK.unpack_from(body, _LINK_PLACE)[0]
        _, received, sent, uid, inode = _TAIL.unpack_from(body, _TAIL_PLACE)
        device = names.get(index, f"if{index}") if index else ""
        kind = (protocol, _VERSIONS[family], named(_STATES, state))
        ends = (local, port, peer, peer_port)
        yield Socket._make((*kind, *ends, received, sent, uid, inode, device, ()))


def read_table(text: str, name: str) -> Iterator[Socket]:
    """Yield the sockets of a file of /proc/PID/net (proc_pid_net(5)).

    Addresses are words in the machine's own order, in hexadecimal; of a listener's
    queues only the first is told.
    """
    family, _, protocol = PROTOCOLS[name]
    for line in text.splitlines()[1:]:
        with suppress(ValueError, IndexError):
            fields = line.split()
            local, port = _end(family, fields[1])
            peer, peer_port = _end(family, fields[2])
            sent, received = (int(part, 16) for part in fields[4].split(":"))
            kind = (protocol, _VERSIONS[family], named(_STATES, int(fields[3], 16)))
            ends = (local, port, peer, peer_port)
            owner = (int(fields[7]), int(fields[9]))
            yield Socket._make((*kind, *ends, received, sent, *owner, "", ()))


def _end(family: int, text: str) -> tuple[str, int]:
    """Return the address and port of `0100007F:1F90`.

    Raises:
        ValueError: it is none.
    """
    address, _, port = text.partition(":")
    packed = b"".join(
        _WORD.pack(int(address[place : place + 8], 16))
        for place in range(0, len(address), 8)
    )
    return socket.inet_ntop(family, packed), int(port, 16)
