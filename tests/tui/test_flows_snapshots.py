"""Pictures of the flows of a row, in every state, at three sizes.

They are taken anew and looked at as those of the other screens.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import CART, press, until
from tui.probing import AT
from tui.switches import FAULTY, HEALTHY, TellingSwitch

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.flows import FlowsScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.tabs.subject import Subject

Snap = Callable[..., bool]
SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)
NEVER = 1000.0
"""Seconds: no picture waits so long."""
STATES = {
    "first": (HEALTHY, "", 1, ()),
    "rates": (HEALTHY, "", 2, ()),
    "faulty": (FAULTY, "", 1, ()),
    "raw": (HEALTHY, "", 1, ("v",)),
    "failed": ("", "permission denied", 1, ()),
}
"""For each picture the flows, why there are none, how often to read, and keys."""


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_flows(
    snap_compare: Snap, feed: RememberingFeed, state: str, size: tuple[int, int]
) -> None:
    """Healthy without rates and with them, faulty, raw, and not to be had."""
    text, failure, times, keys = STATES[state]
    switch = TellingSwitch(text)
    switch.failure = failure

    async def show(pilot: Pilot[None]) -> None:
        await press(pilot)
        subject = Subject(PaneId.PODS, CART)
        screen = FlowsScreen(
            subject, lambda: switch, lambda: AT + 3, pause=lambda _: NEVER
        )
        await pilot.app.push_screen(screen)
        for number in range(times):
            await until(pilot, lambda: screen.reading is not None)
            await pilot.app.workers.wait_for_complete()
            if number:
                screen.read()
                await pilot.app.workers.wait_for_complete()
        await press(pilot, *keys)
        await pilot.pause()

    assert snap_compare(OcnetviewApp(feed), terminal_size=size, run_before=show)
