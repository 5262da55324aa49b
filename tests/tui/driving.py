"""Drives the app as a user would, and reads what it shows."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.pilot import Pilot

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId

SIZE = (120, 40)
"""A screen with room for a frame round each pane."""
CART, CHECKOUT = "uid-4", "uid-5"
"""A pod with one container, and one with two."""


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait until what they did is done."""
    await pilot.pause()
    if keys:
        await pilot.press(*keys)
        await pilot.pause()


async def until(pilot: Pilot[None], claim: Callable[[], bool]) -> None:
    """Wait until something holds: what is built anew takes several turns."""
    for _ in range(100):
        if claim():
            return
        await pilot.pause()
    assert claim()


def active(app: OcnetviewApp) -> str:
    """Return the name of the pane that the user is in."""
    return str(app.active)


def cursor(app: OcnetviewApp, pane: str) -> str:
    """Return the key under a pane's cursor."""
    return app.pane(PaneId(pane)).table.cursor


def linked(app: OcnetviewApp, pane: str) -> frozenset[str]:
    """Return the keys that a pane shows as counterparts."""
    return app.pane(PaneId(pane)).table.linked


def title(app: OcnetviewApp, pane: str) -> str:
    """Return the title in a pane's border."""
    # Read as it is drawn: as markup, which the property gives, it is not exact.
    drawn: Content | None = getattr(app.pane(PaneId(pane)), "_border_title", None)
    return drawn.plain if drawn else ""


def text(app: OcnetviewApp, pane: str) -> str:
    """Return what a pane's table shows."""
    table = app.pane(PaneId(pane)).table
    lines = (table.render_line(y).text for y in range(table.size.height))
    return "\n".join(line.rstrip() for line in lines)
