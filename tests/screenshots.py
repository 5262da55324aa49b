"""Renders the README's pictures, of the demo node and of one that is made up.

Run it as `python tests/screenshots.py`; it writes screenshots/*.svg and nothing else.
It takes what `ocnetview demo` takes, and Open vSwitch.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from tui.nodes import node, with_source
from tui.trees import HOSTILE

from ocnetview.demo.run import run_demo
from ocnetview.errors import DemoError
from ocnetview.facts import Process, SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import ModelChanged

HERE = Path(__file__).parent
FOLDER = HERE.parent / "screenshots"
TOUR = HERE / "demo" / "tour.py"
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


async def _source_down() -> str:
    """Return the screen of a made-up node whose runtime stops answering, as SVG."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        app.post_message(ModelChanged(_plain(node())))
        await pilot.pause()
        app.post_message(ModelChanged(_refused(_plain(node()))))
        await pilot.press("j", "j")
        await pilot.pause()
        return app.export_screenshot(title="ocnetview")


def main() -> int:
    """Write every picture; return the exit code of those of the demo node."""
    FOLDER.mkdir(exist_ok=True)
    svg = asyncio.run(_source_down())
    (FOLDER / "source-down-made-up.svg").write_text(svg, "utf-8")
    os.environ["PYTHONPATH"] = str(HERE)
    return run_demo((str(FOLDER),), (sys.executable, str(TOUR)), "ovs")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DemoError as error:
        sys.exit(f"screenshots: {error}")
