"""Draws the README's pictures of what a node has to be made up for.

Its argument is the folder that gets an SVG of each.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from tui.nodes import node, with_source
from tui.trees import HOSTILE

from ocnetview.facts import Process, SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import ModelChanged

SIZE = (120, 36)


def _refused(model: NodeModel) -> NodeModel:
    """Return the node without its container runtime."""
    why = "cannot connect: no daemon answers; next try 4 s after the last"
    return with_source(model, "docker", SourceState.DOWN, why)


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


async def source_down() -> str:
    """Return the screen of a made-up node whose runtime stops answering, as SVG."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        app.post_message(ModelChanged(_plain(node())))
        await pilot.pause()
        app.post_message(ModelChanged(_refused(_plain(node()))))
        await pilot.press("j", "j")
        await pilot.pause()
        return app.export_screenshot(title="ocnetview")


def main(folder: Path) -> None:
    """Draw every picture."""
    svg = asyncio.run(source_down())
    (folder / "made-up-source-down.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
