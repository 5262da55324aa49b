"""The status bar at the widths that matter."""

from __future__ import annotations

from dataclasses import replace

from tui.bar_app import BarApp

from ocnetview.tui.widgets.status_bar import Light, StatusBar

UP = Light("rtnetlink", "●", "up", "green")
DOWN = Light("docker", "✖", "down", "red", "refused [/b]", bad=True)
ABSENT = Light("ovsdb", "○", "not there", "dim", "no socket", idle=True)


def lights() -> StatusBar:
    """Return a status bar with one thing of each kind."""
    bar = StatusBar()
    bar.set_reactive(StatusBar.lights, (UP, DOWN, ABSENT))
    return bar


async def test_a_status_bar_says_as_much_as_fits() -> None:
    """Every reason, the bad ones', only what is there, its names, what is bad first."""
    app = BarApp(lights)
    shown = []
    async with app.run_test(size=(100, 3)) as pilot:
        for width in (100, 70, 60, 35, 20):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            shown.append(app.query_one(StatusBar).render().plain)
    assert shown == [
        "● rtnetlink up   ✖ docker down: refused [/b]   ○ ovsdb not there: no socket",
        "● rtnetlink up   ✖ docker down: refused [/b]   ○ ovsdb not there",
        "● rtnetlink up   ✖ docker down: refused [/b]   +1",
        "● rtnetlink   ✖ docker   +1",
        "✖ docker   ● rtnetlink   +1",
    ]


async def test_a_status_bar_says_how_fresh_each_is_as_room_allows() -> None:
    """By which means and how old; where room is short, the age of what is old only."""
    fresh = Light("docker", "●", "up", "", how="events", age="fresh")
    old = Light("kube", "≈", "stale", "", "gone", bad=True, how="watch", age="5m old")
    old = replace(old, old=True)

    def both() -> StatusBar:
        bar = StatusBar()
        bar.set_reactive(StatusBar.lights, (fresh, old))
        return bar

    app = BarApp(both)
    shown = []
    async with app.run_test(size=(90, 3)) as pilot:
        for width in (90, 50, 30):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            shown.append(app.query_one(StatusBar).render().plain)
    assert shown == [
        "● docker up · events · fresh   ≈ kube stale · watch · 5m old: gone",
        "● docker up   ≈ kube stale · 5m old: gone",
        "● docker   ≈ kube · 5m old",
    ]
