"""The few kernel calls that Python 3.11 has no function for."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterable
from enum import IntFlag
from functools import cache
from pathlib import Path


class Clone(IntFlag):
    """Which namespaces unshare(2) and setns(2) mean (sched.h)."""

    NEWNS = 0x00020000
    NEWCGROUP = 0x02000000
    NEWUTS = 0x04000000
    NEWIPC = 0x08000000
    NEWUSER = 0x10000000
    NEWPID = 0x20000000
    NEWNET = 0x40000000


class Mount(IntFlag):
    """Flags of mount(2) (sys/mount.h)."""

    NONE = 0
    NOSUID = 0x2
    NODEV = 0x4
    NOEXEC = 0x8
    BIND = 0x1000
    REC = 0x4000
    PRIVATE = 0x40000


CALLERS_SIGNALS = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
)
"""What a terminal or a caller sends to all of us, and only the explorer heeds."""

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_MM = 35
_PR_SET_MM_MAP = 14
_COMM_BYTES = 15
_NO_FILE = 0xFFFFFFFF
_MAP_FIELDS = (
    "start_code",
    "end_code",
    "start_data",
    "end_data",
    "start_brk",
    "brk",
    "start_stack",
    "arg_start",
    "arg_end",
    "env_start",
    "env_end",
    "auxv",
)

_kept: list[ctypes.Array[ctypes.c_char]] = []
"""The text that /proc/self/cmdline points at must live as long as the process."""


class _MemoryMap(ctypes.Structure):
    """The kernel's struct prctl_mm_map (linux/prctl.h)."""

    _fields_ = [
        *((name, ctypes.c_uint64) for name in _MAP_FIELDS),
        ("auxv_size", ctypes.c_uint32),
        ("exe_fd", ctypes.c_uint32),
    ]


@cache
def _libc() -> ctypes.CDLL:
    """Return the C library that this process already runs with."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.sbrk.restype = ctypes.c_void_p
    libc.mount.argtypes = [
        *[ctypes.c_char_p] * 3,
        ctypes.c_ulong,
        ctypes.c_char_p,
    ]
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    return libc


def _check(result: int, doing: str) -> None:
    """Raise what errno says, when the call failed."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{doing}: {os.strerror(number)}")


def unshare(namespaces: Clone) -> None:
    """Move this process (for pids: its next children) to new namespaces.

    Raises:
        OSError: unshare(2) refused.
    """
    _check(_libc().unshare(int(namespaces)), f"unshare {namespaces.name}")


def setns(fd: int, namespaces: Clone) -> None:
    """Move this process to the namespace behind the descriptor.

    Raises:
        OSError: setns(2) refused.
    """
    _check(_libc().setns(fd, int(namespaces)), f"setns {namespaces.name}")


def mount(source: str, target: str, kind: str, flags: Mount, data: str = "") -> None:
    """Mount a file system, or with BIND a file or folder.

    Raises:
        OSError: mount(2) refused.
    """
    texts = [text.encode() for text in (source, target, kind)]
    result = _libc().mount(*texts, int(flags), data.encode() or None)
    _check(result, f"mount {kind or source} on {target}")


def set_hostname(name: str) -> None:
    """Name the node of this UTS namespace.

    Raises:
        OSError: sethostname(2) refused.
    """
    text = name.encode()
    _check(_libc().sethostname(text, len(text)), "sethostname")


def die_with_parent() -> None:
    """Have the kernel send us SIGKILL when our parent ends.

    Raises:
        OSError: prctl(2) refused.
    """
    _check(_libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl PDEATHSIG")


def handle(signals: Iterable[signal.Signals], action: signal.Handlers) -> None:
    """Ignore these signals, or have them do what they do by default."""
    for number in signals:
        signal.signal(number, action)


def set_title(name: str, arguments: tuple[str, ...]) -> None:
    """Have /proc show this name (comm) and these arguments for this process.

    PR_SET_MM_MAP points the kernel at a text of ours, of any length, and needs
    no capability as long as the executable stays; a kernel without
    CONFIG_CHECKPOINT_RESTORE refuses it, and gets the arguments' beginning
    written over the old ones. The environment is shown as empty: it is the
    caller's, and none of a container's business.
    """
    libc = _libc()
    comm = ctypes.create_string_buffer(name.encode()[:_COMM_BYTES])
    libc.prctl(_PR_SET_NAME, ctypes.addressof(comm), 0, 0, 0)
    shown = "\0".join(arguments).encode()
    stat = Path("/proc/self/stat").read_text("ascii", "replace")
    fields = stat.rpartition(")")[2].split()
    first = 3  # the field after the name is number 3 in proc_pid_stat(5)
    start_code, end_code, start_stack = (int(fields[n - first]) for n in (26, 27, 28))
    data_and_brk = [int(fields[n - first]) for n in (45, 46, 47)]
    arg_start, arg_end = (int(fields[n - first]) for n in (48, 49))
    text = ctypes.create_string_buffer(shown)
    start, end = ctypes.addressof(text), ctypes.addressof(text) + len(text)
    wanted = _MemoryMap(
        *(start_code, end_code, *data_and_brk, libc.sbrk(0), start_stack),
        *(start, end, end, end, 0, 0, _NO_FILE),
    )
    size = ctypes.sizeof(wanted)
    if libc.prctl(_PR_SET_MM, _PR_SET_MM_MAP, ctypes.addressof(wanted), size, 0) == 0:
        _kept[:] = [text]
        return
    room = arg_end - arg_start
    if room > 1:
        ctypes.memmove(arg_start, shown[: room - 1].ljust(room, b"\0"), room)
