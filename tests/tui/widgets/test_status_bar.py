"""The status bar at the widths that matter."""

from __future__ import annotations

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
