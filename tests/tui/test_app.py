"""The three panes: what they show, and how they move together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import CART, CHECKOUT, SIZE, cursor, linked, press, text, title
from tui.nodes import with_source
from tui.trees import HOSTILE

from ocnetview.collectors.base import Focus
from ocnetview.facts import SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId
from ocnetview.tui.widgets.row import Tone

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]


async def test_the_first_paint_waits_for_nothing() -> None:
    """Without a model every pane says what it waits for, and nothing fails."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "waiting for the sources…" in text(app, "ports")
        assert "waiting for the sources…" in text(app, "pods")
        assert "select a pod" in text(app, "processes")


async def test_each_pane_shows_its_rows_and_how_many(app: OcnetviewApp) -> None:
    """A model fills the three panes, and the titles count the rows."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert title(app, "ports") == "Ports of br0 · 14"
        assert title(app, "pods") == "Pods · 12"
        assert "openshift-console/console-7d9f-x2x8l · 5" in title(app, "processes")
        assert "vxlan0          vxlan    tunnel to the other nodes" in text(
            app, "ports"
        )
        assert "10.128.2.10     veth9a3c51e0" in text(app, "pods")
        assert "├─console worker 0" in text(app, "processes")


async def test_the_feed_is_started_told_and_stopped(
    app: OcnetviewApp, feed: RememberingFeed
) -> None:
    """The feed begins after the first paint and ends with the app."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert feed.told == ["start"]
    assert feed.told == ["start", "stop"]


async def test_who_leaves_at_once_is_offered_nothing(
    app: OcnetviewApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first offers come a moment after the first rows; the panes may be gone."""
    monkeypatch.setattr("ocnetview.tui.following.OFFER_SECONDS", 1000.0)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert title(app, "pods") == "Pods · 12"
        await app.query("#panes").remove()
        app._following._offer_late()
        assert not app._following._offers


async def test_a_selected_pod_lights_its_port_and_processes(
    app: OcnetviewApp, node: NodeModel
) -> None:
    """The pod's port is marked and in sight, and its processes are shown."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4)
        port = node.pods_by_key[CART].interfaces[0].port
        assert cursor(app, "pods") == CART
        assert linked(app, "ports") == {port}
        assert cursor(app, "ports") == port
        assert "▸       7 veth9a3c59ac" in text(app, "ports")
        shown = {row.key for row in app.pane(PaneId.PROCESSES).table.rows}
        assert shown == {row.key for row in node.processes if row.pod == CART}
        assert linked(app, "processes") == shown


async def test_a_selected_port_lights_its_pod(app: OcnetviewApp) -> None:
    """From the ports pane the pod is marked, and its processes are shown."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", *["j"] * 4)
        assert cursor(app, "ports").endswith("veth9a3c59ac")
        assert linked(app, "pods") == {CART}
        assert "shop/cart" in title(app, "processes")


async def test_a_selected_process_lights_pod_and_port(
    app: OcnetviewApp, node: NodeModel
) -> None:
    """A process keeps its pod and its port lit while the cursor moves in its tree."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "j", "j")
        assert linked(app, "pods") == {CART}
        assert linked(app, "ports") == {node.pods_by_key[CART].interfaces[0].port}
        assert app.path_line.hops[0].text == "sh (4172)"


async def test_a_port_without_a_pod_lights_nothing(app: OcnetviewApp) -> None:
    """A tunnel has no counterparts, and the processes pane says what to do."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", "g")
        assert cursor(app, "ports") == "br0/vxlan0"
        assert not linked(app, "pods")
        assert not linked(app, "processes")
        assert "select a pod" in text(app, "processes")


async def test_a_pod_on_another_bridge_turns_the_ports_to_it(
    app: OcnetviewApp,
) -> None:
    """The plain container's port is on docker0, so that is what is shown."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "G")
        assert title(app, "ports") == "Ports of docker0 · 1"
        assert linked(app, "ports") == {"docker0/veth5e77a91"}
        await press(pilot, "g")
        assert title(app, "ports") == "Ports of br0 · 14"


async def test_a_port_that_is_found_later_is_turned_to(
    node: NodeModel, show: Show
) -> None:
    """A selected pod whose port was not known yet turns the ports once it is."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        alone = replace(node, pods=node.pods[-1:])
        await show(pilot, replace(alone, bridges=node.bridges[:1]))
        assert title(app, "ports") == "Ports of br0 · 14"
        await show(pilot, alone)
        assert title(app, "ports") == "Ports of docker0 · 1"


async def test_a_selected_port_keeps_its_bridge(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """A pod with ports on two bridges does not take the user from one to the other."""
    pod = node.pods_by_key[CART]
    other = replace(pod.interfaces[0], port="docker0/veth5e77a91")
    both = replace(pod, interfaces=(other, *pod.interfaces))
    pods = tuple(both if one.key == CART else one for one in node.pods)
    async with app.run_test(size=SIZE) as pilot:
        await show(pilot, replace(node, pods=pods))
        await press(pilot, "1", *["j"] * 4)
        assert cursor(app, "ports") == "br0/veth9a3c59ac"
        assert title(app, "ports") == "Ports of br0 · 14"


async def test_the_first_row_is_selected_until_the_user_chooses(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """Rows that come above it move the cursor up; after a choice it stays."""
    async with app.run_test(size=SIZE) as pilot:
        late = replace(node, pods=node.pods[5:])
        await show(pilot, late)
        assert cursor(app, "pods") == late.pods[0].key
        await show(pilot, node)
        assert cursor(app, "pods") == node.pods[0].key
        await show(pilot, late)
        await press(pilot, "j", "k")
        await show(pilot, node)
        assert cursor(app, "pods") == late.pods[0].key


async def test_a_pod_of_the_host_network_has_no_port(app: OcnetviewApp) -> None:
    """A host-network pod says so and lights no port."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "G", "k")
        shown = " ".join(text(app, "pods").split())
        name = "openshift-monitoring/node-exporter-p5k8d"
        assert f"⌂ {name} 192.0.2.17 host network Running 1/1" in shown
        assert not linked(app, "ports")
        assert any("host network" in hop.text for hop in app.path_line.hops)


async def test_the_path_is_spelt(app: OcnetviewApp) -> None:
    """The line below spells the way from the pod out of the node."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4)
        way = " → ".join(hop.text for hop in app.path_line.hops)
        assert "shop/cart-5c9d8-7hk2p → eth0@net:[4026532004] → veth9a3c59ac (" in way
        assert "ofport 7" in way
        assert "vxlan0" in way


async def test_what_is_wrong_with_a_port_is_said_in_full(app: OcnetviewApp) -> None:
    """The error of a stale port stands beside its path."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", "G", "k")
        assert "✖     14 veth7e1f40aa" in text(app, "ports")
        assert "No such device" in app.path_line.render().plain


async def test_the_selected_pods_containers_are_read(
    app: OcnetviewApp, feed: RememberingFeed, node: NodeModel
) -> None:
    """The feed is told every container of the pod, or the single one, once each."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5, "enter", "o")
        pod = node.pods_by_key[CHECKOUT]
        everyone = (pod.sandbox, *pod.containers)
        ids = frozenset((c.id, c.pid) for c in everyone if c and c.pid)
        one = pod.containers[0]
        assert feed.focuses[-2:] == [
            Focus(containers=ids),
            Focus(containers=frozenset({(one.id, one.pid or 0)})),
        ]
        assert len(feed.focuses) == len(set(feed.focuses))


async def test_models_come_from_any_thread(node: NodeModel) -> None:
    """A thread of the engine's own may publish."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        await asyncio.to_thread(app.publish, node)
        await pilot.pause()
        assert title(app, "pods") == "Pods · 12"


async def test_an_equal_model_draws_nothing(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """Rows are not replaced by a model that says the same."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        before = app.model, app.pane(PaneId.PODS).table.rows
        await show(pilot, replace(node, at=99.0))
        assert app.model is before[0]
        assert app.pane(PaneId.PODS).table.rows is before[1]


async def test_a_stale_sources_rows_are_dimmed(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """As those of one that is down, with the word and the reason, until it was read."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        why = "events were lost"
        await show(pilot, with_source(node, "docker", SourceState.STALE, why))
        table = app.pane(PaneId.PODS).table
        assert {row.tone for row in table.rows} == {Tone.MUTED}
        assert f"≈ docker stale: {why}" in str(app.pane(PaneId.PODS).border_subtitle)
        await show(pilot, node)
        assert Tone.PLAIN in {row.tone for row in table.rows}


async def test_a_vanished_row_hands_on_the_selection(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """When the selected pod goes, the next one is selected in all panes."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4)
        left = tuple(pod for pod in node.pods if pod.key != CART)
        await show(pilot, replace(node, pods=left))
        assert cursor(app, "pods") == CHECKOUT
        assert "shop/checkout" in title(app, "processes")


async def test_the_cursor_follows_its_row(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """A refresh that moves the row moves the cursor with it."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4)
        await show(pilot, replace(node, pods=node.pods[::-1]))
        assert cursor(app, "pods") == CART


async def test_a_lost_source_keeps_its_rows_and_says_why(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """Rows of a source that is down stay, and pane and status bar say why."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        why = "connection [/refused]"
        await show(pilot, with_source(node, "docker", SourceState.DOWN, why))
        assert title(app, "pods") == "Pods · 12"
        assert "✖ docker down" in str(app.pane(PaneId.PODS).border_subtitle)
        assert f"✖ docker down: {why}" in app.status_bar.render().plain
        assert app.pane(PaneId.PORTS).border_subtitle is None


async def test_hostile_names_are_shown_inert(app: OcnetviewApp) -> None:
    """Escape sequences, markup and line breaks in names reach no terminal."""
    shown = r"\x1b[31mevil[/bold]\nname"
    async with app.run_test(size=(200, 60)) as pilot:
        await press(pilot, *["j"] * 9)
        assert shown in text(app, "ports")
        assert shown in text(app, "processes")
        assert shown in title(app, "processes")
        for pane in PaneId:
            assert "\x1b" not in text(app, pane)
            assert HOSTILE not in text(app, pane)
        assert shown in app.path_line.render().plain


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light"])
async def test_other_themes_draw_the_same_text(app: OcnetviewApp, theme: str) -> None:
    """Whatever the theme, the symbols say what the colours say."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        before = text(app, "ports")
        app.theme = theme
        await pilot.pause()
        assert text(app, "ports") == before
