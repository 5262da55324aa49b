"""The detail of a row, in tabs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import CART, SIZE, press
from tui.nodes import HOST
from tui.probing import AT, TellingProber, TellingTools
from tui.wires import losing

from ocnetview.facts.asked import Inside
from ocnetview.facts.inside import RoutesFacts
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.detail import GONE, DetailScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.tabs import TABS, Subject
from ocnetview.tui.widgets.choice_bar import ChoiceBar

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]
INSIDE = (
    Inside.INTERFACES,
    Inside.ROUTES,
    Inside.NEIGHBOURS,
    Inside.DNS,
    Inside.SOCKETS,
    Inside.CONNTRACK,
    Inside.CONTAINERS,
)
"""What the tabs of a pod ask, in their order."""


@pytest.fixture
def prober() -> TellingProber:
    """Return a prober that answers everything."""
    return TellingProber()


@pytest.fixture
def app(feed: RememberingFeed, prober: TellingProber) -> OcnetviewApp:
    """Return an app that is given the node, and has somebody to ask."""
    return OcnetviewApp(feed, tools=TellingTools(prober))


async def told(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait until what they ask is answered and drawn."""
    await press(pilot, *keys)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


def detail(app: OcnetviewApp) -> DetailScreen:
    """Return the detail that is open."""
    assert isinstance(app.screen, DetailScreen)
    return app.screen


def text(app: OcnetviewApp) -> str:
    """Return what the tab shows."""
    return detail(app).text.plain


def tabs(app: OcnetviewApp) -> list[str]:
    """Return the tabs that are offered."""
    return [choice.key for choice in detail(app).bar.choices]


def foot(app: OcnetviewApp) -> str:
    """Return the line below the tab."""
    return detail(app).foot.plain


async def open_cart(pilot: Pilot[None], app: OcnetviewApp, *keys: str) -> None:
    """Go to a pod's row, open its detail, and press keys there."""
    await press(pilot)
    app.go(PaneId.PODS, CART)
    await told(pilot, "d", *keys)


async def test_a_key_opens_the_row_under_the_cursor(
    app: OcnetviewApp, node: NodeModel
) -> None:
    """The key d shows a pod, a port or a process; the same key closes it."""
    async with app.run_test(size=SIZE) as pilot:
        for pane, begins in (("2", "pod "), ("1", "port "), ("3", "process ")):
            await press(pilot, pane, "d")
            assert detail(app).title_text.startswith(begins)
            assert detail(app).subject.is_there(node)
            await press(pilot, "d")
            assert not isinstance(app.screen, DetailScreen)


async def test_it_begins_with_the_way_out_and_asks_nothing(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """What the model knows is drawn at once, from the process to the tunnel."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app)
        drawn = text(app)
        places = [
            drawn.index(part)
            for part in (
                "cart (4170)",
                "shop/cart-5c9d8-7hk2p",
                "eth0",
                "net:[4026532004]",
                "veth9a3c59ac",
                "br0",
                "vxlan0",
                "tun0",
            )
        ]
        assert places == sorted(places)
        assert prober.asked == []


async def test_a_tab_is_read_when_it_is_looked_at(
    app: OcnetviewApp, prober: TellingProber, node: NodeModel, show: Show
) -> None:
    """Once each; what was read stays while the detail is open, whatever happens."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app)
        for _ in TABS:
            await told(pilot, "tab")
        assert prober.asked == list(INSIDE)
        for _ in TABS:
            await told(pilot, "left")
        await show(pilot, replace(node, at=node.at + 1, ovs_version="3.1.0"))
        assert prober.asked == list(INSIDE)
        assert {target.title for target in prober.targets} == {
            "pod shop/cart-5c9d8-7hk2p"
        }


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("2", "= kernel, both ends"),
        ("3", "10.128.2.14/23"),
        ("4", "10.128.2.1"),
        ("5", "10.128.2.99"),
        ("6", "shop.svc.cluster.local"),
        ("7", "10.128.2.17"),
        ("8", "172.30.0.10"),
        ("9", "configmap/cart"),
    ],
)
async def test_a_digit_leads_to_its_tab(app: OcnetviewApp, key: str, said: str) -> None:
    """Each shows what was read there; one that no tab has leads nowhere."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app, key)
        assert said in text(app)
        await told(pilot, "0")
        assert said in text(app)


async def test_a_click_leads_to_a_tab(app: OcnetviewApp) -> None:
    """On its title, wherever in it."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app)
        labels = [label for _, label in detail(app).bar.labels()]
        await pilot.click(ChoiceBar, offset=(len(labels[0]) + 3, 0))
        await told(pilot)
        assert "= kernel, both ends" in text(app)


async def test_r_reads_again(app: OcnetviewApp, prober: TellingProber) -> None:
    """Only what the tab shows; what is drawn then is the new answer."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app, "4")
        prober.answers[Inside.ROUTES] = RoutesFacts("rtnetlink", AT + 9)
        await told(pilot, "r")
        assert prober.asked == [Inside.ROUTES] * 2
        assert "no route at all" in text(app)


async def test_a_reading_can_be_ended(app: OcnetviewApp, prober: TellingProber) -> None:
    """While it lasts a line says so; escape ends it first, and closes after that."""
    prober.hangs = True
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "d", "4")
        assert text(app) == "reading routes…"
        await told(pilot, "escape")
        assert prober.stopped == 1
        assert "was ended; r reads again" in text(app)
        prober.hangs = False
        await told(pilot, "r")
        assert "10.128.2.1" in text(app)
        await press(pilot, "escape")
        assert not isinstance(app.screen, DetailScreen)


@pytest.mark.parametrize("keys", [("1",), ("2",), ("d",), ("q",)])
async def test_who_leaves_a_tab_ends_its_reading(
    app: OcnetviewApp, prober: TellingProber, keys: tuple[str, ...]
) -> None:
    """By another tab, or by closing; who comes back has it read anew."""
    prober.hangs = True
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "d", "8", *keys)
        prober.hangs = False
        await told(pilot)
        assert prober.stopped == 1
        if keys == ("1",):
            await told(pilot, "8")
            assert prober.asked == [Inside.CONNTRACK] * 2
            assert "172.30.0.10" in text(app)


async def test_an_error_is_said_in_the_tab(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """Who, doing what, why, and what would help; the other tabs are as they were."""
    del prober.answers[Inside.ROUTES]
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app, "4")
        assert text(app) == (
            "✖ pod shop/cart-5c9d8-7hk2p: cannot read routes: permission denied"
            " (needs CAP_SYS_ADMIN)"
        )
        await told(pilot, "5")
        assert "10.128.2.99" in text(app)


async def test_the_environment_is_read_on_demand(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """The key v shows names, then values, then neither; a secret never."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app, "9")
        assert Inside.ENVIRONMENT not in prober.asked
        assert "LISTEN" not in text(app)
        await told(pilot, "v")
        assert "LISTEN" in text(app)
        assert ":8080" not in text(app)
        await told(pilot, "v")
        assert ":8080" in text(app)
        assert "hunter2" not in text(app)
        await told(pilot, "v")
        assert "LISTEN" not in text(app)
        assert prober.asked == [Inside.CONTAINERS, Inside.ENVIRONMENT]


async def test_a_port_has_a_tab_of_its_own(app: OcnetviewApp) -> None:
    """With OVSDB's columns; and the tabs of its pod, where there is one."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PORTS, "br0/vxlan0")
        await told(pilot, "d")
        assert tabs(app) == ["path", "port"]
        await told(pilot, "2")
        assert "tunnel to the other nodes" in text(app)
        await press(pilot, "escape", "2")
        app.go(PaneId.PORTS, "br0/veth9a3c59ac")
        await told(pilot, "d")
        assert tabs(app)[:3] == ["path", "port", "evidence"]
        assert tabs(app)[-1] == "containers"


async def test_a_process_has_its_own_limits_and_sockets(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """Its tab shows what the model knows of it, and what its cgroup allows."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "enter")
        await told(pilot, "d", "2")
        assert "/usr/bin/cart --config /etc/conf" in text(app)
        assert "/kubepods/pod4/cart" in text(app)
        await told(pilot, "8")
        assert prober.asked == [Inside.LIMITS, Inside.SOCKETS]
        assert {target.process for target in prober.targets} == {4170}


async def test_what_makes_no_sense_is_not_offered(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """A pod that ended has nothing inside; one on the node's network no veth."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, "uid-host")
        await told(pilot, "d")
        assert "host network: no veth, no bridge port" in " ".join(text(app).split())
        assert "interfaces" in tabs(app)
        ended = replace(
            node.pods_by_key["uid-host"],
            netns=None,
            host_network=False,
            containers=(),
            addresses=(),
        )
        pods = (p if p.key != "uid-host" else ended for p in node.pods)
        await show(pilot, replace(node, pods=tuple(pods)))
        assert tabs(app) == ["path", "evidence"]


async def test_it_follows_the_row(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """What becomes of it is shown at once, its end too."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app, "2")
        ended = (replace(p, status="Gone soon") for p in node.pods)
        await show(pilot, replace(node, pods=tuple(ended)))
        assert "Gone soon" in text(app)
        left = tuple(p for p in node.pods if p.key != CART)
        await show(pilot, replace(node, pods=left))
        assert text(app) == GONE
        assert "cart" in detail(app).title_text


async def test_the_links_of_the_way_are_watched_while_it_is_drawn(
    app: OcnetviewApp, feed: RememberingFeed, node: NodeModel
) -> None:
    """Those inside the pod too; on another tab, and once it is closed, none."""
    netns = node.pods_by_key[CART].netns
    assert netns
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app)
        assert feed.watched[-1] == {(netns, 3), (HOST, 24)}
        await told(pilot, "2")
        assert feed.watched[-1] == frozenset()
        await told(pilot, "1")
        assert feed.watched[-1] == {(netns, 3), (HOST, 24)}
        await press(pilot, "escape")
        assert feed.watched[-1] == frozenset()


async def test_a_loss_on_the_way_is_marked(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """Above all else it says what gets lost where; the hop bears the sign."""
    async with app.run_test(size=SIZE) as pilot:
        await open_cart(pilot, app)
        await show(pilot, losing(node))
        first, *others = text(app).splitlines()
        said = "480 of 500 packets/s from eth0 do not arrive here"
        assert first == f"✖ veth9a3c59ac: {said}"
        (hop,) = (line for line in others if line.startswith("✖"))
        assert "veth9a3c59ac" in hop


async def test_the_foot_says_the_source_and_the_age(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """Of what was read when that was; of what follows the model who tells it."""
    now = [AT + 0.5]
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        screen = DetailScreen(
            Subject(PaneId.PODS, CART),
            lambda: prober,
            app.looking.along,
            lambda: now[0],
        )
        await app.push_screen(screen)
        await told(pilot)
        assert foot(app).startswith("followed from rtnetlink")
        await told(pilot, "4")
        assert foot(app) == "rtnetlink in net:[4026532004], read just now"
        now[0] += 90
        screen.draw_foot()
        assert foot(app) == "rtnetlink in net:[4026532004], read 90s ago"


async def test_there_is_none_without_a_row(app: OcnetviewApp, show: Show) -> None:
    """With nothing selected the key does nothing, and the footer does not offer it."""
    async with app.run_test(size=SIZE) as pilot:
        await show(pilot, NodeModel())
        await press(pilot, "d")
        assert not isinstance(app.screen, DetailScreen)
        assert not app.check_action("do", ("detail",))
