"""Walks by the keyboard alone: from any scrap to its row, and what is done there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import CART, active, cursor, linked, press, text, title
from tui.probing import TellingProber, TellingTools
from tui.trees import crowded

from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.columns import ColumnsScreen
from ocnetview.tui.screens.detail import DetailScreen
from ocnetview.tui.screens.finder import FinderScreen
from ocnetview.tui.selection import PaneId

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
VETH, SERVER = "br0/veth9a3c59ac", "4170@29190"
MAC, UID = "0a:58:0a:80:02:0e", "0f6d9a7e-4c1b-4e0a-9d55-6a1f3b2c8d90"
NAMES = {"slash": "/", "colon": ":", "minus": "-", "full_stop": "."}


def spelled(scrap: str) -> list[str]:
    """Return the keys that type a scrap."""
    keys = {sign: name for name, sign in NAMES.items()}
    return [keys.get(letter, letter) for letter in scrap]


def with_ids(node: NodeModel) -> NodeModel:
    """Return the node with a uid of the pod, and a MAC at its eth0."""
    pods = list(node.pods)
    place = [pod.key for pod in pods].index(CART)
    (eth0,) = pods[place].interfaces
    assert eth0.link
    wired = replace(eth0, link=eth0.link._replace(mac=MAC))
    pods[place] = replace(pods[place], uid=UID, interfaces=(wired,))
    return replace(node, pods=tuple(pods))


def commands(app: OcnetviewApp) -> list[str]:
    """Return the tree as it is shown: lines, signs and commands."""
    return [row.cells()[-1] for row in app.pane(PaneId.PROCESSES).table.rows]


@SIZES
async def test_pod_veth_port_and_back(app: OcnetviewApp, size: tuple[int, int]) -> None:
    """Pod, its port with the veth, the pod again, its processes, and all the way."""
    async with app.run_test(size=size) as pilot:
        await press(pilot, *["j"] * 4)
        assert (cursor(app, "pods"), linked(app, "ports")) == (CART, frozenset({VETH}))
        await press(pilot, "1")
        assert (active(app), cursor(app, "ports")) == ("ports", VETH)
        assert "veth9a3c59ac" in text(app, "ports")
        await press(pilot, "enter")
        assert (active(app), cursor(app, "pods")) == ("pods", CART)
        await press(pilot, "enter")
        assert (active(app), cursor(app, "processes")) == ("processes", SERVER)
        await press(pilot, "escape", "escape")
        assert (active(app), cursor(app, "ports")) == ("ports", VETH)


@SIZES
@pytest.mark.parametrize(
    ("scrap", "kind", "pane"),
    [
        ("4170", "PID", "processes"),
        ("/usr/bin/cart", "process", "processes"),
        ("veth9a3c59ac", "port", "ports"),
        ("br0:7", "ofport", "ports"),
        ("24", "ifindex", "ports"),
        ("10.128.2.14", "IP", "pods"),
        (MAC, "MAC", "pods"),
        ("4026532004", "netns inode", "pods"),
        (f"{0xC0FFEE00 + 16:064x}", "sandbox id", "pods"),
        (f"{0xC0FFEE00 + 17:064x}", "container id", "pods"),
        (UID[:13], "pod uid", "pods"),
        ("cart-5c9d8", "pod", "pods"),
    ],
)
async def test_each_scrap_leads_to_its_row(  # noqa: PLR0913, PLR0917 - a table
    app: OcnetviewApp,
    node: NodeModel,
    show: Show,
    size: tuple[int, int],
    scrap: str,
    kind: str,
    pane: str,
) -> None:
    """The finder says what it is, enter goes there, and all panes follow."""
    rows = {"pods": CART, "ports": VETH, "processes": SERVER}
    async with app.run_test(size=size) as pilot:
        await show(pilot, with_ids(node))
        await press(pilot, "f", *spelled(scrap))
        assert isinstance(app.screen, FinderScreen)
        first = app.screen.table.rows[0].cells()
        assert first[0] == kind
        await press(pilot, "enter")
        assert (active(app), cursor(app, pane)) == (pane, rows[pane])
        assert cursor(app, "pods") == CART
        assert cursor(app, "ports") == VETH
        assert cursor(app, "processes") == SERVER
        assert "shop/cart" in title(app, "processes")


@SIZES
async def test_the_tree_is_folded_searched_sorted_and_unfolded(
    app: OcnetviewApp, node: NodeModel, show: Show, size: tuple[int, int]
) -> None:
    """One walk through the tree of a pod, and of the whole node."""
    async with app.run_test(size=size) as pilot:
        await press(pilot, *["j"] * 4, "3", "g", "space")
        assert commands(app)[0].startswith("▸ +3 ")
        await press(pilot, "slash", *"worker", "enter")
        assert "2 of 5 · filter: worker" in title(app, "processes")
        assert any("cart worker 1" in line for line in commands(app))
        await press(pilot, "escape")
        assert len(commands(app)) == 2
        await press(pilot, "right")
        assert len(commands(app)) == 5
        await press(pilot, "s", "r")
        assert commands(app)[0] == "bash"
        await press(pilot, "w")
        await show(pilot, crowded(node))
        await press(pilot, "z", "G")
        assert commands(app)[-1] == "▸ the node itself · 3 processes"
        await press(pilot, "z", "escape")
        assert "shop/cart" in title(app, "processes")


@SIZES
async def test_the_tabs_of_the_detail(
    feed: RememberingFeed, size: tuple[int, int]
) -> None:
    """Tab goes through them all and round, shift+tab back, a digit to one."""
    prober = TellingProber()
    app = OcnetviewApp(feed, tools=TellingTools(prober))
    async with app.run_test(size=size) as pilot:
        await press(pilot, *["j"] * 4, "d")
        screen = app.screen
        assert isinstance(screen, DetailScreen)
        seen = []
        for _ in screen.bar.choices:
            seen.append(screen.bar.current)
            await press(pilot, "tab")
            await app.workers.wait_for_complete()
        assert seen == [choice.key for choice in screen.bar.choices]
        await press(pilot, "shift+tab")
        assert screen.bar.current == seen[-1]
        await press(pilot, "4")
        assert screen.bar.current == seen[3]
        await press(pilot, "q")
        assert not isinstance(app.screen, DetailScreen)


@SIZES
async def test_columns_are_chosen(app: OcnetviewApp, size: tuple[int, int]) -> None:
    """C opens them, space takes one away, J moves it, s sorts, enter applies."""
    async with app.run_test(size=size) as pilot:
        await press(pilot, "C")
        assert isinstance(app.screen, ColumnsScreen)
        before = [slot.heading.key for slot in app.here.table.slots]
        await press(pilot, "j", "space", "k", "s", "J", "enter")
        assert not isinstance(app.screen, ColumnsScreen)
        after = [slot.heading.key for slot in app.here.table.slots]
        assert set(after) == set(before) - {"addresses"}
        assert app.here.order.column == "title"
        await press(pilot, "C", "r", "enter")
        assert [slot.heading.key for slot in app.here.table.slots] == before
