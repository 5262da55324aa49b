"""The few netlink messages that wire a pod, sent raw: `ip` per pod is too slow.

Numbers are those of linux/{netlink,rtnetlink,if_link,if_addr,veth}.h.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
from dataclasses import dataclass

INSIDE = 3
"""The ifindex of every pod's eth0, as with most CNIs: it alone tells nothing."""

_RTM_NEWLINK, _RTM_NEWADDR, _RTM_SETLINK = 16, 20, 19
_REQUEST, _ACK, _CREATE, _EXCLUSIVE = 0x1, 0x4, 0x400, 0x200
_ADDRESS, _IFNAME, _MASTER, _LINKINFO, _NET_NS_FD = 1, 3, 10, 18, 28
_KIND, _DATA, _PEER = 1, 2, 1
_IFA_ADDRESS, _IFA_LOCAL, _IFA_LABEL = 1, 2, 3
_UP = 0x1
_ERROR = 2
_HEADER = struct.Struct("=IHHII")
_IFINFO = struct.Struct("=BxHiII")
_IFADDR = struct.Struct("=BBBBi")


@dataclass(frozen=True, slots=True)
class Plug:
    """One pod's veth as it is to be: eth0 inside, a port of a bridge outside."""

    name: str
    """The host's end."""
    ifindex: int
    """Of the host's end."""
    address: str
    """Eth0's, with the prefix's length."""
    master: int = 0
    """The ifindex of its Linux bridge; 0 for none, or one of Open vSwitch."""

    @property
    def mac(self) -> bytes:
        """Return eth0's address as OpenShift makes it: 0a:58 and the IPv4."""
        return b"\x0a\x58" + ipaddress.ip_interface(self.address).ip.packed


def _attribute(kind: int, payload: bytes) -> bytes:
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + bytes(-length % 4)


def _message(kind: int, flags: int, body: bytes) -> bytes:
    length = _HEADER.size + len(body)
    return _HEADER.pack(length, kind, _REQUEST | _ACK | flags, 1, 0) + body


def link_socket() -> socket.socket:
    """Return an rtnetlink socket of the namespace that we are in."""
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
    made.bind((0, 0))
    return made


def _ask(sock: socket.socket, *messages: bytes) -> None:
    """Send messages at once and wait until the kernel did each.

    Raises:
        OSError: the errno of the first that it did not do.
    """
    sock.send(b"".join(messages))
    left = len(messages)
    while left:
        reply = sock.recv(1 << 16)
        place = 0
        while place + _HEADER.size <= len(reply):
            length, kind, *_ = _HEADER.unpack_from(reply, place)
            if kind == _ERROR:
                (code,) = struct.unpack_from("=i", reply, place + _HEADER.size)
                left -= 1
                if code:
                    raise OSError(-code, os.strerror(-code))
            place += (length + 3) & ~3


def plug_in(plug: Plug, host: socket.socket, host_netns: int) -> None:
    """Make the pair from inside the pod, as a CNI does, and bring all of it up.

    Args:
        plug: what to make.
        host: a socket of the host's namespace.
        host_netns: a descriptor of that namespace.

    Raises:
        OSError: the kernel refused a step; EEXIST where name or index are taken.
    """
    peer = _IFINFO.pack(0, 0, plug.ifindex, 0, 0)
    peer += _attribute(_IFNAME, plug.name.encode() + b"\0")
    peer += _attribute(_NET_NS_FD, struct.pack("=i", host_netns))
    info = _attribute(_KIND, b"veth") + _attribute(_DATA, _attribute(_PEER, peer))
    link = _IFINFO.pack(0, 0, INSIDE, _UP, _UP)
    link += _attribute(_IFNAME, b"eth0\0") + _attribute(_ADDRESS, plug.mac)
    link += _attribute(_LINKINFO, info)
    interface = ipaddress.ip_interface(plug.address)
    size, ip = interface.network.prefixlen, interface.ip.packed
    address = _IFADDR.pack(socket.AF_INET, size, 0, 0, INSIDE)
    address += _attribute(_IFA_LOCAL, ip) + _attribute(_IFA_ADDRESS, ip)
    address += _attribute(_IFA_LABEL, b"eth0\0")
    with link_socket() as pod:
        _ask(
            pod,
            _message(_RTM_NEWLINK, _CREATE | _EXCLUSIVE, link),
            _message(_RTM_NEWADDR, _CREATE | _EXCLUSIVE, address),
            _message(_RTM_SETLINK, 0, _IFINFO.pack(0, 0, 1, _UP, _UP)),
        )
    # The kernel refuses to bring the peer up before the pair is one.
    up = _IFINFO.pack(0, 0, plug.ifindex, _UP, _UP)
    if plug.master:
        up += _attribute(_MASTER, struct.pack("=i", plug.master))
    _ask(host, _message(_RTM_SETLINK, 0, up))
