"""Filters as the user types them: errors, memory, completion; each pane its own."""

from __future__ import annotations

from textual.widgets import Label, Static
from tui.driving import SIZE, press, text, title

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId


def said(app: OcnetviewApp) -> str:
    """Return what the bar says is wrong; empty where it is not shown."""
    line = app.filter_bar.query_one("#error", Static)
    return str(line.render()) if line.display else ""


async def test_the_last_good_filter_stays(app: OcnetviewApp) -> None:
    """While what is typed is no filter, that is said, and the rows stay."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"shop")
        assert title(app, "pods") == "Pods · 5 of 12 · filter: shop"
        assert all(label.display for label in app.filter_bar.query(Label))
        await press(pilot, "space", "slash", *"[")
        assert "✖ /[: a regular expression ends with /" in said(app)
        await press(pilot, "slash")
        assert "✖ /[/ is no regular expression" in said(app)
        assert title(app, "pods") == "Pods · 5 of 12 · filter: shop"
        await press(pilot, "enter")
        assert app.filter_bar.is_open
        await press(pilot, *["backspace"] * 3, *"/db/")
        assert said(app) == ""
        assert title(app, "pods") == "Pods · 1 of 12 · filter: shop /db/"
        await press(pilot, "enter")
        assert not app.filter_bar.is_open


async def test_an_unknown_name_is_told_with_the_known(app: OcnetviewApp) -> None:
    """Every pane has names of its own."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"foo:x")
        assert "no foo: here; known: ns node state problem ip" in said(app)
        await press(pilot, "escape", "1", "slash", *"foo:x")
        assert "known: ns node problem role" in said(app)
        assert title(app, "pods") == "Pods · 12"


async def test_names_search_what_is_not_in_sight(app: OcnetviewApp) -> None:
    """A key finds what no column in sight shows; a plain text does not."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash", *"postgres")
        assert "0 of 12" in title(app, "pods")
        await press(pilot, "escape", "slash", *"image:postgres")
        assert "1 of 12" in title(app, "pods")
        assert "shop/db-0" in text(app, "pods")


async def test_each_pane_keeps_its_filter(app: OcnetviewApp) -> None:
    """Going elsewhere and coming back changes none."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"ns:shop", "enter", "1", "slash", *"veth", "enter")
        await press(pilot, "2", "3", "1")
        assert "filter: ns:shop" in title(app, "pods")
        assert "filter: veth" in title(app, "ports")
        await press(pilot, "escape")
        assert "filter" not in title(app, "ports")
        assert "filter: ns:shop" in title(app, "pods")


async def test_earlier_filters_come_back(app: OcnetviewApp) -> None:
    """Up and down go through those of the pane, and back to what was typed."""
    async with app.run_test(size=SIZE) as pilot:
        for one in ("shop", "ns:team-a", "shop"):
            await press(pilot, "slash", *one, "enter", "escape")
        await press(pilot, "slash", *"x")
        values = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await press(pilot, key)
            values.append(app.filter_bar.input.value)
        assert values == ["shop", "ns:team-a", "ns:team-a", "shop", "x", "x"]
        await press(pilot, "up", "enter")
        assert app.pane(PaneId.PODS).wanted == "shop"
        await press(pilot, "1", "slash", "up")
        assert app.filter_bar.input.value == ""


async def test_tab_completes(app: OcnetviewApp) -> None:
    """First names, then the values that rows have; shift+tab goes back."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"db n", "tab")
        values = [app.filter_bar.input.value]
        for key in ("tab", "shift+tab", "s", "tab"):
            await press(pilot, key)
            values.append(app.filter_bar.input.value)
        assert values == [
            "db ns:",
            "db node:",
            "db ns:",
            "db ns:s",
            "db ns:shop ",
        ]
        assert app.filter_bar.input.has_focus
        assert "1 of 12" in title(app, "pods")


async def test_a_filter_does_not_outlive_a_reveal(app: OcnetviewApp) -> None:
    """A filter that is ended by going somewhere can be recalled."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"console", "enter", "1", *["j"] * 5, "enter")
        assert title(app, "pods") == "Pods · 12"
        await press(pilot, "slash", "up")
        assert app.filter_bar.input.value == "console"
