"""Runs on the demo node in the explorer's place: draws the README's pictures of it.

Its argument is the folder that gets an SVG of each. Every picture has an app of its
own, so none depends on what another one left.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from demo.detail import until
from textual.pilot import Pilot

from ocnetview.config import load_settings
from ocnetview.demo.pods import PODS
from ocnetview.demo.programs import API, CATALOG, DB, WEB_1
from ocnetview.facts import SourceState
from ocnetview.model import Port
from ocnetview.node import LiveNode, live_node
from ocnetview.report.graph import graph_of
from ocnetview.report.graph_svg import as_svg
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import LateFeed
from ocnetview.tui.screens.capture import CaptureScreen
from ocnetview.tui.screens.capture_setup import CaptureSetup
from ocnetview.tui.screens.detail import DetailScreen
from ocnetview.tui.screens.finder import FinderScreen
from ocnetview.tui.screens.flows import FlowsScreen
from ocnetview.tui.screens.trace import TraceScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.themes import HIGH_CONTRAST
from ocnetview.wanted import read_network

SIZE = (120, 36)
WORKER = "payments/worker-7d5b9f8c6-qn4gx"
SETTLE = "payments/settle-6f7d8c9b4-b7xwv"
UNFOLDING = ("z", *["s"] * 6, "r", "g", "j", "right", "j", "right")
"""Fold all, sort by memory, unfold the second branch and a container below it."""
MANY, FEW = 100, 3
"""Packets that a capture has to have, and to have lost, for a picture."""
SMALL_MTU = "1200"
"""Less than what the catalog answers: the pod's end still believes in 1450."""


def is_settled(app: OcnetviewApp) -> bool:
    """Claim that every source has answered, rates are known, and nothing is marked."""
    model = app.model
    waiting = any(one.state is SourceState.WAITING for one in model.sources)
    wired = [pod for pod in model.pods if pod.main and pod.main.port]
    return (
        not waiting
        and len(wired) > len(PODS) // 2
        and all(port.rate for port in ports_in_sight(app))
        and all(row.cpu is not None for row in model.processes)
        and all(app.pane(pane).changes.next_end() is None for pane in PaneId)
    )


def ports_in_sight(app: OcnetviewApp) -> Iterator[Port]:
    """Yield the ports on the screen, also those of the pods there, that are counted."""
    for pane in (PaneId.PORTS, PaneId.PODS):
        table = app.pane(pane).table
        top = table.scroll_offset.y
        for key in table.rows.keys[top : top + table.lines]:
            pod = app.model.pods_by_key.get(key)
            main = pod.main if pod else None
            port = app.model.ports_by_key.get(main.port if main else key)
            if port and port.link:
                yield port


def has_node(app: OcnetviewApp) -> bool:
    """Claim that the processes of all pods are there."""
    pods = {row.pod for row in app.model.processes}
    return is_settled(app) and len(pods) > len(PODS) // 2


def has_hits(app: OcnetviewApp) -> bool:
    """Claim that the finder has found three kinds of things: processes come last."""
    screen = app.screen
    assert isinstance(screen, FinderScreen)
    return len({hit.kind for hit in screen._hits.values()}) > 2


def has_flows(app: OcnetviewApp) -> bool:
    """Claim that the flows were read twice, so that they have rates."""
    screen = app.screen
    assert isinstance(screen, FlowsScreen)
    views = screen.reading.views if screen.reading else ()
    return any(view.before for view in views)


def has_verdicts(app: OcnetviewApp) -> bool:
    """Claim that the switch told of both ways."""
    screen = app.screen
    return isinstance(screen, TraceScreen) and not screen.asking.goes_on


def is_read(app: OcnetviewApp) -> bool:
    """Claim that the tab's text is there whole."""
    screen = app.screen
    assert isinstance(screen, DetailScreen)
    return bool(screen.text.plain) and not screen._questions.asking


def is_counted(app: OcnetviewApp) -> bool:
    """Claim that every hop has its rate, and that packets are lost on the way."""
    screen = app.screen
    assert isinstance(screen, DetailScreen)
    text = screen.text.plain
    return "…" not in text and "not counted" not in text and "✖" in text


def has_lost(app: OcnetviewApp) -> bool:
    """Claim that the setup is ready, or that some packets were lost, and many not."""
    screen = app.screen
    if isinstance(screen, CaptureSetup):
        return not screen.is_busy
    run = app.capturing.run
    ways = run.comparison.ways if run and run.comparison else ()
    arrived, lost = (
        sum(getattr(way, field) for way in ways) for field in ("arrived", "lost")
    )
    return isinstance(screen, CaptureScreen) and arrived > MANY and lost > FEW


def shrink(title: str) -> None:
    """Give the host end of a pod's veth an MTU that its other end knows nothing of."""
    veth = next(pod.veth for pod in PODS if pod.title == title)
    subprocess.run(["ip", "link", "set", veth, "mtu", SMALL_MTU], check=True)


@dataclass(frozen=True)
class Picture:
    """What is on a picture, and how one gets there."""

    name: str
    pane: PaneId
    title: str
    """Of the pod whose row, port or processes the cursor is on at first."""
    keys: tuple[str, ...] = ()
    there: Callable[[OcnetviewApp], bool] = is_settled
    """Claims that what the keys asked for has come."""
    then: tuple[str, ...] = ()
    """Keys for what has come."""
    last: tuple[str, ...] = ()
    """Keys at the end, that nothing has to be waited for after."""
    theme: str = ""
    broken: Callable[[str], None] | None = None
    """Breaks something of the pod before."""


TOUR = (
    Picture("main", PaneId.PODS, DB),
    Picture("selection", PaneId.PORTS, API, ("enter", "enter", "j", "j")),
    Picture("finder", PaneId.PODS, DB, ("f", *"dns"), has_hits),
    Picture("filter", PaneId.PODS, DB, ("slash", *"ns:shop !web")),
    Picture("evidence", PaneId.PODS, WORKER, ("d", "2"), is_read),
    Picture("routes", PaneId.PODS, DB, ("d", "4"), is_read),
    Picture("flows", PaneId.PODS, SETTLE, ("F",), has_flows),
    Picture("trace", PaneId.PODS, DB, ("x", *"api", "enter"), has_verdicts, ("end",)),
    Picture("tree", PaneId.PROCESSES, DB, ("w",), has_node, UNFOLDING),
    Picture("columns", PaneId.PODS, DB, ("C",)),
    Picture("copying", PaneId.PODS, DB, ("y",)),
    Picture("help", PaneId.PROCESSES, DB, ("question_mark",)),
    Picture("high-contrast", PaneId.PODS, WEB_1, theme=HIGH_CONTRAST.name),
    Picture("path", PaneId.PODS, CATALOG, ("d",), is_counted, broken=shrink),
    Picture(
        "capture",
        PaneId.PODS,
        CATALOG,
        ("c",),
        has_lost,
        ("tab", "j", "enter"),
        ("pageup",) * 5,
    ),
)
"""In the order they are drawn: what breaks something comes last."""


def row_of(app: OcnetviewApp, picture: Picture) -> str:
    """Return the key of the row that a picture begins at."""
    pod = next(pod for pod in app.model.pods if pod.title == picture.title)
    if picture.pane is PaneId.PORTS:
        return pod.main.port if pod.main else ""
    return pod.key


async def drawn(node: LiveNode, picture: Picture) -> str:
    """Return a picture as SVG."""
    app = OcnetviewApp(LateFeed(node.feed), tools=node)
    if picture.theme:
        app.theme = picture.theme
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: is_settled(app))
        await walk(app, pilot, picture)
        return app.export_screenshot(title="ocnetview")


async def walk(app: OcnetviewApp, pilot: Pilot[None], picture: Picture) -> None:
    """Go to a picture's row, press its keys, and wait for what they ask for."""
    pane = PaneId.PODS if picture.pane is PaneId.PROCESSES else picture.pane
    app.go(pane, row_of(app, picture))
    await pilot.pause()
    await until(pilot, lambda: is_settled(app))
    if picture.pane is PaneId.PROCESSES:
        app.go(picture.pane)
    for keys in (picture.keys, picture.then):
        await pilot.press(*keys)
        await pilot.pause()
        await until(pilot, lambda: picture.there(app))
    await pilot.press(*picture.last)
    await pilot.pause()


def main(folder: Path) -> None:
    """Draw every picture."""
    node = live_node(load_settings({}))
    (folder / "graph.svg").write_text(as_svg(graph_of(read_network(node))), "utf-8")
    for picture in TOUR:
        if picture.broken:
            picture.broken(picture.title)
        svg = asyncio.run(drawn(node, picture))
        (folder / f"{picture.name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
