"""Terminals of all sizes, from nothing to wide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tui.conftest import RememberingFeed
from tui.driving import active, cursor, press, text
from tui.nodes import PODS

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.panes import PANES
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.drawing import HEADER
from ocnetview.tui.widgets.too_small import TooSmall


@pytest.mark.parametrize("size", [(20, 5), (59, 24), (80, 14), (1, 1), (200, 3)])
async def test_too_small_says_what_is_needed(
    app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """Below 60x15 the screen names both sizes, and no key fails."""
    async with app.run_test(size=size) as pilot:
        await press(pilot, "j", "1", "enter", "slash", "x", "escape", "s", "b")
        notice = app.query_one(TooSmall)
        assert notice.display
        width, height = size
        assert notice.render().plain == (
            f"ocnetview needs at least 60x15; this terminal is {width}x{height}"
        )
        await press(pilot, "question_mark", "escape")


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60), (300, 16)])
async def test_every_pane_shows_what_is_selected(
    app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """From 60x15 on, the selection and its counterparts are in sight in all panes."""
    async with app.run_test(size=size) as pilot:
        assert not app.query_one(TooSmall).display
        await press(pilot, *["j"] * (len(PODS) - 2))
        for pane in PaneId:
            app.go(pane)
            await pilot.pause()
            for each in PaneId:
                mark = "▌" if each is pane else "▸"
                assert f"\n{mark}" in text(app, each)


async def test_the_first_counterparts_are_in_sight_at_once(app: OcnetviewApp) -> None:
    """Before any key the first pod's port is scrolled to, on a small screen too."""
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "\n▸       3 veth9a3c51e0" in text(app, "ports")


@pytest.mark.parametrize(
    ("width", "beside"), [(80, False), (200, False), (299, False), (300, True)]
)
async def test_wide_screens_put_processes_beside(
    app: OcnetviewApp, width: int, *, beside: bool
) -> None:
    """Where there is room the processes stand beside ports and pods, else below."""
    async with app.run_test(size=(width, 40)) as pilot:
        await pilot.pause()
        ports, pods, processes = (app.pane(pane).region for pane in PaneId)
        assert pods.y == ports.bottom
        assert ports.width == pods.width
        assert (processes.y == ports.y) is beside
        assert (processes.width == width) is not beside


def tagged(model: NodeModel) -> NodeModel:
    """Return the node with a tag on each of the first bridge's ports."""
    first, *others = model.bridges
    ports = tuple(replace(port, tag=7) for port in first.ports)
    return replace(model, bridges=(replace(first, ports=ports), *others))


def columns(app: OcnetviewApp) -> dict[str, list[str]]:
    """Return the titles of the columns in sight, by pane."""
    return {
        str(pane): [slot.heading.title for slot in app.pane(pane).table.slots]
        for pane in PaneId
    }


@pytest.mark.parametrize("full", [False, True], ids=["bare", "full"])
@pytest.mark.parametrize("first", range(60, 340, 40))
async def test_a_wider_screen_keeps_every_column(
    app: OcnetviewApp, feed: RememberingFeed, first: int, *, full: bool
) -> None:
    """A column that is visible at a width is visible at every larger one."""
    feed.model = tagged(feed.model) if full else feed.model
    async with app.run_test(size=(first, 40)) as pilot:
        await pilot.pause()
        before = columns(app)
        for width in range(first + 1, first + 41):
            await pilot.resize_terminal(width, 40)
            now = columns(app)
            assert app.size.width == width
            for pane in PaneId:
                assert set(before[pane]) <= set(now[pane]), (width, pane)
            before = now


async def test_what_each_size_shows(app: OcnetviewApp, feed: RememberingFeed) -> None:
    """States, rates and ages at 120 cells, and at 200 all that has content."""
    feed.model = tagged(feed.model)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        shown = columns(app)
        assert {"TYPE", "STATE", "RX B/s", "TX B/s", "ERROR"} <= {*shown["ports"]}
        assert {"READY", "AGE", "RX B/s", "TX B/s"} <= {*shown["pods"]}
        await pilot.resize_terminal(200, 60)
        assert columns(app) == {
            str(lens.pane): [column.title for column in lens.columns] for lens in PANES
        }
        assert all("…" not in text(app, pane) for pane in ("ports", "pods"))


async def test_a_tall_screen_has_rows_in_every_pane(app: OcnetviewApp) -> None:
    """At 120x40 each pane has six rows at least, and ten where the user is."""
    async with app.run_test(size=(120, 40)) as pilot:
        for key, pane in zip("123", PaneId, strict=True):
            await press(pilot, key)
            rows = {p: app.pane(p).table.size.height - HEADER for p in PaneId}
            assert rows[pane] >= 10
            assert min(rows.values()) >= 6


async def test_the_pane_in_use_gets_more_room(app: OcnetviewApp) -> None:
    """On a small screen the pane that the user is in is the highest."""
    async with app.run_test(size=(80, 24)) as pilot:
        for key, pane in zip("123", PaneId, strict=True):
            await press(pilot, key)
            heights = {each: app.pane(each).size.height for each in PaneId}
            assert max(heights, key=lambda each: heights[each]) is pane


async def test_a_terminal_that_shrinks_and_grows_keeps_its_place(
    app: OcnetviewApp,
) -> None:
    """After a while of being too small the same row is selected in the same pane."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "j", "j", "j")
        before = cursor(app, "ports")
        for width, height in ((20, 5), (60, 15), (120, 40)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
        assert (active(app), cursor(app, "ports")) == ("ports", before)
        assert app.pane(PaneId.PORTS).table.has_focus
        await press(pilot, "j")
        assert cursor(app, "ports") != before
