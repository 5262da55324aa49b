"""The netlink wire: dumps, namespace ids and counters.

Decodes only the attributes that ocnetview uses: a general decoder spends twenty
times what `ip -d -j link` does on the same dump. Numbers are those of the kernel's
uapi headers linux/{netlink,rtnetlink,if_link,if_addr,net_namespace}.h.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Self

from ocnetview.collectors.attributes import attributes_of, number

NETLINK_ROUTE = 0
SOL_NETLINK = 270
NETLINK_GET_STRICT_CHK = 12

NLMSG_ERROR = 2
NLMSG_DONE = 3
NLM_F_REQUEST = 0x1
NLM_F_DUMP_INTR = 0x10
NLM_F_DUMP = 0x300

RTM_NEWLINK = 16
RTM_GETLINK = 18
RTM_NEWADDR = 20
RTM_GETADDR = 22
RTM_NEWNSID = 88
RTM_GETNSID = 90
RTM_NEWSTATS = 92
RTM_GETSTATS = 94

NETNSA_NSID = 1
NETNSA_PID = 2
NETNSA_FD = 3

_HEADER = struct.Struct("=IHHII")
_PACK, _UNPACK = _HEADER.pack, _HEADER.unpack_from
_HEAD = _HEADER.size
_INT = struct.Struct("=i")
_TIMEVAL = struct.Struct("@ll")
_RECEIVE = 1 << 16
"""Bytes of one read; the kernel fills at most 32 KiB of a dump at a time."""
_NSID = struct.pack("=HH", 8, NETNSA_NSID)
_SECONDS = 10.0
"""How long the kernel may take for the next part of a reply."""
_TRIES = 4
"""How often a dump that links changed under is read again."""


class DumpInterruptedError(OSError):
    """What is dumped kept changing (NLM_F_DUMP_INTR), four times in a row."""


def enable(sock: socket.socket, option: int) -> bool:
    """Switch a netlink option on; return whether the kernel knows and allows it."""
    try:
        sock.setsockopt(SOL_NETLINK, option, 1)
    except OSError as error:
        if error.errno in (errno.ENOPROTOOPT, errno.EPERM, errno.EINVAL):
            return False
        raise
    return True


class Netlink:
    """A netlink socket of one namespace, to rtnetlink where no other is named.

    A socket holds the namespace it was opened in, so one opened elsewhere than at
    home is closed as soon as its read is done.
    """

    def __init__(self, protocol: int = NETLINK_ROUTE) -> None:
        self._socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol
        )
        self._sequence = 0
        self._buffer = memoryview(bytearray(_RECEIVE))
        # The kernel keeps the time; a select before each read costs as much again.
        wait = _TIMEVAL.pack(int(_SECONDS), 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, wait)
        self.strict = self._enable(NETLINK_GET_STRICT_CHK)
        """Claims that the kernel heeds a dump's filters (since 4.20). Without it a
        dump of another namespace's addresses would give our own."""
        self._socket.bind((0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def _enable(self, option: int) -> bool:
        """Switch a socket option on; return whether the kernel knows and allows it."""
        return enable(self._socket, option)

    def dump(
        self,
        request: int,
        family: bytes,
        answer: int,
        attributes: bytes = b"",
        *,
        torn: bool = False,
    ) -> list[bytes]:
        """Return the payloads of every message of a dump, headers taken off.

        Args:
            request: RTM_GET….
            family: the fixed part, struct ifinfomsg and its like.
            answer: RTM_NEW…, all else is passed over.
            attributes: what narrows or redirects the dump. IFLA_EXT_MASK makes the
                kernel look at every link of our own namespace first, whichever one
                is asked for (rtnl_calcit): it does not go with a redirected dump.
            torn: accept what could not be read in one piece, as all that any try
                gave; for who hears of each change, and so of what is wrong in it.

        Raises:
            OSError: the kernel's errno; it may come inside NLMSG_DONE, where a
                reader that does not look sees an empty list instead.
            DumpInterruptedError: the dump could not be read in one piece.
        """
        every: dict[bytes, None] = {}
        for _ in range(_TRIES):
            found: list[bytes] = []
            sequence = self._send(request, NLM_F_DUMP, family + attributes)
            if self._collect(sequence, answer, found.append):
                return found
            every.update(dict.fromkeys(found))
        if torn:
            return list(every)
        raise DumpInterruptedError(errno.EAGAIN, "links changed during every dump")

    def sift(
        self, request: int, body: bytes, answer: int, take: Callable[[bytes], object]
    ) -> None:
        """Hand over each payload of a dump as it comes, torn or not.

        For tables that are too large to be kept whole.

        Raises:
            OSError: as `dump`.
        """
        self._collect(self._send(request, NLM_F_DUMP, body), answer, take)

    def _collect(
        self, sequence: int, answer: int, take: Callable[[bytes], object]
    ) -> bool:
        """Hand over the payloads of a dump; return whether it is in one piece."""
        told = 0
        while True:
            data = self._receive()
            last, place = len(data) - _HEAD, 0
            while place <= last:
                length, kind, flags, number_, _ = _UNPACK(data, place)
                start, end = place + _HEAD, place + length
                place = (end if length > _HEAD else start) + 3 & ~3
                if number_ != sequence:
                    continue
                told |= flags
                if kind == answer:
                    take(data[start:end])
                elif kind in (NLMSG_DONE, NLMSG_ERROR):
                    _raise_for(data[start:end])
                    return not told & NLM_F_DUMP_INTR

    def _receive(self) -> bytes:
        """Return the next datagram of a reply.

        Raises:
            TimeoutError: none came.
        """
        try:
            size = self._socket.recv_into(self._buffer)
        except BlockingIOError as error:
            reason = "the kernel did not answer"
            raise TimeoutError(errno.ETIMEDOUT, reason) from error
        return bytes(self._buffer[:size])

    def nsid(self, fd: int) -> int | None:
        """Return our id for the namespace behind a nsfs descriptor; None for no id.

        Raises:
            OSError: not a network namespace (EINVAL), or the kernel's other errno.
        """
        return self._nsid(number(NETNSA_FD, fd))

    def nsid_of(self, pid: int) -> int | None:
        """Return our id for the namespace that a process is in; None for no id.

        That takes no right. The pid is one of our own pid namespace.

        Raises:
            OSError: there is no such process (ESRCH), or the kernel's other errno.
        """
        return self._nsid(number(NETNSA_PID, pid))

    def _nsid(self, whose: bytes) -> int | None:
        """Return the answer to RTM_GETNSID; -1 stands for no id."""
        reply = self.get(RTM_GETNSID, bytes(4) + whose, RTM_NEWNSID)
        if reply[4:8] == _NSID:
            found: bytes | None = reply[8:]
        else:
            found = attributes_of(reply, 4).get(NETNSA_NSID)
        value = _INT.unpack_from(found)[0] if found else -1
        return None if value < 0 else int(value)

    def get(self, request: int, body: bytes, answer: int) -> bytes:
        """Return the payload of the one message that answers a request.

        Raises:
            OSError: the kernel's errno.
        """
        sequence = self._send(request, 0, body)
        while True:
            data = self._receive()
            length, kind, _, number_, _ = _UNPACK(data)
            if number_ == sequence:
                if kind == NLMSG_ERROR:
                    _raise_for(data[_HEAD:])
                if kind == answer:
                    return data[_HEAD:length]

    def get_each(
        self, request: int, bodies: Sequence[bytes], answer: int
    ) -> list[bytes]:
        """Return the payloads of the answers to several requests, sent as one.

        What the kernel refuses is left out: it is gone by now.

        Raises:
            TimeoutError: the kernel did not answer.
        """
        found: list[bytes] = []
        first = self._sequence + 1
        self._sequence += len(bodies)
        self._socket.send(
            b"".join(
                _HEADER.pack(_HEAD + len(body), request, NLM_F_REQUEST, number_, 0)
                + body
                for number_, body in enumerate(bodies, first)
            )
        )
        left = len(bodies)
        while left:
            data = self._receive()
            length, kind, _, number_, _ = _UNPACK(data)
            if number_ >= first:
                left -= 1
                if kind == answer:
                    found.append(data[_HEAD:length])
        return found

    def _send(self, request: int, flags: int, body: bytes) -> int:
        """Send one request; return its sequence number."""
        self._sequence += 1
        sequence, length = self._sequence, _HEAD + len(body)
        self._socket.send(
            _PACK(length, request, NLM_F_REQUEST | flags, sequence, 0) + body
        )
        return sequence


def _raise_for(body: bytes) -> None:
    """Raise the errno that NLMSG_ERROR or NLMSG_DONE carries, if it carries one."""
    code = _INT.unpack_from(body)[0] if len(body) >= _INT.size else 0
    if code < 0:
        raise OSError(-code, os.strerror(-code))
