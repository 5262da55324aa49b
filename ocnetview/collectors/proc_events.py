"""What processes do, told by the kernel's proc connector (linux/cn_proc.h)."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ocnetview.collectors.cgroup import containers_of
from ocnetview.collectors.passing import Passing

_NETLINK_CONNECTOR = 11
_CN_IDX_PROC = _CN_VAL_PROC = 1
_NLMSG_DONE = 3
_LISTEN = 1
_NONE, _FORK, _EXEC, _EXIT = 0, 0x1, 0x2, 0x80000000
_HEADER = struct.Struct("=IHHII")
"""struct nlmsghdr: length, type, flags, sequence, port."""
_CN_MSG = struct.Struct("=IIIIHH")
"""struct cn_msg: idx, val, seq, ack, len, flags."""
_EVENT = struct.Struct("=IIQIIII")
"""struct proc_event: what, cpu, time, then of the parent and the child, or of the
process: the id of the thread and that of the process, then its exit code."""
_AT = _HEADER.size + _CN_MSG.size
_BYTES = 1 << 16


class ProcEvent(NamedTuple):
    """A process forked, executed a program, or ended."""

    what: int
    tid: int
    """The thread that did: only the first thread's end is the process's."""
    pid: int
    at: int = 0
    """Nanoseconds after boot."""
    child: tuple[int, int] = (0, 0)
    """Of a fork: thread and process that were made. Of an end: the code, a signal."""


class ProcEvents:
    """Hears of every process of the machine, in the first pid namespace's numbers.

    The kernel tells it only there, and only in the first network namespace.
    """

    def __init__(self, proc: str = "/proc") -> None:
        """Listen from now on, to what this proc file system shows.

        Raises:
            OSError: the kernel has no such events, or not for us.
        """
        self._proc = proc
        self.passing = Passing(proc)
        """Those that nobody may ever see in a reading."""
        self._socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_CONNECTOR
        )
        try:
            self._listen()
        except BaseException:
            self.close()
            raise

    def _listen(self) -> None:
        """Ask for all events, then for those alone that are used."""
        self._socket.setblocking(False)  # noqa: FBT003 - its name says it
        self._socket.bind((0, _CN_IDX_PROC))
        self._ask(struct.pack("=I", _LISTEN))
        # The answer is there by now. To another pid namespace there is none.
        if not any(event.what == _NONE for event in self._received()):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        # Since Linux 6.6; a kernel before that passes it over.
        self._ask(struct.pack("=II", _LISTEN, _FORK | _EXEC | _EXIT))

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()

    def fileno(self) -> int:
        """Return the descriptor, readable when something happened."""
        return self._socket.fileno()

    def touched(self, pids: Collection[int], containers: Collection[str]) -> bool:
        """Take what happened; claim that it concerns these processes or containers.

        So does what was lost (ENOBUFS). A process that executes a program may have
        been put into a container by its runtime, which forked it outside.
        """
        seen = False
        try:
            for event in self._received():
                self._note(event)
                what, tid, pid, *_ = event
                if pid in pids:
                    seen = seen or what in {_FORK, _EXEC} or tid == pid
                elif what == _EXEC and not seen:
                    inside = containers_of(self._proc, pid)
                    seen = not frozenset(inside).isdisjoint(containers)
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            self.passing.forget()
            return True
        return seen

    def _note(self, event: ProcEvent) -> None:
        """Keep who was born and who ended, of processes, not of threads."""
        first, second = event.child
        if event.what == _FORK and first == second:
            self.passing.forked(event.pid, second, event.at)
        elif event.what == _EXEC:
            self.passing.executed(event.pid)
        elif event.what == _EXIT and event.tid == event.pid:
            self.passing.ended(event.pid, event.at, first)

    def _ask(self, request: bytes) -> None:
        size = len(request)
        message = _CN_MSG.pack(_CN_IDX_PROC, _CN_VAL_PROC, 0, 0, size, 0) + request
        length = _HEADER.size + len(message)
        self._socket.send(_HEADER.pack(length, _NLMSG_DONE, 0, 0, 0) + message)

    def _received(self) -> Iterator[ProcEvent]:
        """Yield what was told up to now, one event a message."""
        while True:
            try:
                data, (port, _) = self._socket.recvfrom(_BYTES)
            except BlockingIOError:
                return
            if port == 0 and len(data) >= _AT + _EVENT.size:
                what, _, at, tid, pid, *child = _EVENT.unpack_from(data, _AT)
                yield ProcEvent(what, tid, pid, at, (child[0], child[1]))
