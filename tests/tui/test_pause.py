"""A screen that is held."""

from __future__ import annotations

from dataclasses import replace

from tui.driving import SIZE, press, title

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.widgets.status_bar import StatusBar


async def test_a_paused_screen_stays(app: OcnetviewApp, node: NodeModel) -> None:
    """What comes meanwhile is shown afterwards, the newest of it at once."""
    fewer = [replace(node, pods=node.pods[:count]) for count in (5, 3)]
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "p")
        for model in fewer:
            app.publish(model)
            await pilot.pause()
        assert title(app, "pods") == "Pods · 12"
        drawn = app.query_one(StatusBar).render().plain
        assert drawn.startswith("‖ paused   ● rtnetlink")
        await press(pilot, "j", "p")
        await pilot.pause()
        assert title(app, "pods") == "Pods · 3"
        assert "paused" not in app.query_one(StatusBar).render().plain
