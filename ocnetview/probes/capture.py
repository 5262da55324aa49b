"""Asks this node on demand."""

from __future__ import annotations

from ocnetview.config import Settings
from ocnetview.probes.recorded import RecordedCapturer


class LiveCapturer(RecordedCapturer):
    """Asks this node."""

    def __init__(self, settings: Settings) -> None:
        """Take where things are."""
        self._settings = settings
