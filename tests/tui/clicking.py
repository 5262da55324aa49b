"""Drives the app by the mouse alone."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import OptionList
from tui.driving import until

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.key_line import KeyLine


async def click_row(pilot: Pilot[None], pane: str, key: str, times: int = 1) -> None:
    """Click a row of a pane that is in sight."""
    assert isinstance(pilot.app, OcnetviewApp)
    table = pilot.app.pane(PaneId(pane)).table
    line = list(table.rows.keys).index(key) - table.scroll_offset.y + 1
    assert 0 < line < table.size.height, f"{key} is not in sight"
    await pilot.click(table, offset=(6, line), times=times)
    await pilot.pause()


async def click_text(pilot: Pilot[None], text: str, into: int = 0) -> None:
    """Click the first place on the screen where a text stands, so far into it."""
    await pilot.pause()
    lines = pilot.app.screen._compositor.render_strips()
    found = [(line.text.find(text), y) for y, line in enumerate(lines)]
    x, y = next(at for at in found if at[0] >= 0)
    await pilot.click(offset=(x + into, y))
    await pilot.pause()


async def click_key(pilot: Pilot[None], name: str) -> None:
    """Click what the footer calls so."""

    def at() -> int | None:
        found = (cell for cell, key in line.places if key.text == name)
        return next(found, None)

    line = pilot.app.query_one(KeyLine)
    await until(pilot, lambda: at() is not None)
    await pilot.click(line, offset=((at() or 0) + 1, 0))
    await pilot.pause()


async def click_command(pilot: Pilot[None], name: str) -> None:
    """Open the palette by its place in the footer, and click a command."""
    await click_key(pilot, "palette")
    await pilot.app.workers.wait_for_complete()
    options = pilot.app.screen.query_one(OptionList)
    prompts = [str(option.prompt).partition("\n")[0] for option in options.options]
    options.scroll_to(y=prompts.index(name) * 2, animate=False, immediate=True)
    await pilot.pause()
    place = prompts.index(name) * 2 - options.scroll_offset.y
    await pilot.click(options, offset=(4, place + options.gutter.top))
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
