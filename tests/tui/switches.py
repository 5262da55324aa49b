"""A switch that answers as it is told, the flows of the made-up node, their screen."""

from __future__ import annotations

import select
from collections.abc import Sequence

from sdn import NOTE, entries, flows
from textual.pilot import Pilot
from tui.driving import CART, press, until
from tui.probing import AT

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.openflow import FlowsFacts, TraceFacts
from ocnetview.model import Bridge
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.flows import FlowsScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.tabs.subject import Subject

NEVER = 1000.0
"""Seconds: no test takes so long."""
CART_PORT, CART_ADDRESS = 7, "10.128.2.14"
DROPPED = (
    " cookie=0x0, duration=60s, table=80, n_packets=4, n_bytes=400,"
    f" priority=100,ip,reg1=0x98d14d,nw_dst={CART_ADDRESS} actions=drop"
)
HEALTHY = "\n".join((flows(CART_PORT, CART_ADDRESS), DROPPED, NOTE))
FAULTY = "\n".join(
    line.replace(f"load:{CART_PORT:#x}-", "load:0x5-")
    for line in HEALTHY.splitlines()
    if "table=40" not in line
)
"""Table 70 leads to another pod, and table 40 has nothing."""


class TellingSwitch:
    """Answers at once with the same flows, or never, or not at all."""

    def __init__(self, text: str = HEALTHY) -> None:
        self.text = text
        self.asked: list[tuple[str, ...]] = []
        self.failure = ""
        self.hangs = False
        """Claims that it answers only when it is told to stop."""
        self.stopped = 0

    def flows(self, bridge: Bridge, asked: Sequence[str], stop: Stop) -> FlowsFacts:
        """Return the flows, each time a second later and with ten packets more.

        Raises:
            ProbeError: it is to fail, or was told to stop.
        """
        self.asked.append(tuple(asked))
        if self.hangs:
            select.select([stop], [], [])
            self.stopped += 1
        if self.failure or stop:
            subject = f"bridge {bridge.name}"
            reason = self.failure or "told to stop"
            raise ProbeError(subject, "read its flows", reason, "run as root")
        times = len(self.asked) - 1
        found = tuple(
            one._replace(
                packets=one.packets + 10 * times, bytes=one.bytes + 900 * times
            )
            for one in entries(self.text)
        )
        return FlowsFacts(f"ovs-ofctl of {bridge.name}", AT + times, bridge.name, found)

    def trace(
        self, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str] = ()
    ) -> TraceFacts:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del flow, stop, states
        raise ProbeError(f"bridge {bridge.name}", "trace", "this one only has flows")


def screen(app: OcnetviewApp) -> FlowsScreen:
    """Return the flows that are open."""
    assert isinstance(app.screen, FlowsScreen)
    return app.screen


async def opened(pilot: Pilot[None], app: OcnetviewApp, *keys: str) -> None:
    """Open the flows of a pod by keys, and wait for the first answer."""
    await press(pilot)
    app.go(PaneId.PODS, CART)
    await press(pilot, "F")
    await until(pilot, lambda: screen(app).reading is not None)
    await press(pilot, *keys)


async def kept(
    pilot: Pilot[None], app: OcnetviewApp, switch: TellingSwitch, *keys: str
) -> None:
    """Open the flows of a pod, which are not read again by themselves."""
    await press(pilot)
    subject = Subject(PaneId.PODS, CART)
    await app.push_screen(FlowsScreen(subject, lambda: switch, pause=lambda _: NEVER))
    await until(pilot, lambda: screen(app).reading is not None)
    await press(pilot, *keys)
