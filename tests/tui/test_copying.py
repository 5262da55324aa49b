"""Taking along what is on the screen, by keys and by the mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tui.clicking import click_command, click_text
from tui.conftest import RememberingFeed
from tui.driving import CART, press, text
from tui.nodes import node as made_up
from tui.trees import HOSTILE

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.saving import save
from ocnetview.tui.screens.copying import CopyScreen
from ocnetview.tui.screens.detail import DetailScreen

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
NAME = re.compile(r"ocnetview-[A-Za-z0-9.-]+-\d{8}-\d{6}\.(svg|txt)")


def said(app: OcnetviewApp) -> list[str]:
    """Return what the user was told."""
    return [str(one.message) for one in app._notifications]


def menu(app: OcnetviewApp) -> list[str]:
    """Return what can be copied."""
    screen = app.screen
    assert isinstance(screen, CopyScreen)
    return [row.cells()[0] for row in screen.table.rows]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder that ocnetview is started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@SIZES
async def test_an_address_by_keys(app: OcnetviewApp, size: tuple[int, int]) -> None:
    """y, down, enter: the pod's address is copied, and the user is told so."""
    async with app.run_test(size=size) as pilot:
        await press(pilot, *["j"] * 4, "y", "j", "enter")
        assert app.clipboard == "10.128.2.14"
        assert said(app) == [
            "copied address: 11 characters; the terminal has to allow OSC 52"
        ]
        assert not isinstance(app.screen, CopyScreen)


@pytest.mark.parametrize("leaves", ["escape", "q", "y"])
async def test_leaving_copies_nothing(app: OcnetviewApp, leaves: str) -> None:
    """The menu is closed by the usual keys, and by its own."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "y", leaves)
        assert not isinstance(app.screen, CopyScreen)
        assert (app.clipboard, said(app)) == ("", [])


async def test_by_the_mouse(app: OcnetviewApp) -> None:
    """A click on a line and one on the offer below copy it; one beside closes."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *["j"] * 4)
        await click_command(pilot, "Copy")
        await click_text(pilot, "veth of eth0")
        await click_text(pilot, "enter copies")
        assert app.clipboard == "veth9a3c59ac"
        await press(pilot, "y")
        await pilot.click(offset=(0, 0))
        await pilot.pause()
        assert not isinstance(app.screen, CopyScreen)


async def test_a_port_and_a_process(app: OcnetviewApp) -> None:
    """In each pane the menu is of the row under the cursor."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *["j"] * 4, "1", "y")
        assert menu(app)[:2] == ["port", "ofport"]
        await press(pilot, "escape", "3", "y")
        assert menu(app)[:2] == ["PID", "command line"]
        await press(pilot, "enter")
        assert app.clipboard == "4170"


async def test_the_row_as_json(app: OcnetviewApp) -> None:
    """What is copied is the object that `pods --json` has."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *["j"] * 4, "y")
        await click_text(pilot, "the row as JSON")
        await press(pilot, "enter")
        assert json.loads(app.clipboard)["key"] == CART


async def test_every_branch_of_the_tree_offers_something(app: OcnetviewApp) -> None:
    """In the node's tree each row leads somewhere: pod, container, process, thread."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3", "w", "g")
        seen = set()
        for _ in range(12):
            await press(pilot, "y")
            assert isinstance(app.screen, CopyScreen)
            assert menu(app)
            seen.add(menu(app)[0])
            await press(pilot, "escape", "j")
        assert {"pod", "PID"} <= seen


async def test_the_detail_offers_what_it_shows(app: OcnetviewApp) -> None:
    """There y copies the tab's text first, and closes back to the detail."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *["j"] * 4, "d", "y", "enter")
        assert isinstance(app.screen, DetailScreen)
        assert "shop/cart-5c9d8-7hk2p" in app.clipboard
        assert "veth9a3c59ac" in app.clipboard


async def test_a_text_that_is_too_long_is_not_cut() -> None:
    """It is said with its length, and the clipboard stays as it is."""
    model = made_up()
    row = next(one for one in model.processes if one.pod == CART)
    long = replace(row, process=replace(row.process, command=("x" * 80_000,)))
    rows = tuple(long if one.key == row.key else one for one in model.processes)
    app = OcnetviewApp(RememberingFeed(replace(model, processes=rows)))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *["j"] * 4, "3", "y", "j", "enter")
        assert app.clipboard == ""
        (why,) = said(app)
        assert why.startswith("cannot copy command line: 80000 characters")


async def test_a_hostile_name_stays_what_it_is(app: OcnetviewApp) -> None:
    """It is copied as it is, and shown so that it does nothing."""
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *["j"] * 9, "y", "enter")
        assert HOSTILE in app.clipboard
        assert "\x1b" not in "".join(said(app))


@pytest.fixture
def written(folder: Path) -> Callable[[], dict[str, str]]:
    """Give what reads the files that were saved, by their kind."""

    def read() -> dict[str, str]:
        found = {path.suffix: path.read_text("utf-8") for path in folder.iterdir()}
        assert all(NAME.fullmatch(path.name) for path in folder.iterdir())
        return found

    return read


@pytest.mark.parametrize("keys", ["", "d", "?", "f", "/", "y", "dy"])
async def test_every_screen_can_be_saved(
    app: OcnetviewApp, written: Callable[[], dict[str, str]], keys: str
) -> None:
    """ctrl+s saves the screen with all that is above it, whatever has the focus."""
    async with app.run_test(size=(100, 30)) as pilot:
        names = {"?": "question_mark", "/": "slash"}
        await press(pilot, *(names.get(key, key) for key in keys))
        lines = app.screen._compositor.render_strips()
        shown = [line.text.rstrip() for line in lines]
        await press(pilot, "ctrl+s")
        found = written()
        assert found.keys() == {".svg", ".txt"}
        assert ET.fromstring(found[".svg"]).tag.endswith("svg")  # noqa: S314 - ours
        saved = found[".txt"].splitlines()
        assert max(map(len, saved)) <= 100
        assert not any(line.endswith(" ") for line in saved)
        frame = [line.strip() for line in shown if "╭" in line and "─ " in line]
        assert all(any(line in one for one in saved) for line in frame)
        (told,) = said(app)
        assert told.startswith("saved /")


async def test_saving_from_the_palette(
    app: OcnetviewApp, written: Callable[[], dict[str, str]]
) -> None:
    """It is a command like any other, and the only one that takes pictures."""
    async with app.run_test(size=(120, 40)) as pilot:
        await click_command(pilot, "Save screen")
        assert text(app, "pods").splitlines()[2].strip() in written()[".txt"]


async def test_a_folder_that_cannot_be_written(
    app: OcnetviewApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which file, why, and what helps; nothing is lost but the picture."""
    monkeypatch.chdir("/proc")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "ctrl+s")
        (why,) = said(app)
        assert why.startswith("cannot save the screen as /proc/ocnetview-")
        assert "start ocnetview in a folder that you may write to" in why


def test_no_file_is_written_over(folder: Path) -> None:
    """Of two pictures of one moment the second gets a name of its own."""
    first = save(folder, "x", svg="1", txt="2")
    second = save(folder, "x", svg="3", txt="4")
    assert [path.name for path in (*first, *second)] == [
        "x.svg",
        "x.txt",
        "x-2.svg",
        "x-2.txt",
    ]
    assert [path.read_text() for path in (*first, *second)] == list("1234")
