"""Renders the README's pictures from the node that the screen's tests use.

Run it as `python tests/screenshots.py`; it writes screenshots/*.svg and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tui.nodes import node, with_source
from tui.rich import rich
from tui.trees import HOSTILE
from tui.wires import losing

from ocnetview.facts import Process, SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import ModelChanged

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (120, 36)


def _refused(model: NodeModel) -> NodeModel:
    """Return the node without its container runtime."""
    why = "cannot connect: no daemon answers; next try 4 s after the last"
    return with_source(model, "docker", SourceState.DOWN, why)


def _same(model: NodeModel) -> NodeModel:
    """Return the node as it is."""
    return model


def _quiet(process: Process) -> Process:
    """Return a process with plain arguments."""
    command = tuple(word.replace(HOSTILE, "uptime") for word in process.command)
    return replace(process, command=command)


def _plain(model: NodeModel) -> NodeModel:
    """Return the node without the pod whose name is made to deceive a terminal."""
    gone = {pod.key for pod in model.pods if HOSTILE in pod.name}
    bridges = (
        replace(bridge, ports=tuple(p for p in bridge.ports if p.pod not in gone))
        for bridge in model.bridges
    )
    rows = (replace(row, process=_quiet(row.process)) for row in model.processes)
    return replace(
        model,
        processes=tuple(rows),
        pods=tuple(pod for pod in model.pods if pod.key not in gone),
        bridges=tuple(bridges),
    )


PICTURES: dict[str, tuple[Callable[[NodeModel], NodeModel], tuple[str, ...]]] = {
    "main": (_same, ()),
    "selection": (_same, ("1", *["j"] * 7, "enter", "enter", "o", "o", "j", "j")),
    "filter": (_same, ("slash", *"shop")),
    "path": (losing, ("j", "j", "j", "j", "d")),
    "detail": (rich, ("d", "2")),
    "source-down": (_refused, ("j", "j")),
}
"""For each picture what becomes of the node, and the keys that are pressed."""


async def picture(
    change: Callable[[NodeModel], NodeModel], keys: tuple[str, ...]
) -> str:
    """Return the screen as SVG, after the node was shown and the keys pressed."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        app.post_message(ModelChanged(_plain(node())))
        await pilot.pause()
        app.post_message(ModelChanged(change(_plain(node()))))
        await pilot.press(*keys)
        await pilot.pause()
        return app.export_screenshot(title="ocnetview")


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name, (change, keys) in PICTURES.items():
        svg = asyncio.run(picture(change, keys))
        (FOLDER / f"{name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
