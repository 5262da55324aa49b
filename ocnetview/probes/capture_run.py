"""A capture that runs: packets come from every spot and go to one place."""

from __future__ import annotations

import errno
import select
import time
from collections.abc import Sequence
from itertools import chain

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Packet, Tally
from ocnetview.probes.base import Take
from ocnetview.probes.capture_output import Output
from ocnetview.probes.capture_tap import Tap, is_there
from ocnetview.units import memory, one_line

_TICK = 0.25
"""Seconds between two looks at what keeps the namespaces."""
_ASK = 4
"""Every so many of them the kernel's drops are asked for."""
_LAST = 2.0
"""Seconds that a tcpdump has for its last packets and words."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Run:
    """One capture, from its first packet to its end."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a capture has to do with
        self,
        settings: Settings,
        order: CaptureOrder,
        taps: Sequence[Tap],
        output: Output,
        take: Take,
        stop: Stop,
    ) -> None:
        """Take all that it has to do with."""
        self._settings, self._order, self._taps = settings, order, taps
        self._output, self._take, self._stop = output, take, stop
        self._packets = [0] * len(taps)
        self._bytes = [0] * len(taps)
        self._deadline = time.monotonic() + order.seconds if order.seconds else None
        self._on_the_way = False
        """Claims that packets count which come after the end that they were before."""
        self._ticks = 0
        self._next_tick = time.monotonic()

    def run(self, early: Sequence[Packet]) -> CaptureEnd:
        """Return how it ended; `early` came while it began.

        Raises:
            BrokenPipeError: nobody reads standard output any more.
        """
        end = self._store(early)
        while end is None:
            self._wait()
            end = self._store(self._read()) or self._over()
        return self._finish(end)

    def _wait(self) -> None:
        """Wait for packets, the next tick, or the end."""
        now = time.monotonic()
        until = self._next_tick
        if self._deadline is not None:
            until = min(until, self._deadline)
        waiting = select.poll()
        for fd in chain([self._stop.fileno()], *(t.descriptors for t in self._taps)):
            waiting.register(fd, select.POLLIN)
        waiting.poll(max(0.0, until - now) * 1000)

    def _read(self) -> Sequence[Packet]:
        """Return what came at all spots, in the order of its time."""
        found = [packet for tap in self._taps for packet in tap.read()]
        return sorted(found, key=lambda packet: packet.at) if self._taps[1:] else found

    def _store(self, packets: Sequence[Packet]) -> CaptureEnd | None:
        """Hand packets on; return how it ended if they reached a limit."""
        order, end = self._order, None
        if order.count:
            left = order.count - sum(self._packets)
            if len(packets) >= left:
                packets = packets[:left]
                end = CaptureEnd(f"{order.count} packets were captured")
        try:
            room = self._output.write(packets, {})
        except BrokenPipeError:
            raise
        except OSError as error:
            return CaptureEnd(self._unwritable(error), failed=True)
        if room < len(packets):
            packets = packets[:room]
            end = CaptureEnd(f"the limit of {memory(order.size)} bytes was reached")
        for one in packets:
            self._packets[one.spot] += 1
            self._bytes[one.spot] += one.length
        self._take(packets, self.tallies)
        return end

    def _unwritable(self, error: OSError) -> str:
        """Return that the file takes no more."""
        full = error.errno in _FULL
        why = "the disk is full" if full else error.strerror or str(error)
        return f"{self._order.file} cannot be written: {why}"

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Return how each spot is doing."""
        return tuple(
            Tally(packets, length, tap.dropped)
            for packets, length, tap in zip(
                self._packets, self._bytes, self._taps, strict=True
            )
        )

    def _over(self) -> CaptureEnd | None:
        """Return how it ended; None while it goes on."""
        if self._stop:
            self._on_the_way = True
            return CaptureEnd("told to stop")
        for spot, tap in zip(self._order.spots, self._taps, strict=True):
            if not tap.descriptors or tap.trouble:
                return CaptureEnd(f"{spot.title}: {self._why(tap)}", failed=True)
        now = time.monotonic()
        if self._deadline is not None and now >= self._deadline:
            self._on_the_way = True
            return CaptureEnd(f"the time is over ({self._order.seconds:g} s)")
        if now >= self._next_tick:
            self._next_tick = now + _TICK
            return self._tick()
        return None

    def _tick(self) -> CaptureEnd | None:
        """Look whether the namespaces are still somebody's, and ask for drops."""
        for spot in self._order.spots:
            if not is_there(self._settings, spot):
                whose = spot.owner or spot.title
                return CaptureEnd(f"{whose} is gone, and its network", failed=True)
        if self._ticks % _ASK == 0:
            for tap in self._taps:
                tap.ask()
        self._ticks += 1
        return None

    @staticmethod
    def _why(tap: Tap) -> str:
        """Return why a tcpdump ended that was not told to."""
        if tap.trouble:
            return f"tcpdump wrote something else than packets: {tap.trouble}"
        if "disappeared" in tap.said:
            return "the interface is gone"
        status = tap.wait()
        if status < 0:
            return f"tcpdump was ended by signal {-status}"
        return f"tcpdump ended with status {status}: {one_line(last_word(tap.said))}"

    def _finish(self, end: CaptureEnd) -> CaptureEnd:
        """End every tcpdump, keep what it still had, and close the file."""
        self._drain()
        try:
            self._output.end(self.tallies)
        except BrokenPipeError:
            raise
        except OSError as error:
            if not end.failed:
                end = CaptureEnd(self._unwritable(error), failed=True)
        self._take((), self.tallies)
        return CaptureEnd(end.reason, end.failed, tuple(self._output.files))

    def _drain(self) -> None:
        """Read all that is left of every tcpdump, and store it where it counts."""
        for tap in self._taps:
            tap.end()
        deadline = time.monotonic() + _LAST
        while any(tap.descriptors for tap in self._taps):
            left = deadline - time.monotonic()
            if left <= 0:
                return
            waiting = select.poll()
            for fd in chain(*(tap.descriptors for tap in self._taps)):
                waiting.register(fd, select.POLLIN)
            waiting.poll(left * 1000)
            packets = self._read()
            if self._on_the_way:
                self._on_the_way = self._store(packets) is None


def last_word(said: str) -> str:
    """Return the last line of what a tcpdump said that is no count."""
    lines = [line for line in said.splitlines() if line and not line[0].isdigit()]
    return lines[-1].removeprefix("tcpdump: ") if lines else "it said nothing"
