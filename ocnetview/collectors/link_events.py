"""What the kernel announces of links, addresses and namespace ids."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from ocnetview.collectors.layouts import NUMBER, Layouts
from ocnetview.collectors.netlink import (
    NETLINK_ROUTE,
    NETNSA_NSID,
    NETNSA_PID,
    RTM_NEWADDR,
    RTM_NEWNSID,
    SOL_NETLINK,
    enable,
)

NETLINK_ADD_MEMBERSHIP = 1
NETLINK_LISTEN_ALL_NSID = 8
SO_RCVBUFFORCE = 33

RTNLGRP_LINK = 1
RTNLGRP_IPV4_IFADDR = 5
RTNLGRP_IPV6_IFADDR = 9
RTNLGRP_NSID = 28

RTM_DELLINK = 17
RTM_DELADDR = 21
RTM_DELNSID = 89

_HEADER = struct.Struct("=IHHII")
_INDEX = struct.Struct("=4xi")
"""Where ifinfomsg and ifaddrmsg both have the ifindex."""
_INT = struct.Struct("=i")
_OF_IDS = frozenset({RTM_NEWNSID, RTM_DELNSID})
_OF_ADDRESSES = frozenset({RTM_NEWADDR, RTM_DELADDR})
_IDS = Layouts(4, {NETNSA_NSID: NUMBER, NETNSA_PID: NUMBER})
"""After struct rtgenmsg, padded."""
_RECEIVE = 1 << 16
_ANCILLARY = socket.CMSG_SPACE(_INT.size)
_EVENT_BUFFER = 8 << 20
"""Bytes queued for events: some 90,000 links made at once."""


@dataclass(slots=True)
class Changes:
    """What is other than it was, by what the kernel announced."""

    links: set[int] = field(default_factory=set)
    """Indexes of our own links that came, went or changed."""
    addresses: set[int] = field(default_factory=set)
    """Indexes of our own links whose addresses did."""
    spaces: set[int] = field(default_factory=set)
    """Our ids for the other namespaces in which something did."""
    ids: set[int] = field(default_factory=set)
    """Our ids that were taken back: from now on they may stand for others."""
    given: set[int] = field(default_factory=set)
    """Our ids that were given; what was read before does not change by that."""
    lost: bool = False
    """Claims that the kernel had no room to tell all (ENOBUFS)."""

    @property
    def touching(self) -> bool:
        """Claim that something that was read may be other by now."""
        return bool(
            self.links or self.addresses or self.spaces or self.ids or self.lost
        )

    def __bool__(self) -> bool:
        """Claim that something was announced, or lost."""
        return bool(self.given) or self.touching

    def add(self, other: Changes) -> None:
        """Take these in, too."""
        self.links |= other.links
        self.addresses |= other.addresses
        self.spaces |= other.spaces
        self.ids |= other.ids
        self.given |= other.given
        self.lost = self.lost or other.lost


class LinkEvents:
    """A socket that hears the kernel's events, of other namespaces too where it may."""

    def __init__(self, groups: Iterable[int]) -> None:
        """Join multicast groups.

        That other namespaces are heard takes CAP_NET_BROADCAST (and Linux 4.2); that
        the buffer is made large, CAP_NET_ADMIN.

        Raises:
            OSError: the kernel refuses the socket.
        """
        kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        self._socket = socket.socket(socket.AF_NETLINK, kind, NETLINK_ROUTE)
        self._buffer = memoryview(bytearray(_RECEIVE))
        with suppress(PermissionError):
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, _EVENT_BUFFER)
        self.everywhere = enable(self._socket, NETLINK_LISTEN_ALL_NSID)
        """Claims that other namespaces are heard, as far as we have an id for them."""
        self._socket.bind((0, 0))
        for group in groups:
            self._socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def fileno(self) -> int:
        """Return the descriptor, readable when an event is there."""
        return self._socket.fileno()

    def drain(self) -> bool:
        """Discard all events that are queued; return whether there were any."""
        return bool(self.take())

    def take(self) -> Changes:
        """Return what all events that are queued announce."""
        changes = Changes()
        receive = self._socket.recvmsg_into
        while True:
            try:
                size, ancillary, _, _ = receive([self._buffer], _ANCILLARY)
            except BlockingIOError:
                return changes
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                changes.lost = True
                continue
            data = bytes(self._buffer[:size])
            if not ancillary:
                _note(data, changes)
            elif _HEADER.unpack_from(data)[1] not in _OF_IDS:
                # What ids others have for others is nothing to us.
                changes.spaces.add(_INT.unpack(ancillary[0][2])[0])


def _note(data: bytes, changes: Changes) -> None:
    """Note what a datagram of our own namespace's events announces."""
    place = 0
    while place + _HEADER.size < len(data):
        length, kind, _, _, _ = _HEADER.unpack_from(data, place)
        start, end = place + _HEADER.size, place + length
        if kind in _OF_IDS:
            ids = changes.ids if kind == RTM_DELNSID else changes.given
            ids.add(_IDS.read(data[start:end])[0])
        else:
            touched = changes.addresses if kind in _OF_ADDRESSES else changes.links
            touched.add(_INDEX.unpack_from(data, start)[0])
        place += (max(length, _HEADER.size) + 3) & ~3
