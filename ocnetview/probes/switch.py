"""Asks this node on demand."""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.facts.openflow import TraceFacts
from ocnetview.model import Bridge
from ocnetview.probes.recorded import RecordedSwitch
from ocnetview.probes.unixctl import read_trace


class LiveSwitch(RecordedSwitch):
    """Asks this node."""

    def __init__(self, settings: Settings) -> None:
        """Take where things are."""
        self._settings = settings

    def trace(
        self, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str] = ()
    ) -> TraceFacts:
        """Return what the bridge would do with a packet; it does nothing with it.

        Raises:
            ProbeError: the switch cannot be asked, or does not understand the flow.
        """
        return read_trace(self._settings, bridge, flow, stop, states)
