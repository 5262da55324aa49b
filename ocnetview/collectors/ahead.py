"""The first reading of all links, in a process of its own.

Python runs one thread at a time. To read the links takes thousands of short requests,
and after each the thread waits for those that read at the same time: two of them at
once take half as long again as one after the other. A process has an interpreter to
itself. It is started before all else, so that it is loaded by the time it is needed.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocnetview.collectors.base import Stop
    from ocnetview.collectors.links import LinkReader
    from ocnetview.config import Settings
    from ocnetview.facts import LinkFacts

_MORE = b"?"
_BUFFER = 1 << 20
"""Bytes; the answer for 500 pods is half of it."""


class Ahead:
    """A child process that reads the links once, and gives its reader then.

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
        with suppress(OSError):  # it ended: there will be no answer
            self._socket.sendall(pickle.dumps(settings))

    def facts(self, stop: Stop) -> LinkFacts | None:
        """Return them once they are read; None without an answer, or when stopped."""
        from ocnetview.facts import LinkFacts  # noqa: PLC0415 - it begins before all

        found = self._answer(stop)
        return found if isinstance(found, LinkFacts) else None

    def reader(self, stop: Stop) -> LinkReader | None:
        """Return what read them, to go on with; to be asked for after the facts."""
        from ocnetview.collectors.links import LinkReader  # noqa: PLC0415 - as above

        with suppress(OSError):  # as above
            self._socket.sendall(_MORE)
        found = self._answer(stop)
        return found if isinstance(found, LinkReader) else None

    def _answer(self, stop: Stop) -> object:
        """Return the child's next answer; None without one, or after the end."""
        if self._is_closed:
            return None
        select.select([self._socket.fileno(), stop.fileno()], [], [])
        try:
            return None if stop else pickle.load(self._file)  # noqa: S301 - our child's
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    @property
    def _is_closed(self) -> bool:
        return self._socket.fileno() < 0

    def close(self) -> None:
        """End the child, whatever it does; once, for its pid is another's then."""
        if self._is_closed:
            return
        self._file.close()
        self._socket.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def prepare() -> Ahead | None:
    """Return a child that can begin at once; None where it is of no use, or refused.

    That is where there is one processor only.
    """
    if len(os.sched_getaffinity(0)) == 1:
        return None
    ours, its = socket.socketpair()
    with its:
        pid = _spawn(its.fileno())
    if pid is None:
        ours.close()
        return None
    return Ahead(pid, ours)


def _spawn(fd: int) -> int | None:
    """Start what answers at this descriptor; return its pid, None where refused.

    It is no fork: each page of memory that there is by now would have to be copied
    later, or found again.
    """
    os.set_inheritable(fd, True)  # noqa: FBT003 - it has no name
    # Without these, what lies in the working directory would be taken for ours.
    safe = "-I" if sys.flags.isolated else "-P"
    work = f"from {__name__} import answer; answer({fd})"
    words = (sys.executable, safe, "-c", work)
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    streams = [(os.POSIX_SPAWN_DUP2, nothing, stream) for stream in range(3)]
    # A key that interrupts the program is for the parent.
    deaf = [signal.SIGINT]
    try:
        return os.posix_spawn(
            words[0], words, os.environ, file_actions=streams, setsigmask=deaf
        )
    except OSError:  # no more processes are allowed, or nobody knows our interpreter
        return None
    finally:
        os.close(nothing)


def answer(fd: int) -> None:
    """Be the child: read the links, and give them, and then the reader, if asked.

    Raises:
        OSError: they cannot be read, or the parent is gone.
        EOFError: the parent is gone, or wants nothing.
        CollectorError: the node's network namespace cannot be entered.
    """
    from ocnetview.collectors.home import (  # noqa: PLC0415 - the parent needs none
        open_events,
        open_netlink,
    )
    from ocnetview.collectors.links import LinkReader  # noqa: PLC0415 - as above

    gc.disable()
    with socket.socket(fileno=fd) as its, its.makefile("rb") as said:
        settings = pickle.load(said)  # noqa: S301 - our parent's
        reader = LinkReader(settings)
        with (
            closing(open_events(settings)) as events,
            closing(open_netlink(settings)) as netlink,
        ):
            facts = reader.read(netlink, events)
        its.sendall(pickle.dumps(facts, pickle.HIGHEST_PROTOCOL))
        if said.read(1):
            its.sendall(pickle.dumps(reader, pickle.HIGHEST_PROTOCOL))
            said.read(1)
