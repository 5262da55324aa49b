"""Pictures of the detail: every tab, and every state of one, at three sizes.

They are taken anew and looked at as those of the other screens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import CART, press
from tui.probing import AT, TellingProber
from tui.rich import rich
from tui.wires import losing, moving

from ocnetview.facts.asked import Inside
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.detail import DetailScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.tabs import Subject

Snap = Callable[..., bool]
Change = Callable[[NodeModel], NodeModel]
SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)
POD = Subject(PaneId.PODS, CART)
DISPUTED = Subject(PaneId.PODS, "uid-0")
PORT = Subject(PaneId.PORTS, "br0/veth9a3c59ac")
PROCESS = Subject(PaneId.PROCESSES, "4170@29190")
ON_HOST = Subject(PaneId.PODS, "uid-host")
STATES: dict[str, tuple[Subject, Change, str]] = {
    "path": (POD, moving, ""),
    "path_losing": (POD, losing, ""),
    "path_host": (ON_HOST, moving, ""),
    "path_two": (DISPUTED, rich, ""),
    "port": (PORT, moving, "2"),
    "process": (PROCESS, moving, "2"),
    "evidence": (DISPUTED, rich, "2"),
    "interfaces": (POD, moving, "3"),
    "routes": (POD, moving, "4"),
    "neighbours": (POD, moving, "5"),
    "dns": (POD, moving, "6"),
    "sockets": (POD, moving, "7"),
    "conntrack": (POD, moving, "8"),
    "containers": (POD, moving, "9"),
    "environment": (POD, moving, "9vv"),
}
"""For each picture what it is of, what becomes of the node, and the keys."""


async def opened(pilot: Pilot[None], subject: Subject, prober: TellingProber) -> None:
    """Open the detail of a row, a quarter of a minute after everything was read."""
    app = pilot.app
    assert isinstance(app, OcnetviewApp)
    await press(pilot)
    watch, now = app.looking.along, AT + 15
    screen = DetailScreen(subject, lambda: prober, watch, lambda: now)
    await app.push_screen(screen)


async def told(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, each when what the one before asked is answered."""
    for key in ("", *keys):
        await press(pilot, *filter(None, [key]))
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_tab(
    snap_compare: Snap, feed: RememberingFeed, state: str, size: tuple[int, int]
) -> None:
    """Each tab of a pod, a port or a process with everything in it."""
    subject, change, keys = STATES[state]
    feed.model = replace(change(feed.model), at=AT + 15)

    async def ask(pilot: Pilot[None]) -> None:
        await opened(pilot, subject, TellingProber())
        await told(pilot, *keys)

    assert snap_compare(OcnetviewApp(feed), terminal_size=size, run_before=ask)


@SIZES
def test_refused(
    snap_compare: Snap, feed: RememberingFeed, size: tuple[int, int]
) -> None:
    """A tab whose question cannot be answered says why, and what would help."""
    prober = TellingProber()
    del prober.answers[Inside.SOCKETS]

    async def ask(pilot: Pilot[None]) -> None:
        await opened(pilot, POD, prober)
        await told(pilot, "7")

    assert snap_compare(OcnetviewApp(feed), terminal_size=size, run_before=ask)


@SIZES
@pytest.mark.parametrize("end", [(), ("escape",)], ids=["reading", "ended"])
def test_reading(
    snap_compare: Snap,
    feed: RememberingFeed,
    end: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    """A tab while its question is being answered, and after the user ended that."""
    prober = TellingProber()
    prober.hangs = True

    async def ask(pilot: Pilot[None]) -> None:
        await opened(pilot, POD, prober)
        await press(pilot, "7", *end)

    assert snap_compare(OcnetviewApp(feed), terminal_size=size, run_before=ask)
