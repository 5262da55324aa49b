"""Every command by its key, from the palette, and where it cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.driving import (
    CHECKOUT,
    SIZE,
    active,
    cursor,
    linked,
    press,
    text,
    title,
    until,
)

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.commands import COMMANDS
from ocnetview.tui.commands.tree import OF_TREE
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.choice_bar import ChoiceBar
from ocnetview.tui.widgets.filter_bar import FilterBar
from ocnetview.tui.widgets.key_line import KeyLine
from ocnetview.tui.widgets.row_table import RowTable


def footer(app: OcnetviewApp) -> list[str]:
    """Return what the footer offers."""
    return [key.text for _, key in app.query_one(KeyLine).places]


def test_every_command_is_its_own() -> None:
    """No two commands share an id, a key or a text."""
    keys = [key for command in COMMANDS for key in command.key.split(",")]
    assert len(keys) == len(set(keys))
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert len({command.text for command in COMMANDS}) == len(COMMANDS)


async def test_help_and_quit_are_always_in_the_footer(app: OcnetviewApp) -> None:
    """Keys that have no room go first; they are there again in a wider terminal."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter", "enter")
        assert footer(app)[-4:] == ["Detail", "Help", "Quit", "palette"]
        assert (
            max(cell + key.width for cell, key in app.query_one(KeyLine).places) <= 80
        )
        assert "Whole node" not in footer(app)
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert "Whole node" in footer(app)


async def test_ctrl_c_says_how_to_leave(app: OcnetviewApp) -> None:
    """It leaves nothing and names the key that does."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "ctrl+c")
        notes = [note.message for note in app._notifications]
        assert notes == ["q leaves ocnetview"]


async def test_tab_and_numbers_go_round_the_panes(app: OcnetviewApp) -> None:
    """Tab goes to the next pane, shift+tab back, 1 2 3 to each."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        went = []
        for key in ("tab", "tab", "shift+tab", "2", "1", "3"):
            await press(pilot, key)
            assert app.here.table.has_focus
            went.append(str(app.active))
        assert went == ["processes", "ports", "processes", "pods", "ports", "processes"]


async def test_enter_drills_in_and_escape_comes_back(app: OcnetviewApp) -> None:
    """Enter goes port, pod, processes, each container; escape the same way back."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", *["j"] * 5)
        port = cursor(app, "ports")
        await press(pilot, "enter")
        assert (active(app), cursor(app, "pods")) == (PaneId.PODS, CHECKOUT)
        await press(pilot, "enter")
        assert active(app) == "processes"
        assert "(all 2 containers) · 10" in title(app, "processes")
        await press(pilot, "enter")
        assert "mm8zt / checkout · 5" in title(app, "processes")
        await press(pilot, "o")
        assert "mm8zt / envoy · 5" in title(app, "processes")
        await press(pilot, "escape")
        assert "(all 2 containers)" in title(app, "processes")
        await press(pilot, "escape")
        assert active(app) == "pods"
        await press(pilot, "escape")
        assert (active(app), cursor(app, "ports")) == (PaneId.PORTS, port)
        await press(pilot, "escape")
        assert active(app) == "ports"


async def test_containers_go_round(app: OcnetviewApp) -> None:
    """After the last container come all of them again."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5, "o", "o", "o")
        assert "(all 2 containers)" in title(app, "processes")


async def test_a_filter_is_live_kept_and_cleared(app: OcnetviewApp) -> None:
    """Typing narrows the pane at once; enter keeps the filter, escape ends it."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"WEB")
        assert title(app, "pods") == "Pods · 1 of 12 · filter: WEB"
        assert "shop/web" in title(app, "processes")
        assert "▌  shop/web" in text(app, "pods")
        await press(pilot, "enter")
        assert not app.filter_bar.is_open
        assert app.here.table.has_focus
        assert title(app, "pods") == "Pods · 1 of 12 · filter: WEB"
        await press(pilot, "escape")
        assert title(app, "pods") == "Pods · 12"
        await press(pilot, "slash", *"web", "escape")
        assert title(app, "pods") == "Pods · 12"
        assert app.here.table.has_focus


async def test_a_filter_that_holds_nothing_says_so(app: OcnetviewApp) -> None:
    """An empty result names what was looked for, markup and all."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", "left_square_bracket", "slash", *"zz")
        assert "none of 12 pods holds “[/zz”" in text(app, "pods")
        assert not linked(app, "ports")


async def test_a_filter_that_held_nothing_loses_no_place(app: OcnetviewApp) -> None:
    """After it the cursor is where it was; one that found a row stays with that."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5, "slash", *"zzz", "escape")
        assert cursor(app, "pods") == CHECKOUT
        await press(pilot, "slash", *"shop/db", "enter")
        found = cursor(app, "pods")
        await press(pilot, "escape")
        assert cursor(app, "pods") == found != CHECKOUT


async def test_enter_on_a_process_opens_its_own_container(app: OcnetviewApp) -> None:
    """Not the first container but the one that the process is in; once."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5, "enter", "G", "enter")
        assert "mm8zt / envoy · 5" in title(app, "processes")
        assert not app.check_action("do", ("open",))


async def test_a_filter_searches_the_cells_in_sight(app: OcnetviewApp) -> None:
    """Text of a column that gave way to a narrow screen is not searched."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "1", "slash", *"vxlan0")
        assert "1 of 14" in title(app, "ports")
        await press(pilot, "escape", "slash", *"internal")
        assert "0 of 14" in title(app, "ports")
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert "2 of 14" in title(app, "ports")


async def test_opening_a_hidden_row_ends_the_filter_that_hides_it(
    app: OcnetviewApp,
) -> None:
    """Drilling in always arrives, even at a row that a filter hides."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"console", "enter")
        await press(pilot, "1", *["j"] * 5, "enter")
        assert cursor(app, "pods") == CHECKOUT
        assert title(app, "pods") == "Pods · 12"


async def test_sort_goes_through_the_columns(app: OcnetviewApp) -> None:
    """The key s sorts by the next column, r turns it round, the header marks it."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        table = app.pane(PaneId.PODS).table
        await press(pilot, "s")
        assert "POD▲" in text(app, "pods")
        await press(pilot, "r")
        assert "POD▼" in text(app, "pods")
        titles = [row.cells()[0] for row in table.rows]
        assert titles == sorted(titles, key=str.casefold, reverse=True)
        await press(pilot, *["s"] * len(table.slots))
        assert "▲" not in text(app, "pods")
        assert table.rows[0].key == "uid-0"


async def test_a_sorted_tree_stays_a_tree(app: OcnetviewApp) -> None:
    """Siblings are sorted by the CPU of all below them, the branches are drawn."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", *["s"] * 5)
        assert "CPU%▼" in text(app, "processes")
        used = [float(r.cells()[4]) for r in app.pane(PaneId.PROCESSES).table.rows]
        assert used == [18.0, 21.7, 25.4, 0.1, 3.8]
        assert "│ └─" in text(app, "processes")
        await press(pilot, "r")
        used = [float(r.cells()[4]) for r in app.pane(PaneId.PROCESSES).table.rows]
        assert used == [3.8, 18.0, 0.1, 21.7, 25.4]


async def test_a_sort_out_of_sight_is_told(app: OcnetviewApp) -> None:
    """Where the heading has no room, the title says by what the rows are sorted."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        pane = app.pane(PaneId.PODS)
        pane.order = pane.lens.first_order("rx_rate")
        await pilot.pause()
        assert title(app, "pods").strip() == "Pods · 12 · by RX B/s ▼"
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert title(app, "pods") == "Pods · 12"


async def test_a_filter_on_the_way_loses_no_row(app: OcnetviewApp) -> None:
    """The cursor comes back to its row as soon as a longer filter holds it."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5)
        assert cursor(app, "pods") == CHECKOUT
        await press(pilot, "slash", "exclamation_mark", *"shop")
        assert cursor(app, "pods") != CHECKOUT
        await press(pilot, *"x")
        assert cursor(app, "pods") == CHECKOUT


async def test_bridges_go_round(app: OcnetviewApp, node: NodeModel) -> None:
    """The key b shows the next bridge, B the one before, and neither is taken back."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "b")
        assert title(app, "ports") == "Ports of docker0 · 1"
        assert app.pane(PaneId.PORTS).query_one(ChoiceBar).current == "docker0"
        app.publish(NodeModel(bridges=node.bridges, pods=node.pods))
        await pilot.pause()
        assert title(app, "ports") == "Ports of docker0 · 1"
        await press(pilot, "B")
        assert title(app, "ports") == "Ports of br0 · 14"


async def test_the_footer_offers_what_can_be_done(app: OcnetviewApp) -> None:
    """Commands that lead nowhere now are not offered, and do nothing."""
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Open" in footer(app))
        assert "Back" not in footer(app)
        assert "Container" not in footer(app)
        await press(pilot, "1", "g")
        await until(pilot, lambda: "Find" in footer(app) and "Open" not in footer(app))
        await press(pilot, "enter")
        assert active(app) == "ports"


async def test_the_palette_offers_the_commands(app: OcnetviewApp) -> None:
    """Every command that can be done now is in the palette, once."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        titles = [c.title for c in app.get_system_commands(app.screen)]
        assert len(titles) == len(set(titles))
        hidden = {"Back", "Container", *(command.text for command in OF_TREE)}
        assert {c.text for c in COMMANDS} - hidden == set(titles)


async def test_a_command_runs_from_the_palette(app: OcnetviewApp) -> None:
    """What is chosen in the palette is done."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "ctrl+p", *"ports", "enter")
        await pilot.pause()
        assert active(app) == "ports"


async def test_q_quits(app: OcnetviewApp) -> None:
    """The key q leaves, without an error."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "q")
        await pilot.pause()
    assert app.return_code == 0


async def test_q_is_a_letter_in_a_filter(app: OcnetviewApp) -> None:
    """While a filter is typed, letters are letters."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"jqs1?")
        assert app.here.wanted == "jqs1?"
        assert app.is_running


async def test_the_mouse_does_what_the_keys_do(app: OcnetviewApp) -> None:
    """Rows, headings, bridges and double clicks are there for the mouse."""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.click("#ports RowTable", offset=(10, 7))
        assert (active(app), cursor(app, "ports")) == (PaneId.PORTS, "br0/veth9a3c59ac")
        await pilot.pause()
        await pilot.click("#ports RowTable", offset=(5, 0))
        assert "OFPORT▲" in text(app, "ports")
        await pilot.pause()
        await pilot.click("#ports RowTable", offset=(5, 0))
        assert "OFPORT▼" in text(app, "ports")
        await pilot.pause()
        await pilot.click("#ports ChoiceBar", offset=(14, 0))
        assert title(app, "ports") == "Ports of docker0 · 1"
        await pilot.pause()
        await pilot.click("#pods RowTable", offset=(10, 3), times=2)
        await pilot.pause()
        assert active(app) == "processes"
        assert "shop/checkout" in title(app, "processes")


async def test_a_double_click_on_a_dead_end_stays(app: OcnetviewApp) -> None:
    """A tunnel cannot be opened by the mouse either."""
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.click("#ports RowTable", offset=(10, 1), times=2)
        await pilot.pause()
        assert (active(app), cursor(app, "ports")) == (PaneId.PORTS, "br0/vxlan0")


async def test_leaving_the_filter_by_the_mouse_keeps_it(app: OcnetviewApp) -> None:
    """A click on a row closes the filter's line and selects there."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"shop")
        await pilot.pause()
        await pilot.click("#ports RowTable", offset=(10, 4))
        await pilot.pause()
        assert not app.query_one(FilterBar).is_open
        assert active(app) == "ports"
        assert "filter: shop" in title(app, "pods")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
async def test_every_key_is_safe_on_an_empty_node(
    command: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key fails where there is nothing; what one writes is where it was started."""
    monkeypatch.chdir(tmp_path)
    app = OcnetviewApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot)
        key = command.key.partition(",")[0]  # type: ignore[attr-defined]  # a Command
        await press(pilot, key)
        await pilot.pause()
        assert app.query(RowTable)
