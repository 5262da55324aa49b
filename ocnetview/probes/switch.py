"""Asks this node's Open vSwitch by its own tools."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.facts.openflow import FlowEntry, FlowsFacts, TraceFacts
from ocnetview.match.openflow_text import ordered, read_flows
from ocnetview.model import Bridge
from ocnetview.probes.ofctl import Ofctl
from ocnetview.probes.unixctl import read_trace


class LiveSwitch:
    """Asks the Open vSwitch that the settings' database is of."""

    def __init__(self, settings: Settings) -> None:
        """Take where things are."""
        self._settings = settings

    def flows(self, bridge: Bridge, asked: Sequence[str], stop: Stop) -> FlowsFacts:
        """Return the entries that fit any of these matches, each once.

        One question after the other: the switch stops for none of them for long.

        Raises:
            ProbeError: the switch cannot be asked.
        """
        ofctl = Ofctl(self._settings, bridge, stop)
        found: list[FlowEntry] = []
        for match in dict.fromkeys(asked):
            found += read_flows(ofctl.run("dump-flows", match))
        source = f"ovs-ofctl of {bridge.name}"
        return FlowsFacts(source, time.time(), bridge.name, ordered(found))

    def trace(
        self, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str] = ()
    ) -> TraceFacts:
        """Return what the bridge would do with a packet; it does nothing with it.

        Raises:
            ProbeError: the switch cannot be asked, or does not understand the flow.
        """
        return read_trace(self._settings, bridge, flow, stop, states)
