"""Entering another network namespace, in a thread that ends afterwards."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_CLONE_NEWNET = 0x40000000
"""linux/sched.h: the descriptor has to be a network namespace's."""


def within(fd: int, do: Callable[[], T]) -> T:
    """Return what `do` returns, run inside the namespace of a nsfs descriptor.

    A namespace is a thread's own, so nothing else of us ever leaves ours. A socket
    that is opened there stays there.

    Raises:
        OSError: EPERM without CAP_SYS_ADMIN, EINVAL for another type of namespace.
        Exception: whatever `do` raises.
    """
    done: list[T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            enter(fd)
            done.append(do())
        except Exception as error:  # noqa: BLE001 - a thread's edge; raised below
            failed.append(error)

    thread = threading.Thread(target=run, name="ocnetview-setns")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def enter(fd: int) -> None:
    """Move this thread to the namespace (setns(2); Python has it since 3.12).

    Raises:
        OSError: as `within`.
    """
    import ctypes  # noqa: PLC0415 - cost; few readings enter a namespace

    if ctypes.CDLL(None, use_errno=True).setns(fd, _CLONE_NEWNET):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
