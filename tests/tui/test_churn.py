"""Rows that come and go: what is marked, what stays where it is, and for how long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from textual.pilot import Pilot
from textual.strip import Strip
from tui.driving import CART, CHECKOUT, SIZE, cursor, press, text, title
from tui.nodes import PODS, node, pod, rate

from ocnetview.model import NodeModel, TreeProcess
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.row import Flag
from ocnetview.tui.widgets.row_table import RowTable

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]
T = TypeVar("T")
PANES = pytest.mark.parametrize("pane", list(PaneId))


class Clock:
    """The time that the marks go by."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return it."""
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give a clock that stands still until a test moves it."""
    clock = Clock()
    monkeypatch.setattr("ocnetview.tui.marking.monotonic", clock)
    return clock


def flagged(app: OcnetviewApp, pane: PaneId) -> dict[str, Flag]:
    """Return the rows of a pane that are marked, by their keys."""
    rows = app.pane(pane).table.rows
    return {row.key: row.flag for row in rows if row.flag is not Flag.NONE}


def without(model: NodeModel, pane: PaneId, *places: int) -> NodeModel:
    """Return the node without the rows at these places of a pane."""

    def left(rows: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(row for place, row in enumerate(rows) if place not in places)

    if pane is PaneId.PODS:
        return replace(model, pods=left(model.pods))
    if pane is PaneId.PORTS:
        first = replace(model.bridges[0], ports=left(model.bridges[0].ports))
        return replace(model, bridges=(first, *model.bridges[1:]))
    return replace(model, processes=_orphaned(model, left(model.processes)))


def _orphaned(
    model: NodeModel, rows: tuple[TreeProcess, ...]
) -> tuple[TreeProcess, ...]:
    """Return the rows with another parent for each whose own is gone, as kernels do."""
    parents = {row.process.pid: row.process.ppid for row in model.processes}
    left = {row.process.pid for row in rows}

    def adopted(row: TreeProcess) -> TreeProcess:
        parent = row.process.ppid
        while parent in parents and parent not in left:
            parent = parents[parent]
        return replace(row, process=replace(row.process, ppid=parent))

    return tuple(map(adopted, rows))


def line_of(app: OcnetviewApp, pane: PaneId) -> int:
    """Return the line of the screen that the cursor of a pane is on."""
    table = app.pane(pane).table
    return table.place - table.scroll_offset.y


@PANES
async def test_the_cursor_stays_with_its_row_at_its_line(
    app: OcnetviewApp, show: Show, clock: Clock, pane: PaneId
) -> None:
    """While others above it and below it go, stay a while, leave, and come back."""
    async with app.run_test(size=(100, 24)) as pilot:
        await press(pilot, str(list(PaneId).index(pane) + 1), *["j"] * 4)
        key, line = cursor(app, pane), line_of(app, pane)
        less = without(node(), pane, 0, 2, 5)
        await show(pilot, less)
        assert (cursor(app, pane), line_of(app, pane)) == (key, line)
        clock.seconds += 10
        app._marking.end()
        await pilot.pause()
        assert not flagged(app, pane)
        assert cursor(app, pane) == key
        line = line_of(app, pane)
        await show(pilot, node())
        assert cursor(app, pane) == key
        assert line_of(app, pane) in {line, line + 2}


@PANES
async def test_what_is_gone_stays_a_while_and_is_not_counted(
    app: OcnetviewApp, show: Show, clock: Clock, pane: PaneId
) -> None:
    """At its place, with a symbol, and the title counts those that are there."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        table = app.pane(pane).table
        before, count = table.rows.keys, title(app, pane).rpartition("· ")[2]
        assert not flagged(app, pane)
        await show(pilot, without(node(), pane, 1))
        assert table.rows.keys == before
        assert flagged(app, pane) == {before[1]: Flag.GONE}
        assert title(app, pane).endswith(f"· {int(count) - 1}")
        clock.seconds += 10
        app._marking.end()
        assert table.rows.keys == (before[0], *before[2:])


async def test_what_is_new_is_marked_a_while(
    app: OcnetviewApp, show: Show, clock: Clock
) -> None:
    """By a symbol before it; the first rows of all are not new."""
    late = pod(77, "shop", "late", ("app",))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert not flagged(app, PaneId.PODS)
        await show(pilot, replace(node(), pods=(late, *node().pods)))
        assert flagged(app, PaneId.PODS) == {late.key: Flag.NEW}
        assert "▌ +shop/late" in text(app, "pods")
        clock.seconds += 10
        app._marking.end()
        assert "▌  shop/late" in text(app, "pods")


@pytest.mark.usefixtures("clock")
async def test_what_is_turned_to_is_not_new(app: OcnetviewApp, show: Show) -> None:
    """Another bridge, another pod, a filter and another order mark nothing."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", "b", "b", "s", "r", "2", "j", "s", "slash", *"shop")
        await press(pilot, "enter", "3", "o")
        await show(pilot, replace(node(), at=5.0, ovs_version="3.1"))
        assert not any(flagged(app, pane) for pane in PaneId)


@pytest.mark.usefixtures("clock")
async def test_a_ghost_obeys_filter_and_order(app: OcnetviewApp, show: Show) -> None:
    """It stays only where it would be if it were there."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "slash", *"shop", "enter")
        await show(pilot, without(node(), PaneId.PODS, 0, 4))
        assert flagged(app, PaneId.PODS) == {CART: Flag.GONE}
        assert "· 4 of 10" in title(app, "pods")
        await press(pilot, "1", "b")
        await show(pilot, without(node(), PaneId.PORTS, 0))
        assert not flagged(app, PaneId.PORTS)


@pytest.mark.usefixtures("clock")
async def test_a_selected_row_that_is_gone_misleads_nobody(
    app: OcnetviewApp, show: Show
) -> None:
    """The cursor is on the next row at once, and every key goes on working."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4)
        assert cursor(app, "pods") == CART
        await show(pilot, without(node(), PaneId.PODS, 4))
        assert flagged(app, PaneId.PODS) == {CART: Flag.GONE}
        assert cursor(app, "pods") == CHECKOUT
        await press(pilot, "k", "j", "enter", "escape", "1", "enter", "d", "escape")
        await show(pilot, replace(node(), pods=(), bridges=(), processes=()))
        await press(pilot, "enter", "1", "enter", "3", "enter", "d", "o", "j", "G")
        assert [cursor(app, pane) for pane in PaneId] == ["", "", ""]
        assert len(flagged(app, PaneId.PODS)) == len(PODS) + 2


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return a list that gets the pane and the line of each line that is drawn."""
    lines: list[tuple[str, int]] = []
    draw = RowTable.render_line

    def counted(self: RowTable, y: int) -> Strip:
        assert self.parent
        lines.append((str(self.parent.id), y))
        return draw(self, y)

    monkeypatch.setattr(RowTable, "render_line", counted)
    return lines


async def test_a_model_that_says_the_same_paints_nothing(
    app: OcnetviewApp, show: Show, painted: list[tuple[str, int]]
) -> None:
    """Not one line of any table, whatever else was read of the node."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        await show(pilot, replace(node(), ovs_version="3.0"))
        painted.clear()
        await show(pilot, replace(node(), at=7.0, ovs_version="3.0"))
        await show(pilot, replace(node(), ovs_version="3.1"))
        assert not painted


async def test_a_counter_paints_its_own_line(
    app: OcnetviewApp, show: Show, painted: list[tuple[str, int]]
) -> None:
    """A rate that changed draws the row that shows it, and no other pane."""
    async with app.run_test(size=(200, 60)) as pilot:
        await press(pilot)
        await show(pilot, replace(node(), ovs_version="3.0"))
        painted.clear()
        first, second, *others = node().pods
        second = replace(second, rate=rate(9e9, 1))
        await show(pilot, replace(node(), pods=(first, second, *others)))
        assert painted == [("pods", 2)]
