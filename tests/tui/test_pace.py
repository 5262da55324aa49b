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


async def test_another_pace_than_the_usual_stands_before_the_sources(
    feed: RememberingFeed,
) -> None:
    """As long as it is another one; and one note at a time says the change."""
    app = OcnetviewApp(feed, Settings(refresh=2.0))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "minus", "minus")
        assert app.status_bar.render().plain.startswith("every 10 s   ● rtnetlink")
        assert len(app._notifications) == 1
        await press(pilot, "plus", "plus")
        assert app.status_bar.render().plain.startswith("● rtnetlink")
