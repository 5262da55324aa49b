"""A daemon that hears a question, tells the asker to stop, and never answers."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ocnetview.collectors.base import Stop

WAIT = 15
"""Seconds after which a question, or the end of a connection, does not come at all."""
_PEER = struct.Struct("3i")
"""SO_PEERCRED: pid, uid, gid."""


class Heard(NamedTuple):
    """What came until the asker hung up, which it did."""

    words: str
    pid: int
    """Of the process that asked."""

    @property
    def asker_lives(self) -> bool:
        """Claim that the process that asked is there still, if only as a zombie."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def silent(path: Path, stop: Stop) -> Iterator[Future[Heard]]:
    """Give what a daemon at this socket hears of the one who asks in this block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        closing(socket.socket(socket.AF_UNIX)) as listener,
        ThreadPoolExecutor(1) as thread,
    ):
        listener.settimeout(WAIT)
        listener.bind(str(path))
        listener.listen()
        try:
            yield thread.submit(_hear, listener, stop)
        finally:
            path.unlink()


def _hear(listener: socket.socket, stop: Stop) -> Heard:
    """Return what is asked: stop at its first bytes, then wait for the hanging up.

    Raises:
        TimeoutError: nobody asked, or the asker does not hang up.
    """
    talk, _ = listener.accept()
    with talk:
        talk.settimeout(WAIT)
        peer = talk.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
        words = part = talk.recv(4096)
        stop.set()
        while part:
            part = talk.recv(4096)
            words += part
    return Heard(words.decode("latin-1"), _PEER.unpack(peer)[0])
