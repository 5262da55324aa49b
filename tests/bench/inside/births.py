"""How a pod comes to be: a process cloned into namespaces of its own, and its veth."""

from __future__ import annotations

import ctypes
import os
import platform
import select
import signal
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag

from bench.inside.veths import Plug, link_socket, plug_in

_CLONE = {"x86_64": 56, "aarch64": 220}
_REPORT = struct.Struct("=iiq")
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.PyDLL(None, use_errno=True)
"""Called with the interpreter's lock held, so that a clone of us still has it."""


class Own(IntFlag):
    """What a pod has of its own (sched.h)."""

    MOUNTS = 0x00020000
    UTS = 0x04000000
    IPC = 0x08000000
    PIDS = 0x20000000
    NET = 0x40000000
    """Always: it is left by unshare, once a socket of the host's is open."""


WHOLE = Own.MOUNTS | Own.UTS | Own.IPC | Own.PIDS
LIGHT = Own.PIDS
"""Mounts are copied one by one: not for pods that come by the hundred a second."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What became of one pod."""

    number: int
    pid: int
    """In the lab's numbering; 0 if it was refused."""
    at: float
    """CLOCK_MONOTONIC right after the kernel made its link."""
    errno: int
    """Why it was refused; 0 if it was not."""


def clone(own: Own) -> int:
    """Fork into new namespaces; return the child's pid, or 0 in the child.

    Raises:
        OSError: clone(2) refused.
    """
    call = _CLONE[platform.machine()]
    pid = int(_LIBC.syscall(call, int(own) | signal.SIGCHLD, 0, 0, 0, 0))
    _check(pid, "clone")
    return pid


def _check(result: int, doing: str) -> None:
    """Raise what errno says, when the call failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{doing}: {os.strerror(number)}")


def enter_net(pid: int) -> None:
    """Move to the network namespace of a process.

    Raises:
        OSError: setns(2) refused.
    """
    fd = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    _check(_LIBC.setns(fd, int(Own.NET)), "setns")
    os.close(fd)


def leave_net() -> None:
    """Move to a new network namespace.

    Raises:
        OSError: unshare(2) refused.
    """
    _check(_LIBC.unshare(int(Own.NET)), "unshare")


class Midwife:
    """Bears pods, some at a time."""

    def __init__(self) -> None:
        self._netns = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        self._reports, self._report = os.pipe2(os.O_CLOEXEC)
        self._pids: dict[int, tuple[int, int]] = {}
        """Of each birth not done: its child, and whose namespace it wires, or 0."""

    def fileno(self) -> int:
        """Return a descriptor that is readable when a birth is done."""
        return self._reports

    @property
    def busy(self) -> int:
        """Return how many births are not done."""
        return len(self._pids)

    def bear(self, number: int, plug: Plug, own: Own, live: Callable[[], None]) -> None:
        """Begin a birth; `live` is what the pod does then, and does not return.

        Its network namespace is new in any case.
        """
        pid = clone(own)
        if pid:
            self._pids[number] = (pid, 0)
        else:
            self._be_born(number, plug, leave_net, live)

    def plug(self, number: int, plug: Plug, pid: int) -> None:
        """Begin to wire the network namespace of a process that is there."""
        child = os.fork()
        if child:
            self._pids[number] = (child, pid)
        else:
            self._be_born(number, plug, lambda: enter_net(pid), lambda: None)

    def _be_born(
        self,
        number: int,
        plug: Plug,
        enter: Callable[[], None],
        live: Callable[[], None],
    ) -> None:
        """Wire a namespace, tell it, and live; all of it in the child."""
        error = 1
        try:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            for fd in range(3):
                os.dup2(self._null, fd)
            error = self._wire(plug, enter)
            os.write(self._report, _REPORT.pack(number, error, time.monotonic_ns()))
            if not error:
                live()
        finally:
            os._exit(error)

    def _wire(self, plug: Plug, enter: Callable[[], None]) -> int:
        """Make the veth from inside; return the errno where that failed."""
        try:
            with link_socket() as host:
                enter()
                plug_in(plug, host, self._netns)
        except OSError as error:
            return error.errno or 1
        return 0

    def births(self, seconds: float | None) -> list[Birth]:
        """Return the births done by now, waiting this long for the first."""
        if not select.select([self._reports], [], [], seconds)[0]:
            return []
        said = os.read(self._reports, _REPORT.size * 64)
        return [self._done(*row) for row in _REPORT.iter_unpack(said)]

    def _done(self, number: int, errno: int, at: int) -> Birth:
        child, of = self._pids.pop(number)
        if errno or of:
            os.waitpid(child, 0)
        return Birth(number, 0 if errno else of or child, at / 1e9, errno)
