"""Where captured packets go that go to no file: a pipe, or nowhere."""

from __future__ import annotations

import os
import select
from collections.abc import Mapping, Sequence
from typing import Protocol

from ocnetview.collectors.base import Stop
from ocnetview.facts.packets import CaptureOrder, Packet, Tally
from ocnetview.probes.capture_blocks import Form, Times, blocks_of, head, room_for

_AT_ONCE = 4096
"""PIPE_BUF: so many bytes a pipe that can be written to takes without a wait."""


class Output(Protocol):
    """Where packets go."""

    @property
    def files(self) -> Sequence[str]:
        """Return those that were written, the oldest first."""
        ...

    def begin(self, forms: Sequence[Form]) -> None:
        """Write how the file begins.

        Raises:
            OSError: it cannot be written.
        """

    def write(self, packets: Sequence[Packet], comments: Mapping[int, str]) -> int:
        """Write packets, and return how many there was room for.

        `comments` are by the place in this sequence.

        Raises:
            OSError: it cannot be written; what was is whole packets.
        """

    def end(self, tallies: Sequence[Tally]) -> None:
        """Write how the file ends.

        Raises:
            OSError: as above.
        """

    def close(self) -> None:
        """Close what is open."""


class Memory:
    """Keeps nothing itself: whoever takes the packets does."""

    files: Sequence[str] = ()

    def __init__(self, size: int) -> None:
        """Take how many bytes of packets there is room for; 0 for no limit."""
        self._size = size
        self._used = 0

    def begin(self, forms: Sequence[Form]) -> None:
        """Begin nothing."""

    def write(self, packets: Sequence[Packet], comments: Mapping[int, str]) -> int:
        """Return for how many of these there is room."""
        del comments
        for number, one in enumerate(packets):
            if self._size and self._used + len(one.data) > self._size:
                return number
            self._used += len(one.data)
        return len(packets)

    def end(self, tallies: Sequence[Tally]) -> None:
        """End nothing."""

    def close(self) -> None:
        """Close nothing."""


class Pipe:
    """Writes to standard output, for as long as somebody reads it."""

    files: Sequence[str] = ()

    def __init__(self, order: CaptureOrder, stop: Stop, fd: int = 1) -> None:
        """Take the order, and what ends a wait for the reader."""
        self._order, self._stop, self._fd = order, stop, fd
        self._written = 0
        self._left = False
        """Claims that a wait for the reader was given up, within a block."""
        self._times = Times()

    def begin(self, forms: Sequence[Form]) -> None:
        """Write how the file begins.

        Raises:
            BrokenPipeError: nobody reads it any more.
        """
        self._send(head(self._order, forms))

    def write(self, packets: Sequence[Packet], comments: Mapping[int, str]) -> int:
        """Write packets; return how many.

        Raises:
            BrokenPipeError: nobody reads it any more.
        """
        blocks = blocks_of(self._order, packets, comments)
        room = room_for(blocks, self._written, self._order.size)
        self._times.add(packets[:room])
        self._send(b"".join(blocks[:room]))
        return room

    def end(self, tallies: Sequence[Tally]) -> None:
        """Write how the file ends.

        Raises:
            BrokenPipeError: nobody reads it any more.
        """
        self._send(self._times.statistics(tallies))

    def close(self) -> None:
        """Leave standard output open."""

    def _send(self, data: bytes) -> None:
        """Write all of it, unless told to stop while the reader lets us wait."""
        view = memoryview(data)
        waiting = select.poll()
        waiting.register(self._fd, select.POLLOUT)
        waiting.register(self._stop, select.POLLIN)
        while view and not self._left:
            if self._fd in dict(waiting.poll()):
                sent = os.write(self._fd, view[:_AT_ONCE])
                view, self._written = view[sent:], self._written + sent
            else:
                self._left = True
