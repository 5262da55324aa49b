"""Keys that lead nowhere from a row: they say why, in the words of the commands."""

from __future__ import annotations

import pytest
from tui.conftest import RememberingFeed
from tui.driving import SIZE, press
from tui.nodes import node
from tui.probing import TellingTools
from tui.tracing import TellingCluster, TellingSwitch, traceable

from ocnetview.config import Settings
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.widgets.key_line import KeyLine

CONTAINER = "slash", *"registry", "enter"
STALE = "1", "G", "k"


def app_with(keys: dict[str, str]) -> OcnetviewApp:
    """Return the app on the made-up node, with these keys."""
    tools = TellingTools(switch=TellingSwitch(), cluster=TellingCluster())
    feed = RememberingFeed(traceable(node()))
    return OcnetviewApp(feed, Settings(keys=keys), tools=tools)


@pytest.mark.parametrize(
    ("row", "key", "why"),
    [
        (CONTAINER, "F", "container registry-mirror has no port that a bridge of Open"),
        (CONTAINER, "x", "cannot trace a packet: its eth0 is on the Linux bridge doc"),
        (STALE, "x", "nothing that sends is known here"),
        (STALE, "c", "veth7e1f40aa is configured in OVS, but has no device"),
    ],
)
async def test_a_key_that_leads_nowhere_says_why(
    row: tuple[str, ...], key: str, why: str
) -> None:
    """No screen opens, and one notification gives the reason."""
    app = app_with({})
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *row)
        at = app.screen
        await press(pilot, key)
        assert app.screen is at
        [said] = [note.message for note in app._notifications]
        assert why in said


async def test_own_keys_say_why_too_and_are_not_offered() -> None:
    """The key that the user gave says it; the footer has it only where it leads on."""
    app = app_with({"flows": "Z"})
    async with app.run_test(size=(200, 50)) as pilot:

        def offered() -> set[str]:
            return {key.display for _, key in app.query_one(KeyLine).places}

        await press(pilot, *CONTAINER, "F")
        assert not app._notifications
        await press(pilot, "Z")
        assert len(app._notifications) == 1
        assert "Z" not in offered()
        await press(pilot, "escape", "g")
        assert "Z" in offered()
