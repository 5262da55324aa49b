"""Walks by the mouse alone: no key is pressed in any of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from tui.clicking import click_command, click_key, click_row, click_text
from tui.conftest import RememberingFeed
from tui.driving import CART, CHECKOUT, active, cursor, linked, title, until
from tui.probing import TellingProber, TellingTools
from tui.trees import crowded

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.columns import ColumnsScreen
from ocnetview.tui.screens.detail import DetailScreen
from ocnetview.tui.screens.finder import FinderScreen
from ocnetview.tui.screens.help import HelpScreen
from ocnetview.tui.selection import PaneId

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
VETH = "br0/veth9a3c59ac"


def commands(app: OcnetviewApp) -> list[str]:
    """Return the tree as it is shown: lines, signs and commands."""
    return [row.cells()[-1] for row in app.pane(PaneId.PROCESSES).table.rows]


def pointed(
    event: type[events.MouseDown | events.MouseUp], x: int, y: int
) -> events.MouseEvent:
    """Return what a terminal tells of the left button at this cell."""
    return event(
        None,
        x,
        y,
        delta_x=0,
        delta_y=0,
        button=1,
        shift=False,
        meta=False,
        ctrl=False,
        screen_x=x,
        screen_y=y,
    )


def above(app: OcnetviewApp) -> Screen[object]:
    """Return the screen that is above all others now."""
    return app.screen


@SIZES
async def test_pod_veth_port_and_back(app: OcnetviewApp, size: tuple[int, int]) -> None:
    """A click on each, double clicks go in, Back in the footer comes back."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CART)
        assert linked(app, "ports") == frozenset({VETH})
        await click_row(pilot, "ports", VETH)
        assert (active(app), linked(app, "pods")) == ("ports", frozenset({CART}))
        await click_row(pilot, "ports", VETH, times=2)
        assert (active(app), cursor(app, "pods")) == ("pods", CART)
        await click_row(pilot, "pods", CART, times=2)
        assert active(app) == "processes"
        await click_command(pilot, "Back")
        assert active(app) == "pods"
        await click_key(pilot, "Back")
        assert (active(app), cursor(app, "ports")) == ("ports", VETH)


@SIZES
async def test_the_sign_folds_and_unfolds(
    app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """A click on the lines before a process folds it, one on ▸ unfolds it."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CHECKOUT)
        await click_row(pilot, "processes", cursor(app, "processes"))
        whole = commands(app)
        await click_text(pilot, "├─checkout worker 0")
        assert len(commands(app)) == len(whole) - 1
        assert commands(app)[1] == "├─▸ +1 checkout worker 0"
        assert cursor(app, "processes").startswith("4211@")
        await click_text(pilot, "├─▸ +1", into=2)
        assert commands(app) == whole
        await click_text(pilot, "/usr/bin/checkout")
        assert commands(app)[0] == "▸ +3 /usr/bin/checkout --config /etc/conf"
        await click_text(pilot, "▸ +3")
        assert commands(app) == whole


async def test_only_what_has_something_below_folds(app: OcnetviewApp) -> None:
    """The lines before a leaf, and a command itself, only select the row."""
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CART)
        whole = commands(app)
        await click_text(pilot, "├─cart worker 1".replace("├", "└"))
        assert cursor(app, "processes").startswith("4173@")
        await click_text(pilot, "cart worker 0", into=3)
        assert cursor(app, "processes").startswith("4171@")
        assert commands(app) == whole


async def test_what_is_pressed_is_what_is_selected(app: OcnetviewApp) -> None:
    """The pane grows at the press: the row that was below the mouse is meant."""
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        table = app.pane(PaneId.PODS).table
        grown = table.region.y
        await click_row(pilot, "pods", CART)
        await click_row(pilot, "ports", VETH)
        await until(pilot, lambda: table.region.y > grown)
        before = table.region.y
        pressed = table.rows.keys[table.scroll_offset.y]
        spot = (10, before + 1)
        app.post_message(pointed(events.MouseDown, *spot))
        await until(pilot, lambda: table.region.y == grown)
        app.post_message(pointed(events.MouseUp, *spot))
        await until(pilot, lambda: cursor(app, "pods") != CART)
        assert cursor(app, "pods") == pressed


async def test_two_clicks_on_the_sign_open_nothing(app: OcnetviewApp) -> None:
    """Who folds and unfolds in haste is not taken into the container."""
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CHECKOUT)
        whole = commands(app)
        await click_text(pilot, "├─checkout worker 0")
        await click_text(pilot, "├─▸ +1", into=2)
        assert commands(app) == whole
        assert "(all 2 containers)" in title(app, "processes")


@SIZES
async def test_the_nodes_tree_is_unfolded_branch_by_branch(
    app: OcnetviewApp, node: NodeModel, show: Show, size: tuple[int, int]
) -> None:
    """Whole node and Fold all from the palette, then a click on a branch's ▸."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_row(pilot, "processes", cursor(app, "processes"))
        await click_command(pilot, "Whole node")
        await show(pilot, crowded(node))
        assert "Processes of the node" in title(app, "processes")
        await click_command(pilot, "Fold all")
        assert len(commands(app)) == len(node.pods) + 1
        await click_text(pilot, "▸ openshift-dns")
        assert any(line.startswith("├─▸ dns") for line in commands(app))
        await click_text(pilot, "▾ openshift-dns")
        assert len(commands(app)) == len(node.pods) + 1


@SIZES
async def test_the_tree_is_sorted_by_a_heading(
    app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """A click on a title sorts siblings by it, another turns them round."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CART)
        await click_row(pilot, "processes", cursor(app, "processes"))
        await click_text(pilot, "CPU%")
        assert commands(app)[0].startswith("/usr/bin/cart")
        await click_text(pilot, "CPU%")
        assert commands(app)[0] == "bash"
        await click_text(pilot, "PID")
        assert app.here.order.column == "pid"


@SIZES
async def test_the_tabs_of_the_detail(
    feed: RememberingFeed, size: tuple[int, int]
) -> None:
    """Detail in the footer, each tab by a click, what the frame offers, and out."""
    prober = TellingProber()
    app = OcnetviewApp(feed, tools=TellingTools(prober))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CART)
        await click_key(pilot, "Detail")
        screen = above(app)
        assert isinstance(screen, DetailScreen)
        seen = []
        for _ in screen.bar.choices:
            seen.append(screen.bar.current)
            await click_text(pilot, "tab next")
            await app.workers.wait_for_complete()
        assert seen == [choice.key for choice in screen.bar.choices]
        key, label = screen.bar.labels()[3]
        await click_text(pilot, label)
        await app.workers.wait_for_complete()
        assert screen.bar.current == key
        asked = len(prober.asked)
        await click_text(pilot, "r read again")
        await app.workers.wait_for_complete()
        assert len(prober.asked) == asked + 1
        await click_text(pilot, "esc closes")
        assert not isinstance(above(app), DetailScreen)


@SIZES
async def test_columns_are_chosen(app: OcnetviewApp, size: tuple[int, int]) -> None:
    """From the palette; a click takes one away, moves it, sorts, and ends it."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_command(pilot, "Columns")
        assert isinstance(above(app), ColumnsScreen)
        before = [slot.heading.key for slot in app.here.table.slots]
        await click_text(pilot, "[x] ADDRESS")
        after = [slot.heading.key for slot in app.here.table.slots]
        assert set(before) - set(after) == {"addresses"}
        await click_text(pilot, "s          sort")
        assert app.here.order.column == "addresses"
        await click_text(pilot, "r          reset")
        assert [slot.heading.key for slot in app.here.table.slots] == before
        await click_text(pilot, "enter      apply")
        assert not isinstance(above(app), ColumnsScreen)
        await click_command(pilot, "Columns")
        await click_text(pilot, "[x] ADDRESS")
        await click_text(pilot, "escape     as it was")
        assert [slot.heading.key for slot in app.here.table.slots] == before


@SIZES
async def test_finder_filter_and_help_open_and_close(
    app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """From the footer and back; a click on a row ends the filter's line."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_key(pilot, "Find")
        assert isinstance(above(app), FinderScreen)
        await click_text(pilot, "escape closes")
        assert not isinstance(above(app), FinderScreen)
        await click_key(pilot, "Find")
        await pilot.click(offset=(0, 0))
        await pilot.pause()
        assert not isinstance(above(app), FinderScreen)
        await click_key(pilot, "Filter")
        assert app.filter_bar.is_open
        await click_key(pilot, "Clear")
        assert not app.filter_bar.is_open
        await click_key(pilot, "Help")
        assert isinstance(above(app), HelpScreen)
        await click_text(pilot, "escape closes")
        assert not isinstance(above(app), HelpScreen)
