"""Packets of two places as they come -> all of them in the order of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ocnetview.facts.packets import Packet

_HOLD = 250_000_000
"""Nanoseconds after which nothing older is expected of a place that is silent."""


class Merging:
    """Puts two streams into one, whichever of them comes first."""

    def __init__(self, most: int) -> None:
        """Take how many packets of a place are held back while the other is silent."""
        self._most = most
        self._queues: tuple[deque[tuple[int, int, Packet]], ...] = (deque(), deque())
        self._last = [-1, -1]
        """When the last packet of each place was captured."""
        self.time = 0
        """Up to when all packets were given."""

    def add(self, number: int, packet: Packet) -> None:
        """Take a packet; those of one place come in the order of time.

        Where they do not, for the clock was set, they count as of the same moment.
        """
        spot = packet.spot
        at = self._last[spot] = max(self._last[spot], packet.at)
        self._queues[spot].append((at, number, packet))

    def ready(self, now: int) -> Iterator[tuple[int, Packet]]:
        """Yield the packets that nothing earlier can follow."""
        until = now - _HOLD
        while (spot := self._earliest()) is not None:
            at = self._queues[spot][0][0]
            # Of the same moment, the first place's packet is the earlier one.
            other = self._last[1 - spot]
            known = other >= at if spot == 0 else other > at
            if not known and at > until and len(self._queues[spot]) <= self._most:
                break
            yield self._pop(spot)
        self.time = max(self.time, until)

    def rest(self) -> Iterator[tuple[int, Packet]]:
        """Yield all that is left."""
        while (spot := self._earliest()) is not None:
            yield self._pop(spot)

    def _earliest(self) -> int | None:
        """Return the place of the earliest packet that is held back."""
        first, second = self._queues
        if first and second:
            return 0 if first[0][0] <= second[0][0] else 1
        return 0 if first else 1 if second else None

    def _pop(self, spot: int) -> tuple[int, Packet]:
        """Return the next packet of a place."""
        at, number, packet = self._queues[spot].popleft()
        self.time = max(self.time, at)
        return number, packet
