"""Terminals of all sizes, from nothing to wide."""

from __future__ import annotations

import pytest
from tui.driving import active, cursor, press, text
from tui.nodes import PODS

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId
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
            app.action_go_to(pane)
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
    ("width", "beside"), [(80, False), (109, False), (110, True), (200, True)]
)
async def test_wide_screens_put_ports_beside_pods(
    app: OcnetviewApp, width: int, *, beside: bool
) -> None:
    """Where there is room ports and pods stand side by side, processes below."""
    async with app.run_test(size=(width, 40)) as pilot:
        await pilot.pause()
        ports, pods, processes = (app.pane(pane).region for pane in PaneId)
        assert (ports.y == pods.y) is beside
        assert processes.y > pods.y
        assert processes.width == width


async def test_wider_screens_show_more_columns(app: OcnetviewApp) -> None:
    """Columns come with the room there is."""
    async with app.run_test(size=(60, 15)) as pilot:
        counts = []
        for width, height in ((60, 15), (80, 24), (200, 60)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            counts.append([len(app.pane(pane).table.slots) for pane in PaneId])
        assert all(a <= b for a, b in zip(counts[0], counts[1], strict=True))
        assert all(a < b for a, b in zip(counts[0], counts[2], strict=True))


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
