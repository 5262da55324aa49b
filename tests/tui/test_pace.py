"""How often is read, as the user wants it."""

from __future__ import annotations

from tui.conftest import RememberingFeed
from tui.driving import SIZE, press

from ocnetview.config import Settings
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.commands.program import PACES


async def test_plus_reads_more_often_and_minus_less(feed: RememberingFeed) -> None:
    """The feed is told, a note says it, and neither end is passed."""
    app = OcnetviewApp(feed, Settings(refresh=3.0))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert feed.paces == []
        await press(pilot, "plus", "minus", "minus")
        assert feed.paces == [1.0, 2.0, 5.0]
        notes = [note.message for note in app._notifications]
        assert notes[-1] == "counters and processes are read every 5 s"
        await press(pilot, *["plus"] * 9)
        assert feed.paces[-1] == PACES[0]
        await press(pilot, *["minus"] * 9)
        assert feed.paces[-1] == PACES[-1]
        last = [note.message for note in app._notifications][-1]
        assert last == "counters and processes are read every 30 s, not less often"
