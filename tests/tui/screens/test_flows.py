"""The flows of a row: read, read again, shown with names or raw."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from tui.clicking import click_text
from tui.conftest import RememberingFeed
from tui.driving import CART, SIZE, press, until
from tui.probing import AT, TellingTools
from tui.switches import (
    CART_ADDRESS,
    FAULTY,
    HEALTHY,
    TellingSwitch,
    kept,
    opened,
    screen,
)

from ocnetview.match.branches import pod_of_branch
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.flow_reading import pause_after
from ocnetview.tui.screens.flows import GONE, NO_PORT, FlowsScreen
from ocnetview.tui.screens.help import HelpScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.tabs.subject import Subject

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]


@pytest.fixture
def switch() -> TellingSwitch:
    """Return a switch with the flows of a healthy pod."""
    return TellingSwitch()


@pytest.fixture
def app(feed: RememberingFeed, switch: TellingSwitch) -> OcnetviewApp:
    """Return an app that is given the node, and has a switch to ask."""
    return OcnetviewApp(feed, tools=TellingTools(switch=switch))


async def test_the_key_leads_to_the_flows_of_the_pod(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """Asked for by port and address, and shown by table with pods by name."""
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app)
        text = screen(app).text.plain
        assert "table 70 · IP to a pod of this node" in text
        assert "in_port=shop/cart-5c9d8-7hk2p, nw_src=10.128.2.14" in text
        assert "6 entries" in text
        assert {"in_port=7", f"ip,nw_dst={CART_ADDRESS}"} <= set(switch.asked[0])
        assert screen(app).foot.plain.startswith("ovs-ofctl of br0, read ")


@pytest.mark.parametrize(
    ("pane", "key"), [("ports", "br0/veth9a3c59ac"), ("processes", "4170@29190")]
)
async def test_a_port_and_a_process_lead_to_the_same(
    app: OcnetviewApp, switch: TellingSwitch, pane: str, key: str
) -> None:
    """What is asked about the pod's port, or a process of the pod, is the pod's."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot)
        app.go(PaneId(pane), key)
        await press(pilot, "F")
        await until(pilot, lambda: screen(app).reading is not None)
        assert "in_port=7" in switch.asked[0]


async def test_a_branch_of_the_node_s_tree_leads_to_its_pod(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """The pod's flows, as from the pod's own row."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "3", "w")
        keys = app.pane(PaneId.PROCESSES).table.rows.keys
        app.go(PaneId.PROCESSES, next(k for k in keys if pod_of_branch(k) == CART))
        await press(pilot, "F")
        await until(pilot, lambda: screen(app).reading is not None)
        assert "in_port=7" in switch.asked[0]


async def test_a_row_on_no_such_bridge_does_not_offer_it(app: OcnetviewApp) -> None:
    """Neither a pod of the node's own network, nor one on a Linux bridge."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        for key in ("uid-host", next(p.key for p in app.model.pods if not p.namespace)):
            app.go(PaneId.PODS, key)
            await press(pilot, "F")
            assert not isinstance(app.screen, FlowsScreen)


async def test_what_is_amiss_is_marked(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """What is missing with the match that should be there, what is stale with why."""
    switch.text = FAULTY
    async with app.run_test(size=SIZE) as pilot:
        await kept(pilot, app, switch)
        text = screen(app).text.plain
        assert "2 missing, 1 stale" in text
        assert re.search(rf"missing +arp, arp_tpa={CART_ADDRESS}\n", text)
        assert "stale: leads to port 5 (openshift-ingress/router" in text
        assert text.count("✖") == 3


async def test_raw_is_one_key_away(app: OcnetviewApp, switch: TellingSwitch) -> None:
    """The lines as ovs-ofctl prints them, and back; nothing is asked for it."""
    async with app.run_test(size=SIZE) as pilot:
        await kept(pilot, app, switch, "v")
        count = len(switch.asked)
        raw = screen(app).text.plain
        assert raw.startswith(
            "ovs-ofctl of br0:\n cookie=0x0, duration=60.000s, table=20,"
        )
        assert f"priority=100,arp,arp_tpa={CART_ADDRESS} actions=output:7" in raw
        await press(pilot, "v")
        assert "table 70 · " in screen(app).text.plain
        assert len(switch.asked) == count


async def test_it_is_read_again_by_itself_and_has_rates_then(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """Ten packets came within the second between two answers."""
    subject = Subject(PaneId.PODS, CART)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        shown = FlowsScreen(subject, lambda: switch, lambda: AT, pause=lambda _: 0.01)
        await app.push_screen(shown)
        await until(pilot, lambda: len(switch.asked) > 3)
        await until(pilot, lambda: bool(shown.reading and shown.reading.views))
        await until(pilot, lambda: " 10    900 " in shown.text.plain)
        assert "drops now" in shown.text.plain
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(app.screen, FlowsScreen))


@pytest.mark.parametrize(("took", "pause"), [(0.0, 2.0), (0.1, 2.0), (1.5, 15.0)])
def test_reading_takes_a_tenth_of_the_time_at_most(took: float, pause: float) -> None:
    """And it is never more often than every two seconds."""
    assert pause_after(took) == pause


async def test_r_reads_again_at_once(app: OcnetviewApp, switch: TellingSwitch) -> None:
    """Without waiting for the pause to end."""
    async with app.run_test(size=SIZE) as pilot:
        await kept(pilot, app, switch, "r")
        await until(pilot, lambda: len(switch.asked) == 2)


async def test_escape_ends_the_first_reading_then_closes(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """The one who reads is told to stop; nothing is left running."""
    switch.hangs = True
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "F")
        await until(pilot, lambda: bool(switch.asked))
        assert screen(app).text.plain == "reading the flows…"
        await press(pilot, "escape")
        await until(pilot, lambda: switch.stopped == 1)
        assert "the reading was ended; r reads again" in screen(app).text.plain
        await press(pilot, "escape")
        assert not isinstance(app.screen, FlowsScreen)


async def test_closing_ends_the_reading(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """Nobody is left who waits for the switch."""
    switch.hangs = True
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "F")
        await until(pilot, lambda: bool(switch.asked))
        await press(pilot, "q")
        await until(pilot, lambda: switch.stopped == 1)


async def test_a_failure_is_told_and_what_was_read_stays(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """Who, doing what, why, and what would help; below it what was known before."""
    async with app.run_test(size=SIZE) as pilot:
        await kept(pilot, app, switch)
        switch.failure = "no\x1b[31m right"
        await press(pilot, "r")
        await until(pilot, lambda: "cannot" in screen(app).text.plain)
        text = screen(app).text.plain
        why = r"✖ bridge br0: cannot read its flows: no\x1b[31m right (run as root)"
        assert text.startswith(why)
        assert "table 70 · " in text


async def test_what_lost_its_port_is_told(
    app: OcnetviewApp, feed: RememberingFeed, show: Show, switch: TellingSwitch
) -> None:
    """Whether the row is gone, or only its port."""
    async with app.run_test(size=SIZE) as pilot:
        await kept(pilot, app, switch)
        await show(pilot, replace(feed.model, bridges=()))
        await press(pilot, "r")
        await until(pilot, lambda: NO_PORT in screen(app).text.plain)
        await show(pilot, NodeModel())
        await press(pilot, "r")
        await until(pilot, lambda: GONE in screen(app).text.plain)


async def test_a_big_table_is_bounded(app: OcnetviewApp, switch: TellingSwitch) -> None:
    """How many more there are is told, and what is wrong is shown in any case."""
    line = " table=80, n_packets=1, n_bytes=2, priority={},ip actions=output:7"
    switch.text = "\n".join((HEALTHY, *map(line.format, range(1000, 3000))))
    async with app.run_test(size=SIZE) as pilot:
        await kept(pilot, app, switch)
        text = screen(app).text.plain
        assert "and 1951 more: v shows them raw" in text
        assert text.count("priority") == 0


async def test_the_question_mark_helps(app: OcnetviewApp) -> None:
    """The keys of here come first."""
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        assert app.screen.text.plain.startswith("Where you are: the flows of a row")


async def test_what_is_shown_can_be_copied(app: OcnetviewApp) -> None:
    """Names and raw lines alike, the commands, and what belongs to the row."""
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app, "v")
        shown = screen(app).text.plain
        await press(pilot, "y", "enter")
        await until(pilot, lambda: isinstance(app.screen, FlowsScreen))
        assert app.clipboard == shown
        assert "in_port=7" in shown
        await press(pilot, "y", "j", "enter")
        await until(pilot, lambda: isinstance(app.screen, FlowsScreen))
        lines = app.clipboard.splitlines()
        assert sum(line.startswith("#") for line in lines) == 7
        assert "dump-flows br0 in_port=7" in app.clipboard


async def test_nothing_is_read_while_another_screen_is_above(
    app: OcnetviewApp, switch: TellingSwitch
) -> None:
    """Nobody looks at it; once it is seen again it goes on."""
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app)
        shown = screen(app)
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        count = len(switch.asked)
        shown.due()
        await press(pilot)
        assert len(switch.asked) == count
        await press(pilot, "escape")
        shown.due()
        await until(pilot, lambda: len(switch.asked) > count)


async def test_the_mouse_does_the_same(app: OcnetviewApp) -> None:
    """A click on what the frame offers, and one beside it."""
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app)
        await click_text(pilot, "v raw")
        assert screen(app).raw
        await click_text(pilot, "esc closes")
        assert not isinstance(app.screen, FlowsScreen)
