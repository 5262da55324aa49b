"""Marks in a file what was lost between two spots, before it is written."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from ocnetview.facts.packets import CaptureOrder, Packet, Tally
from ocnetview.match.two_places.lost import Found
from ocnetview.match.two_places.orders import comparing
from ocnetview.model.packets import TOLD
from ocnetview.probes.capture_blocks import Form
from ocnetview.probes.capture_output import Output


class Marked:
    """Holds each packet until it is known what became of it, then writes it."""

    def __init__(
        self,
        output: Output,
        order: CaptureOrder,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        """Take where packets go, what two spots are compared by, and the time."""
        self._output, self._order, self._clock = output, order, clock
        self._compare = comparing(order)
        self._waiting: deque[Packet] = deque()
        self._first = 0
        """The number of the first that waits."""
        self._notes: dict[int, str] = {}
        """Of those that wait and of which it is known, by their number."""
        self._full = False

    @property
    def files(self) -> Sequence[str]:
        """Return the files that there are, the oldest first."""
        return self._output.files

    def begin(self, forms: Sequence[Form]) -> None:
        """Begin: what was captured before this is not compared."""
        self._compare = comparing(self._order, self._clock())
        self._output.begin(forms)

    def write(self, packets: Sequence[Packet], comments: Mapping[int, str]) -> int:
        """Take packets, and write those of which it is known; return how many fit.

        Raises:
            OSError: as the output's.
        """
        del comments
        if self._full:
            return 0
        self._waiting += packets
        self._flush(self._compare.take(packets, self._clock()))
        return len(packets)

    def end(self, tallies: Sequence[Tally]) -> None:
        """Write what still waited, and how the file ends.

        Raises:
            OSError: as the output's.
        """
        self._flush(self._compare.end(self._clock()))
        self._output.end(tallies)

    def close(self) -> None:
        """Close what is open."""
        self._output.close()

    def _flush(self, found: Sequence[Found]) -> None:
        """Write the first of those that wait, up to one of which nothing is known."""
        for number, fate in found:
            self._notes[number] = fate.note if fate.became in TOLD else ""
        ready: list[Packet] = []
        comments: dict[int, str] = {}
        while self._waiting and self._first in self._notes:
            comments[len(ready)] = self._notes.pop(self._first)
            ready.append(self._waiting.popleft())
            self._first += 1
        self._full |= self._output.write(ready, comments) < len(ready)
