"""The detail of the selected pod."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from textual.pilot import Pilot
from tui.driving import SIZE, press

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.detail import GONE, DetailScreen

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]


async def test_a_key_opens_the_pod_under_the_cursor(
    app: OcnetviewApp, node: NodeModel
) -> None:
    """The key d shows it with the evidence, from any pane; the same key closes it."""
    async with app.run_test(size=SIZE) as pilot:
        for pane in ("2", "1", "3"):
            await press(pilot, pane, "d")
            assert isinstance(app.screen, DetailScreen)
            pod = node.pods_by_key[app.scope.pod]
            assert app.screen.text.plain.startswith(f"pod {pod.title}\n")
            assert "= kernel, both ends" in app.screen.text.plain
            await press(pilot, "d")
            assert not isinstance(app.screen, DetailScreen)


async def test_it_follows_the_pod(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """What becomes of the pod is shown at once, its end too."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "d")
        assert isinstance(app.screen, DetailScreen)
        key = app.scope.pod
        ended = (replace(p, status="Gone soon") for p in node.pods)
        await show(pilot, replace(node, pods=tuple(ended)))
        assert "Gone soon" in app.screen.text.plain
        left = tuple(p for p in node.pods if p.key != key)
        await show(pilot, replace(node, pods=left))
        assert app.screen.text.plain == GONE


async def test_there_is_none_without_a_pod(app: OcnetviewApp, show: Show) -> None:
    """With nothing selected the key does nothing, and the footer does not offer it."""
    async with app.run_test(size=SIZE) as pilot:
        await show(pilot, NodeModel())
        await press(pilot, "d")
        assert not isinstance(app.screen, DetailScreen)
        assert not app.check_action("do", ("detail",))
