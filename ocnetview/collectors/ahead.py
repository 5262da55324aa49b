"""The first reading of all links, in a process of its own, before it is asked for.

Python runs one thread at a time. To read the links takes thousands of short requests,
and after each the thread waits for those that read at the same time: two of them at
once take half as long again as one after the other. A process has an interpreter to
itself, and reads while the rest of the program is loaded; what that takes, it loads.

It begins before all else: each page of memory that is there by then has to be copied
later, or found again.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from ocnetview.collectors.base import Stop
    from ocnetview.collectors.links import LinkReader
    from ocnetview.config import Settings
    from ocnetview.facts import LinkFacts

_ASKED = b"?"
_BUFFER = 1 << 20
"""Bytes; the answer for 500 pods is half of it."""


class Ahead:
    """A child process that reads the links, and hears of what changes since.

    It ends when it is closed, or its parent ends. Whatever goes wrong in it, nothing
    is lost: who gets no answer reads the links himself, and meets the same fault.
    """

    def __init__(self, pid: int, sock: socket.socket) -> None:
        """Take a child, and the way to it; `prepare` makes both."""
        self.pid = pid
        self._socket = sock
        self._file = sock.makefile("rb", _BUFFER)

    def begin(self, settings: Settings) -> None:
        """Have it read the links of the node that these settings name."""
        self._send(pickle.dumps(settings))

    def facts(self, stop: Stop) -> LinkFacts | None:
        """Return the links as they are now; None without an answer, or when stopped."""
        from ocnetview.facts import LinkFacts  # noqa: PLC0415 - it begins before all

        found = self._ask(stop)
        return found if isinstance(found, LinkFacts) else None

    def reader(self, stop: Stop) -> LinkReader | None:
        """Return what read them, to go on with; to be asked for after the facts."""
        from ocnetview.collectors.links import LinkReader  # noqa: PLC0415 - as above

        found = self._ask(stop)
        return found if isinstance(found, LinkReader) else None

    def _ask(self, stop: Stop) -> object:
        """Return the child's next answer; None without one."""
        if not self._send(_ASKED):
            return None
        select.select([self._socket.fileno(), stop.fileno()], [], [])
        try:
            return None if stop else pickle.load(self._file)  # noqa: S301 - our child's
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    def _send(self, data: bytes) -> bool:
        """Send it something; return whether it, or anybody, is there to take it."""
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """End the child, whatever it does."""
        self._file.close()
        self._socket.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def prepare() -> Ahead | None:
    """Return a child that can begin at once; None where it is of no use, or refused.

    That is where there is one processor only, and where other threads run: a lock
    that one holds at that moment would be held in the child for good.
    """
    if threading.active_count() > 1 or len(os.sched_getaffinity(0)) == 1:
        return None
    ours, its = socket.socketpair()
    with its:
        try:
            pid = os.fork()
        except OSError:  # no more processes are allowed
            ours.close()
            return None
        if not pid:
            _live(its, ours)
    return Ahead(pid, ours)


def _live(its: socket.socket, ours: socket.socket) -> NoReturn:
    """Be the child: read and answer, and end without a word."""
    try:
        ours.close()
        # A key that interrupts the program is for the parent.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        _answer(its)
    finally:
        os._exit(0)


def _answer(its: socket.socket) -> None:
    """Read the links, and give them, and then the reader, as often as asked.

    Raises:
        OSError: they cannot be read, or the parent is gone.
        EOFError: the parent ended, or wants nothing.
        CollectorError: the node's network namespace cannot be entered.
    """
    from ocnetview.collectors.home import (  # noqa: PLC0415 - the parent goes on
        open_events,
        open_netlink,
    )
    from ocnetview.collectors.links import LinkReader  # noqa: PLC0415 - as above

    asked = its.makefile("rb")
    settings = pickle.load(asked)  # noqa: S301 - our parent's
    reader = LinkReader(settings)
    with (
        closing(open_events(settings)) as events,
        closing(open_netlink(settings)) as netlink,
    ):
        # What is not heard of elsewhere might be old by the time it is asked for.
        early = events.everywhere
        if early:
            reader.read(netlink, events)
        if not asked.read(1):
            return
        facts = reader.update(netlink, events) if early else None
        if facts is None or reader.pending.lost:
            facts = reader.read(netlink, events)
        its.sendall(pickle.dumps(facts, pickle.HIGHEST_PROTOCOL))
        if asked.read(1):
            its.sendall(pickle.dumps(reader, pickle.HIGHEST_PROTOCOL))
            asked.read(1)
