"""Pictures of the screen, cell by cell, at three sizes.

After a change that is meant to be seen, `pytest tests/tui/test_snapshots.py
--snapshot-update` takes them anew; look at them before they are committed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.driving import press
from tui.nodes import pod, with_source
from tui.trees import crowded, threaded

from ocnetview.config import Settings
from ocnetview.facts import SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.views import read_views

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]
Snap = Callable[..., bool]
SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)


@SIZES
def test_main(snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]) -> None:
    """The node as it is first seen: the first pod, its port, its processes."""
    assert snap_compare(app, terminal_size=size, run_before=press)


@SIZES
def test_selection(
    snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """A process of one container of a pod, with pod and port lit."""

    async def select(pilot: Pilot[None]) -> None:
        await press(pilot, "1", *["j"] * 7, "enter", "enter", "o", "j", "j")

    assert snap_compare(app, terminal_size=size, run_before=select)


@SIZES
def test_filter(snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]) -> None:
    """Pods that hold a text, while it is typed; ports sorted by a column."""

    async def type_filter(pilot: Pilot[None]) -> None:
        await press(pilot, "1", *["s"] * 4, "2", "slash", *"shop")

    assert snap_compare(app, terminal_size=size, run_before=type_filter)


@SIZES
def test_filter_error(
    snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]
) -> None:
    """A key that is not known is told below what is typed; the last filter stays."""

    async def type_filter(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"shop foo:x")

    assert snap_compare(app, terminal_size=size, run_before=type_filter)


@SIZES
def test_columns(snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]) -> None:
    """One column gone, one moved, one that sorts; the pane is so already."""

    async def choose(pilot: Pilot[None]) -> None:
        await press(pilot, "C", "down", "space", "j", "j", "J", "s", "s")

    assert snap_compare(app, terminal_size=size, run_before=choose)


def test_keep(snap_compare: Snap, app: OcnetviewApp) -> None:
    """What will be written, and where, before it is."""
    app.views = read_views(Settings(file=Path("/etc/ocnetview/config.toml")))

    async def keep(pilot: Pilot[None]) -> None:
        await press(pilot, "slash", *"ns:shop", "enter", "s", "C", "space", "enter")
        await press(pilot, "K", "space")

    assert snap_compare(app, terminal_size=(120, 40), run_before=keep)


@SIZES
def test_source_down(
    snap_compare: Snap,
    app: OcnetviewApp,
    node: NodeModel,
    show: Show,
    size: tuple[int, int],
) -> None:
    """Docker is down and OVSDB is not there: rows stay, muted, and it says why."""
    why = "cannot connect: no daemon answers; next try 4 s after the last"
    lost = with_source(node, "docker", SourceState.DOWN, why)
    lost = with_source(lost, "ovsdb", SourceState.ABSENT, "no socket")

    async def lose(pilot: Pilot[None]) -> None:
        await show(pilot, node)
        await show(pilot, lost)

    assert snap_compare(app, terminal_size=size, run_before=lose)


@SIZES
def test_help(snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]) -> None:
    """Keys and signs, above the panes."""

    async def ask(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")

    assert snap_compare(app, terminal_size=size, run_before=ask)


def test_too_small(snap_compare: Snap, app: OcnetviewApp) -> None:
    """A terminal of 20x5 is told what is needed."""
    assert snap_compare(app, terminal_size=(20, 5), run_before=press)


def test_stale_port(snap_compare: Snap, app: OcnetviewApp) -> None:
    """A port without a device, selected: what is wrong stands below."""

    async def select(pilot: Pilot[None]) -> None:
        await press(pilot, "1", "G", "k")

    assert snap_compare(app, terminal_size=(120, 40), run_before=select)


def test_churn(
    snap_compare: Snap, app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """A new pod bears a sign, two that are gone stay at their places for a while."""

    async def come_and_go(pilot: Pilot[None]) -> None:
        await show(pilot, node)
        pods = (node.pods[0], *node.pods[2:5], *node.pods[6:])
        late = pod(11, "shop", "late-6d5f9-xk2vq", ("app",))
        await show(pilot, replace(node, pods=(*pods[:5], late, *pods[5:])))

    assert snap_compare(app, terminal_size=(120, 40), run_before=come_and_go)


@SIZES
def test_folded(snap_compare: Snap, app: OcnetviewApp, size: tuple[int, int]) -> None:
    """A tree with one part folded: the sign, the number below, the sums."""

    async def fold(pilot: Pilot[None]) -> None:
        await press(pilot, *["j"] * 5, "3", "g", "space", "j", "j")

    assert snap_compare(app, terminal_size=size, run_before=fold)


@SIZES
def test_threads(
    snap_compare: Snap,
    app: OcnetviewApp,
    node: NodeModel,
    show: Show,
    size: tuple[int, int],
) -> None:
    """Threads below their process, one that waits in the kernel."""

    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, *["j"] * 4, "3", "t")
        await show(pilot, threaded(node))

    assert snap_compare(app, terminal_size=size, run_before=look)


@SIZES
def test_tree_of_the_node(
    snap_compare: Snap,
    app: OcnetviewApp,
    node: NodeModel,
    show: Show,
    size: tuple[int, int],
) -> None:
    """Pods folded, the node itself with a zombie and a wait that nothing interrupts."""

    async def widen(pilot: Pilot[None]) -> None:
        await press(pilot, "3", "w")
        await show(pilot, crowded(node))
        await press(pilot, "z", "G", *["right"] * 3, "j", "j")

    assert snap_compare(app, terminal_size=size, run_before=widen)
