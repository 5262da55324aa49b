"""Columns chosen and ordered by the user, and what sorts the rows."""

from __future__ import annotations

from textual.pilot import Pilot
from tui.driving import SIZE, press, text

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.columns import ColumnsScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.tick_list import TickList


def titles(app: OcnetviewApp, pane: str = "pods") -> list[str]:
    """Return the titles over a pane's columns, as they stand."""
    table = app.pane(PaneId(pane)).table
    return [slot.heading.title for slot in table.slots]


def ticks(app: OcnetviewApp) -> TickList:
    """Return the list of columns."""
    assert isinstance(app.screen, ColumnsScreen)
    return app.screen.query_one(TickList)


def ticked(app: OcnetviewApp) -> list[str]:
    """Return the titles of the columns that have a tick."""
    return [tick.text for tick in ticks(app).ticks if tick.ticked]


async def drawn(pilot: Pilot[None]) -> None:
    """Wait until what was done is drawn."""
    await pilot.pause()
    await pilot.pause()


async def test_columns_are_ticked_and_moved(app: OcnetviewApp) -> None:
    """The pane follows every change while the list is open; enter keeps it."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        first = titles(app)
        await press(pilot, "C")
        assert ticked(app) == first
        await press(pilot, "down", "space")
        assert titles(app) == [one for one in first if one != "ADDRESS"]
        await press(pilot, "G", "K", "K", "J", "space", "space")
        assert [tick.text for tick in ticks(app).ticks][-2:] == ["TX B/s", "RX B/s"]
        await press(pilot, "home", *["shift+down"] * 3)
        assert titles(app)[0] != "POD"
        await press(pilot, "enter")
        assert not isinstance(app.screen, ColumnsScreen)
        assert app.here.table.has_focus
        assert titles(app)[-2:] == ["TX B/s", "RX B/s"]
        assert "ADDRESS" not in titles(app)
        row = next(line for line in text(app, "pods").splitlines() if "db-0" in line)
        assert "veth" in row
        assert "10.128.2" not in row


async def test_what_has_no_room_says_so(app: OcnetviewApp) -> None:
    """On a narrow screen the last of those that were chosen give way."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "C")
        for place, tick in enumerate(ticks(app).ticks):
            if not tick.ticked:
                await press(pilot, "home", *["down"] * place, "space")
        shown = titles(app)
        assert shown[:4] == ["POD", "ADDRESS", "INSIDE", "VETH"]
        notes = {tick.text: tick.note for tick in ticks(app).ticks}
        assert {title for title, note in notes.items() if not note} == set(shown)
        assert notes["TX B/s"] == "no room"


async def test_escape_leaves_the_pane_as_it_was(app: OcnetviewApp) -> None:
    """Columns and order come back; r goes back to what there is room for."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "s")
        first = titles(app)
        await press(pilot, "C", "space", "down", "s")
        assert titles(app) == first[1:]
        assert app.here.order.column == "addresses"
        await press(pilot, "escape")
        assert titles(app) == first
        assert (app.here.order.column, app.here.columns) == ("title", ())
        await press(pilot, "C", "space", "enter", "C", "r")
        assert ticked(app) == first
        await press(pilot, "enter")
        assert app.here.columns == ()


async def test_the_last_column_stays(app: OcnetviewApp) -> None:
    """A pane without any column cannot be had."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "C", *["space", "down"] * len(app.here.lens.columns))
        assert ticked(app) == titles(app)
        assert len(titles(app)) >= 1


async def test_any_column_sorts_both_ways(app: OcnetviewApp) -> None:
    """One that is not shown does too; what is equal keeps its order."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "C")
        at = [tick.text for tick in ticks(app).ticks].index("STATUS")
        await press(pilot, *["down"] * at, "s")
        assert ticks(app).ticks[at].note == "▲"
        before = app.here.table.rows.keys
        await press(pilot, "s")
        assert ticks(app).ticks[at].note == "▼"
        after = app.here.table.rows.keys
        running = {p.key for p in app.model.pods if p.status == "Running"}
        kept = [[k for k in keys if k in running] for keys in (before, after)]
        assert kept[0] == kept[1]
        assert len(kept[0]) > 2


async def test_columns_by_the_mouse(app: OcnetviewApp) -> None:
    """A click ticks, the arrows move, and one outside of the frame closes it."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "C")
        first = titles(app)
        await pilot.click(TickList, offset=(5, 1))
        await drawn(pilot)
        assert titles(app) == [one for one in first if one != "ADDRESS"]
        await pilot.click(TickList, offset=(5, 1))
        width = ticks(app).size.width
        await pilot.click(TickList, offset=(width - 4, 1))
        await drawn(pilot)
        assert titles(app)[:2] == ["ADDRESS", "POD"]
        await pilot.click(TickList, offset=(width - 1, 0))
        await drawn(pilot)
        assert titles(app)[:2] == ["POD", "ADDRESS"]
        await pilot.click(offset=(2, 2))
        await drawn(pilot)
        assert not isinstance(app.screen, ColumnsScreen)


async def test_each_pane_has_columns_of_its_own(app: OcnetviewApp) -> None:
    """What is chosen in one pane changes no other; the tree may lose its guides."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        before = titles(app, "ports")
        await press(pilot, "3", "C", "space", "enter")
        assert titles(app, "processes")[0] == "INNER"
        assert titles(app, "ports") == before
