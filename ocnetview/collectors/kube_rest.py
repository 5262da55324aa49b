"""How long to wait before the API is asked again."""

from __future__ import annotations

import time

from ocnetview.collectors.base import Stop

_FIRST_REST, _LAST_REST = 0.2, 30.0
"""Seconds before what ended at once is begun again: doubled each time up to this."""
_STEADY_SECONDS = 10.0
"""What lasted so long did not end at once."""


class Rest:
    """Keeps us from asking again and again for what ends at once."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._began = time.monotonic()

    def before_next(self, stop: Stop) -> None:
        """Wait: not at all the first time, the longer the more often in a row."""
        if time.monotonic() - self._began > _STEADY_SECONDS:
            self._seconds = 0.0
        stop.wait(self._seconds)
        self._seconds = min(max(_FIRST_REST, 2 * self._seconds), _LAST_REST)
        self._began = time.monotonic()
