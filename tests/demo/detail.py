"""Runs on the demo node in the explorer's place: opens the detail of a pod, all of it.

Prints what each tab shows, by its id, as JSON.
"""

from __future__ import annotations

import asyncio
import json

from textual.pilot import Pilot

from ocnetview.config import load_settings
from ocnetview.node import live_node
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import LateFeed
from ocnetview.tui.screens.detail import DetailScreen
from ocnetview.tui.selection import PaneId

POD = "openshift-ingress/router-1-vz9lk"
PATIENCE = 400
"""Turns of 50 ms that are waited for what has to come."""


def key_of(app: OcnetviewApp) -> str:
    """Return the pod's key, once its interfaces are known."""
    pods = (pod for pod in app.model.pods if pod.title == POD)
    return next((pod.key for pod in pods if pod.main and pod.main.host), "")


async def until(pilot: Pilot[None], there: object) -> None:
    """Wait until a callable gives something that is true."""
    assert callable(there)
    for _ in range(PATIENCE):
        if there():
            return
        await pilot.pause(0.05)
    raise TimeoutError("it did not come")


def agree(path: str) -> bool:
    """Claim that both ends of the veth moved as much: they are read one by one."""
    sent, came = (
        next((line for line in path.splitlines() if name in line and "p/s" in line), "")
        for name in (" interface  eth0", " link  ")
    )
    rates = sent.partition("tx")[2].split()[1:2], came.partition("rx")[2].split()[1:2]
    return bool(rates[0]) and rates[0] == rates[1]


async def look() -> dict[str, str]:
    """Return what each tab shows."""
    node = live_node(load_settings({}))
    app = OcnetviewApp(LateFeed(node.feed), tools=node)
    found: dict[str, str] = {}
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, lambda: key_of(app))
        app.go(PaneId.PODS, key_of(app))
        await pilot.press("d")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, DetailScreen)
        await until(
            pilot, lambda: screen.text.plain.count("⇄") and "…" not in screen.text.plain
        )
        for choice in screen.bar.choices:
            screen.go_to(choice.key)
            await app.workers.wait_for_complete()
            await pilot.pause()
            if choice.key == "path":
                await until(pilot, lambda: agree(screen.text.plain))
            found[choice.key] = screen.text.plain
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(look())))  # noqa: T201 - the answer to the test
