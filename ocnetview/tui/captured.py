"""What was captured, as much of it as there is room for."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ocnetview.facts.packets import Packet, Tally
from ocnetview.match.two_places.lost import Compare, Found
from ocnetview.match.two_places.sums import Comparison

SECOND = 1_000_000_000
LATE = SECOND // 2
"""Nanoseconds that a packet may take from its capture to here."""
AROUND = 200
"""Bytes that a packet takes in memory beside its data."""


@dataclass(frozen=True, slots=True)
class News:
    """What came since it was fetched last."""

    packets: Sequence[Packet]
    found: Sequence[Found]
    """What became of packets between two spots."""
    tallies: tuple[Tally, ...]
    """How each spot is doing."""
    comparison: Comparison | None
    """What two spots say together."""


class Intake:
    """Takes packets in the capturer's thread, and tells of them now and then."""

    def __init__(
        self,
        tell: Callable[[], object],
        pace: float,
        compare: Callable[[int], Compare] | None,
        clock: Callable[[], float],
    ) -> None:
        """Take what is called, from any thread, and how often at most.

        `compare` makes what compares two spots, told since when both capture. That is
        done here, for keys wait for the screen's thread.
        """
        self._tell = tell
        self._pace = pace
        self._make = compare
        self._compare: Compare | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._packets: list[Packet] = []
        self._found: list[Found] = []
        self._tallies: tuple[Tally, ...] = ()
        self._told = -pace
        self._news = False
        self.begun = False
        """Claims that the capturer gave something, be it nothing."""

    def take(self, packets: Sequence[Packet], tallies: Sequence[Tally]) -> None:
        """Keep these until they are fetched."""
        with self._lock:
            found = self._compared(packets)
            self._packets += packets
            self._found += found
            new = tuple(tallies)
            self._news |= bool(packets or found) or new != self._tallies
            self._news |= not self.begun
            self._tallies, self.begun = new, True
        now = time.monotonic()
        if self._news and now - self._told >= self._pace:
            self._told, self._news = now, False
            self._tell()

    def _compared(self, packets: Sequence[Packet]) -> Sequence[Found]:
        """Return of which packets it is known by now what became of them."""
        now = int(self._clock() * SECOND)
        if self._make and self._compare is None:
            self._compare = self._make(now)
        return self._compare.take(packets, now - LATE) if self._compare else ()

    def end(self) -> None:
        """Decide what waited for more, for nothing more comes."""
        with self._lock:
            if self._compare:
                self._found += self._compare.end(int(self._clock() * SECOND))

    def fetch(self) -> News:
        """Return what came since."""
        with self._lock:
            packets, self._packets = self._packets, []
            found, self._found = self._found, []
            comparison = self._compare.comparison if self._compare else None
            return News(packets, found, self._tallies, comparison)


class Captured:
    """The last packets, in so many bytes of memory and so many of them at most."""

    def __init__(self, room: int, most: int = 0) -> None:
        """Take the bytes and the packets there is room for; 0 for no limit."""
        self._room = room
        self._most = most
        self._packets: deque[Packet] = deque()
        self._size = 0
        self.total = 0
        """How many were taken, also those that had to go."""
        self.began = 0
        """When the first of all was captured, as a packet has it."""

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._packets)

    def __iter__(self) -> Iterator[Packet]:
        """Yield those that are kept, the oldest first."""
        return iter(self._packets)

    @property
    def gone(self) -> int:
        """Return how many had to go; it is the number of the first that is kept."""
        return self.total - len(self._packets)

    def __getitem__(self, number: int) -> Packet:
        """Return the packet with this number, counted from 0 among all taken."""
        return self._packets[number - self.gone]

    def add(self, packets: Sequence[Packet]) -> None:
        """Keep these; the oldest go where there is no room for all."""
        if packets and not self.total:
            self.began = packets[0].at
        self.total += len(packets)
        self._packets += packets
        self._size += sum(map(_size, packets))
        while self._is_full():
            self._size -= _size(self._packets.popleft())

    def _is_full(self) -> bool:
        """Claim that more is kept than there is room for."""
        if not self._packets:
            return False
        many = 0 < self._most < len(self._packets)
        return many or 0 < self._room < self._size


def _size(packet: Packet) -> int:
    """Return how many bytes of memory a packet takes."""
    return len(packet.data) + AROUND
