"""Tracing from a row: where to, what came of it, and all that the keys do."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from tui.clicking import click_command, click_text
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.probing import TellingTools
from tui.tracing import TellingCluster, TellingSwitch, traceable

from ocnetview.errors import ProbeError
from ocnetview.model import NodeModel
from ocnetview.probes.base import Cluster
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.commands import BY_ID
from ocnetview.tui.screens.help import HelpScreen
from ocnetview.tui.screens.peers import PeersScreen
from ocnetview.tui.screens.trace import ENDED, TraceScreen
from ocnetview.tui.screens.trace_target import TargetScreen

TO_CART = ["j"] * 4
SIZE = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])


class CountingTools(TellingTools):
    """Tools that count how often a cluster was wanted."""

    clusters = 0

    def cluster(self) -> Cluster:
        """Return what was given, and count."""
        self.clusters += 1
        return super().cluster()


class Scene:
    """The app on the made-up node, with a switch and a cluster that answer."""

    def __init__(self, node: NodeModel) -> None:
        self.switch = TellingSwitch()
        self.cluster = TellingCluster()
        self.tools = CountingTools(switch=self.switch, cluster=self.cluster)
        feed = RememberingFeed(traceable(node))
        self.app = OcnetviewApp(feed, tools=self.tools)

    @property
    def picker(self) -> TargetScreen:
        """Return the box."""
        assert isinstance(self.app.screen, TargetScreen)
        return self.app.screen

    @property
    def trace(self) -> TraceScreen:
        """Return the answer."""
        assert isinstance(self.app.screen, TraceScreen)
        return self.app.screen

    def shown(self) -> str:
        """Return all that the screen draws."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(line.text for line in lines)

    async def told(self, pilot: Pilot[None], *keys: str) -> None:
        """Press keys, and wait until all that they ask for is answered."""
        await press(pilot, *keys)
        await self.app.workers.wait_for_complete()
        await pilot.pause()


@pytest.fixture
def scene(node: NodeModel) -> Scene:
    """Return the app and who answers it."""
    return Scene(node)


def typed(text: str) -> list[str]:
    """Return the keys of a text."""
    names = {"/": "slash", ":": "colon", ".": "full_stop", "-": "minus"}
    return [names.get(letter, letter) for letter in text]


@SIZE
async def test_from_a_row_to_a_pod_by_keys(scene: Scene, size: tuple[int, int]) -> None:
    """x, some letters, enter: both verdicts, the steps, the other way, and back."""
    async with scene.app.run_test(size=size) as pilot:
        await press(pilot, *TO_CART, "x")
        assert "shop/cart-5c9d8-7hk2p" in scene.shown()
        await press(pilot, *typed("web:8080"))
        await scene.told(pilot, "enter")
        assert "● there  delivered to shop/web" in scene.shown()
        assert "● back   delivered to shop/cart" in scene.shown()
        assert scene.trace.way is scene.trace.asking.ways[0]
        await press(pilot, "tab")
        assert scene.trace.way is scene.trace.asking.ways[1]
        await press(pilot, "1")
        assert scene.trace.place == 0
        await press(pilot, "escape")
        assert not isinstance(scene.app.screen, TraceScreen)
        assert "tcp_dst=8080" in scene.switch.asked[0][1]


@SIZE
async def test_all_of_it_by_the_mouse(scene: Scene, size: tuple[int, int]) -> None:
    """Footer, protocol, row, ways, raw, another target and the close: by clicks."""
    async with scene.app.run_test(size=size) as pilot:
        await press(pilot, *TO_CART)
        await click_command(pilot, "Trace")
        await click_text(pilot, " udp", 1)
        assert scene.picker.bar.current == "udp"
        await click_text(pilot, "shop/web", 1)
        await click_text(pilot, "enter traces", 1)
        await scene.told(pilot)
        assert "nw_dst=10.128.2.17" in scene.switch.asked[0][1]
        assert ",udp," in scene.switch.asked[0][1]
        await click_text(pilot, "2 ● back", 1)
        assert scene.trace.place == 1
        await click_text(pilot, "v raw", 1)
        assert scene.trace.raw
        await click_text(pilot, "x other target", 1)
        await until(pilot, lambda: isinstance(scene.app.screen, TargetScreen))
        await click_text(pilot, "escape closes", 1)
        assert not isinstance(scene.app.screen, TargetScreen)


async def test_nothing_typed_offers_all_pods(scene: Scene) -> None:
    """Who types nothing goes through all pods, those of the namespace first."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x")
        assert scene.picker.table.cursor == "uid-5"
        await scene.told(pilot, "down", "up", "down", "enter")
        assert "nw_dst=10.128.2.16" in scene.switch.asked[0][1]


async def test_tab_chooses_the_protocol(scene: Scene) -> None:
    """tcp, udp, icmp and round again, and back with shift."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", "tab", "tab")
        assert scene.picker.protocol == "icmp"
        await press(pilot, "tab")
        assert scene.picker.protocol == "tcp"
        await press(pilot, "shift+tab")
        await scene.told(pilot, "enter")
        assert scene.switch.asked[0][1].endswith("icmp_type=8,icmp_code=0")


async def test_what_nothing_answers_to(scene: Scene) -> None:
    """A text that may be nothing offers nothing, and enter does nothing."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("zzzz/"), "enter")
        assert scene.picker.table.rows.keys == ()


async def test_a_dropped_packet_has_its_rule_in_the_wrong_colour(scene: Scene) -> None:
    """The verdict and the rule that decided have the sign of what is wrong."""
    async with scene.app.run_test(size=(120, 60)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("prometheus"))
        await scene.told(pilot, "enter")
        assert "✖ there  dropped by table 80 of br0" in scene.shown()
        assert "[1 ✖ there]" in scene.shown()
        assert "✖ 80" in scene.trace.text.plain


async def test_raw_and_back(scene: Scene) -> None:
    """V shows what the switch wrote, with the command; v again the names."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("web"))
        await scene.told(pilot, "enter")
        await press(pilot, "v")
        assert scene.trace.text.plain.startswith("# ovs-appctl ofproto/trace br0 ")
        assert "Datapath actions" in scene.trace.text.plain
        await press(pilot, "v")
        assert "from pods" in scene.trace.text.plain


async def test_a_service_with_its_endpoints(scene: Scene) -> None:
    """The ways to the address and to each endpoint are there, by digits too."""
    async with scene.app.run_test(size=(200, 60)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("shop/web:80"), "end")
        await press(pilot, "pagedown", "pagedown")
        await scene.told(pilot, "enter")
        assert len(scene.trace.asking.ways) == 6
        assert "○ back" in scene.shown()
        await press(pilot, "5")
        assert "sent to node worker-2" in scene.shown()
        assert scene.cluster.asked == ["shop/web", "nodes"]


async def test_nodes_are_asked_for_once(scene: Scene) -> None:
    """Who asks again takes the names that are known: one cluster serves the screen."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("10.130.0.9"))
        await scene.told(pilot, "enter")
        await scene.told(pilot, "r")
        assert len(scene.switch.asked) == 4
        assert "node worker-2 (192.0.2.18)" in scene.shown()
        assert scene.tools.clusters == 1


async def test_names_that_nobody_tells(scene: Scene) -> None:
    """Without the API the trace stands, with the reason why nodes have no names."""
    scene.cluster.failure = ProbeError("cluster", "list its nodes", "no credential")
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("10.130.0.9"))
        await scene.told(pilot, "enter")
        assert "cluster: cannot list its nodes: no credential" in scene.shown()
        assert "sent to 192.0.2.18" in scene.shown()


async def test_a_switch_that_cannot_be_asked(scene: Scene) -> None:
    """Who, doing what, why, and what would help stand where the verdicts do."""
    scene.switch.failure = ProbeError("br0", "trace a packet", "denied", "be root")
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("web"))
        await scene.told(pilot, "enter")
        assert "✖ there  br0: cannot trace a packet: denied (be root)" in scene.shown()


async def test_a_pod_that_cannot_be_traced_says_why(scene: Scene) -> None:
    """A container on a Linux bridge is asked about nothing; the reason is shown."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("registry"))
        await scene.told(pilot, "enter")
        assert "Linux bridge docker0" in scene.shown()
        assert scene.switch.asked == []


async def test_a_target_has_its_name_until_it_is_answered(scene: Scene) -> None:
    """A container that cannot be traced is called by its name, not by its id."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("registry:80"))
        assert scene.picker.table.cursor not in ("", "registry-mirror")
        await scene.told(pilot, "enter")
        title = scene.trace.query_one("#frame").border_title
        assert str(title) == "Trace to registry-mirror:80"


async def test_a_service_that_there_is_not(scene: Scene) -> None:
    """The API's word is shown, with what was looked for here."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("shop/nobody"))
        await scene.told(pilot, "enter")
        assert "there is none of this name" in scene.shown()


async def test_escape_ends_the_asking_then_closes(scene: Scene) -> None:
    """A switch that hangs keeps nobody: the first escape ends it, r asks again."""
    scene.switch.hangs = True
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("web"), "enter")
        assert "asking the switch" in scene.shown()
        await scene.told(pilot, "escape")
        assert ENDED in scene.shown()
        scene.switch.hangs = False
        await scene.told(pilot, "r")
        assert "delivered to shop/web" in scene.shown()
        await press(pilot, "q")
        assert not isinstance(scene.app.screen, TraceScreen)


async def test_another_target_from_the_answer(scene: Scene) -> None:
    """X leads back to the box, with the same source."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("web"))
        await scene.told(pilot, "enter")
        await press(pilot, "x")
        await until(pilot, lambda: isinstance(scene.app.screen, TargetScreen))
        await scene.told(pilot, *typed("prometheus"), "enter")
        assert "dropped by table 80" in scene.shown()


async def test_copying_what_is_shown_and_the_commands(scene: Scene) -> None:
    """Y offers the text first, then a line for each way that asks the same."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("web"))
        await scene.told(pilot, "enter")
        shown = scene.trace.text.plain
        await press(pilot, "y", "enter")
        await until(pilot, lambda: isinstance(scene.app.screen, TraceScreen))
        assert scene.app.clipboard == shown
        await press(pilot, "y", "j", "enter")
        await until(pilot, lambda: isinstance(scene.app.screen, TraceScreen))
        lines = scene.app.clipboard.splitlines()
        asked = [line for line in lines if "ovs-appctl ofproto/trace" in line]
        assert len(asked) == 2
        assert scene.switch.asked[0][1] in asked[0]
        assert "--ct-next trk,est,rpl" in asked[1]


async def test_the_help_names_its_keys(scene: Scene) -> None:
    """? says what the keys do here, first of all."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART, "x", *typed("web"))
        await scene.told(pilot, "enter")
        await press(pilot, "question_mark")
        assert isinstance(scene.app.screen, HelpScreen)
        assert "Where you are: a trace" in scene.app.screen.text.plain


async def test_the_node_sends_from_its_own_port(scene: Scene) -> None:
    """From tun0's row it is the node that sends; a stale port's row sends nothing."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "G", "k")
        assert scene.app.selected.key == "br0/veth7e1f40aa"
        assert not BY_ID["trace"].can(scene.app)
        await press(pilot, "g", "j", "x")
        assert "from the node to" in scene.shown()
        await press(pilot, *typed("web"))
        await scene.told(pilot, "enter")
        assert scene.switch.asked[0][1].startswith("in_port=2,")


async def test_a_tunnel_shows_the_nodes_that_it_leads_to(scene: Scene) -> None:
    """From vxlan0's row x shows each peer with name and subnets, and what it lacks."""
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "g")
        await scene.told(pilot, "x")
        assert isinstance(scene.app.screen, PeersScreen)
        shown = scene.app.screen.text.plain
        assert "worker-2" in shown
        assert "10.130.0.0/23" in shown
        assert "nothing is sent to it" in shown
        await press(pilot, "escape")
        assert not isinstance(scene.app.screen, PeersScreen)


async def test_peers_that_cannot_be_read(scene: Scene) -> None:
    """Flows and names that are not told have their reasons; nothing else fails."""
    scene.switch.failure = ProbeError("br0", "read its flows", "permission denied")
    scene.cluster.failure = ProbeError("cluster", "list its nodes", "no credential")
    async with scene.app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "g")
        await scene.told(pilot, "x")
        assert isinstance(scene.app.screen, PeersScreen)
        shown = scene.app.screen.text.plain
        assert "permission denied" in shown
        assert "no credential" in shown


async def test_no_switch_no_trace(node: NodeModel) -> None:
    """On a node without Open vSwitch nobody is offered what leads nowhere."""
    linux = tuple(bridge for bridge in node.bridges if bridge.name == "docker0")
    app = OcnetviewApp(RememberingFeed(traceable(node)))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *TO_CART)
        assert BY_ID["trace"].can(app)
        app.publish(NodeModel(bridges=linux, pods=node.pods))
        await press(pilot)
        assert not BY_ID["trace"].can(app)
