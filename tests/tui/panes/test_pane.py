"""What of a pane is drawn, and when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.geometry import Region
from tui.driving import SIZE, press, title
from tui.nodes import node, pod

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import ModelChanged
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.row import Rows
from ocnetview.tui.widgets.row_table import RowTable


@pytest.mark.parametrize("size", [SIZE, (80, 24)])
async def test_a_title_draws_its_line_only(
    app: OcnetviewApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """A pod more out of sight is another number in the title, and no row to draw."""
    drawn: list[tuple[Region, ...]] = []
    refresh = Pane.refresh

    def told(pane: Pane, *regions: Region, **how: bool) -> Pane:
        asked = refresh(pane, *regions, **how)
        if pane.id == PaneId.PODS:
            drawn.append(tuple(pane._repaint_regions))
        return asked

    async with app.run_test(size=size) as pilot:
        await press(pilot, "2", "g")
        before, frame = title(app, "pods"), app.pane(PaneId.PODS).outer_size
        monkeypatch.setattr(Pane, "refresh", told)
        more = replace(node(), pods=(*node().pods, pod(99, "z", "last", ())))
        app.post_message(ModelChanged(more))
        await pilot.pause()
        assert title(app, "pods") != before
        regions = {region for some in drawn for region in some}
        assert regions == {
            Region(0, 0, frame.width, 1),
            Region(0, frame.height - 1, frame.width, 1),
        }


async def test_a_pane_heeds_its_part_of_the_scope(
    app: OcnetviewApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another pod has its processes listed; ports and pods stay as they are."""
    shown: list[str] = []

    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "g")
        watch = RowTable.watch_rows

        def told(table: RowTable, before: Rows, rows: Rows) -> None:
            shown.append(str(table.parent and table.parent.id))
            watch(table, before, rows)

        monkeypatch.setattr(RowTable, "watch_rows", told)
        await press(pilot, "j")
        assert set(shown) == {PaneId.PROCESSES}
        shown.clear()
        await press(pilot, "b")
        assert set(shown) == {PaneId.PORTS}


async def test_a_model_that_waits_behind_makes_the_first_one_old(
    app: OcnetviewApp,
) -> None:
    """Of two that come at once only the second is shown."""
    shown: list[int] = []
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        pane = app.pane(PaneId.PODS)
        pane.watch(pane, "model", lambda model: shown.append(len(model.pods)))
        shown.clear()
        for count in (5, 3):
            app.post_message(ModelChanged(replace(node(), pods=node().pods[:count])))
        await pilot.pause()
    assert shown == [3]
