"""What all processes say of their cgroups, read once for all who ask together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ocnetview.collectors.cgroup import Named, listed, named_cgroups, places_of

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


Known = tuple[float, Iterable[int]]
"""All processes, and a moment before they were listed, by the monotonic clock."""


class Pass(NamedTuple):
    """One pass over all processes."""

    began: float
    """By the monotonic clock."""
    uptime: int
    """When it began to read, in clock ticks after boot, by which processes start."""
    named: Mapping[int, Named]
    """What names each process that is in a container, by its pid."""

    def places(self) -> Mapping[str, Mapping[str, list[int]]]:
        """Return the pids in each container, by the cgroup that bears its id."""
        return places_of(self.named)


class Passes:
    """The last pass, for several collectors that each need one at the start."""

    def __init__(self, proc: str) -> None:
        """Look in this proc file system, once somebody asks."""
        self._proc = proc
        self._lock = threading.Lock()
        self._last: Pass | None = None

    def since(self, moment: float, known: Known | None = None) -> Pass:
        """Return a pass that began then, by the monotonic clock, or later.

        Who asks while another's goes on waits for that one first; who knows which
        processes there are by then spares it to list them.

        Raises:
            OSError: there is no readable proc file system.
        """
        with self._lock:
            if self._last is None or self._last.began < moment:
                began, pids = known or (time.monotonic(), listed(self._proc))
                uptime = time.clock_gettime(time.CLOCK_BOOTTIME) * _TICKS_PER_SECOND
                named = named_cgroups(self._proc, pids)
                self._last = Pass(began, int(uptime), named)
            return self._last
