"""Going anywhere from one box."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import SIZE, active, cursor, linked, press, title

from ocnetview.facts import Link, Netns
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.finder import FinderScreen

CART = "uid-4"


async def look_for(pilot: Pilot[None], text: str, *keys: str) -> None:
    """Open the finder and type."""
    await press(pilot, "f", *text, *keys)
    await pilot.pause()


def shown(app: OcnetviewApp) -> list[tuple[str, ...]]:
    """Return the finder's rows."""
    assert isinstance(app.screen, FinderScreen)
    return [tuple(row.cells()) for row in app.screen.table.rows]


@pytest.mark.parametrize(
    ("text", "pane", "key"),
    [
        ("shop/cart", "pods", CART),
        ("10.128.2.14", "pods", CART),
        ("4026532004", "pods", CART),
        ("veth9a3c59ac", "ports", "br0/veth9a3c59ac"),
        ("br0:7", "ports", "br0/veth9a3c59ac"),
        ("24", "ports", "br0/veth9a3c59ac"),
        ("4170", "processes", "4170@29190"),
        ("/usr/bin/cart", "processes", "4170@29190"),
    ],
)
async def test_every_scrap_leads_to_its_row(
    app: OcnetviewApp, text: str, pane: str, key: str
) -> None:
    """Enter goes there, with the counterparts marked in the other panes."""
    async with app.run_test(size=SIZE) as pilot:
        keys = ["slash" if letter == "/" else letter for letter in text]
        await press(pilot, "f", *keys)
        await press(pilot, "enter")
        assert (active(app), cursor(app, pane)) == (pane, key)
        assert "shop/cart" in title(app, "processes")
        if pane != "ports":
            assert linked(app, "ports") == {"br0/veth9a3c59ac"}
        if pane != "pods":
            assert linked(app, "pods") == {CART}
        await press(pilot, "escape")
        assert active(app) == "pods"


async def test_a_container_is_gone_into(app: OcnetviewApp) -> None:
    """Its pod is selected, and only its processes are shown."""
    async with app.run_test(size=SIZE) as pilot:
        await look_for(pilot, "envoy")
        await press(pilot, "enter")
        assert "mm8zt / envoy" in title(app, "processes")


async def test_another_bridge_is_turned_to(app: OcnetviewApp) -> None:
    """A port of a bridge that is not in sight brings it there."""
    async with app.run_test(size=SIZE) as pilot:
        await look_for(pilot, "docker0")
        await press(pilot, "enter")
        assert title(app, "ports") == "Ports of docker0 · 1"
        assert active(app) == "ports"


async def test_keys_and_mouse_go_through_the_rows(app: OcnetviewApp) -> None:
    """Down and up move, a double click chooses, what is typed goes to the box."""
    async with app.run_test(size=SIZE) as pilot:
        await look_for(pilot, "shop")
        rows = shown(app)
        assert isinstance(app.screen, FinderScreen)
        table, keys = app.screen.table, list(app.screen.table.rows.keys)
        assert table.cursor == keys[0]
        await press(pilot, "down", "down", "up")
        assert table.cursor == keys[1]
        await press(pilot, "slash")
        assert len(shown(app)) <= len(rows)
        await press(pilot, "backspace")
        await pilot.click(table, offset=(20, 2), times=2)
        await pilot.pause()
        assert not isinstance(app.screen, FinderScreen)


async def test_all_processes_are_read_meanwhile(
    app: OcnetviewApp, feed: RememberingFeed
) -> None:
    """As long as it is open, and no longer."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        before = feed.focuses[-1]
        await look_for(pilot, "nginx")
        assert len(feed.focuses[-1].containers) > len(before.containers)
        await press(pilot, "escape")
        await pilot.pause()
        assert feed.focuses[-1] == before


async def test_it_follows_the_node(app: OcnetviewApp, node: NodeModel) -> None:
    """What comes while it is open is found; what goes is not."""
    async with app.run_test(size=SIZE) as pilot:
        await look_for(pilot, "newcomer")
        assert shown(app) == []
        pods = (replace(node.pods[0], key="new", name="newcomer"), *node.pods[1:])
        app.publish(replace(node, pods=pods))
        await pilot.pause()
        assert shown(app)[0][0] == "pod"
        app.publish(node)
        await pilot.pause()
        assert shown(app) == []


async def test_what_stands_in_no_pane_is_told(node: NodeModel) -> None:
    """A link of the node outside of all bridges has no row; a note says so."""
    app = OcnetviewApp()
    link = Link(Netns(4, 1), 900, "eno[b]1")
    async with app.run_test(size=SIZE) as pilot:
        app.publish(replace(node, links=(*node.links, link)))
        await look_for(pilot, "eno", "enter")
        notes = [note.message for note in app._notifications]
    why = "link eno[b]1 (the node) stands in no pane: it is of no bridge and no pod"
    assert notes == [why]
