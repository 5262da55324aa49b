"""Packets on the screen that memory has no room for any more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tui.capturer import TellingCapturer, flood
from tui.conftest import RememberingFeed
from tui.driving import press
from tui.taking import dump, start, taking, tell, view

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.capture_form import FILE, Form
from ocnetview.tui.screens.capture_packet import PacketScreen

SIZE = (120, 40)


@pytest.fixture
def app(feed: RememberingFeed, capturer: TellingCapturer) -> OcnetviewApp:
    """Return an app that captures to a file, beside which memory has few packets."""
    app, form = taking(feed, capturer), Form()
    texts = {**form.texts, "file": "x.pcapng"}
    app.capturing.form = replace(form, keep=FILE, texts=texts)
    return app


async def test_what_had_to_go_leaves_a_held_list(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """The rows that are left are those they were: none turns into another one."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, flood(100))
        await press(pilot, "p")
        await tell(pilot, capturer, flood(9_950, 100))
        assert view(app).table.rows.keys == tuple(map(str, range(50, 100)))
        await tell(pilot, capturer, flood(60, 10_050))
        assert not view(app).table.rows.keys
        assert "those that were here had to go" in dump(app)


async def test_a_packet_that_had_to_go_stays_in_sight(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """What is open is drawn anew, in another size too, though no row is left."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, flood(1))
        await press(pilot, "p", "enter")
        await tell(pilot, capturer, flood(10_001, 1))
        await pilot.resize_terminal(100, 30)
        await press(pilot, "right")
        assert isinstance(app.screen, PacketScreen)
        assert "Packet 1 " in dump(app)
