"""The setup of a capture: where, what of it, how long, and where it is kept."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input
from tui.capturer import TellingCapturer
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.probing import TellingProber
from tui.taking import TUNNEL, dump, open_setup, run_of, setup, taking
from tui.trees import threaded

from ocnetview.facts.asked import Inside
from ocnetview.facts.packets import CaptureOrder
from ocnetview.match.branches import container_of_branch, pod_of_branch
from ocnetview.node import RecordedNode
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.capture import CaptureScreen
from ocnetview.tui.screens.capture_form import COMMON
from ocnetview.tui.screens.help import HelpScreen
from ocnetview.tui.selection import PaneId

SIZE = (120, 40)
CART = "uid-4"
HOST_POD = 10
"""The row of the pod in the node's own network."""


@pytest.fixture
def prober() -> TellingProber:
    """Return what tells of sockets."""
    return TellingProber()


@pytest.fixture
def app(
    feed: RememberingFeed, capturer: TellingCapturer, prober: TellingProber
) -> OcnetviewApp:
    """Return an app whose packets come from there."""
    return taking(feed, capturer, prober)


@pytest.mark.skipif(not shutil.which("tcpdump"), reason="tcpdump is not there")
@pytest.mark.parametrize("text", COMMON)
def test_each_filter_that_is_offered_is_one(text: str) -> None:
    """Libpcap understands it: nobody is offered what is refused then."""
    asked = ("tcpdump", "-y", "EN10MB", "-d", text)
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_the_pods_own_veth_comes_first(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Enter captures there, with limits of time, size and length, in memory."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
    (order,) = capturer.orders
    (spot,) = order.spots
    assert (spot.ifname, spot.owner) == ("veth9a3c59ac", "shop/cart-5c9d8-7hk2p")
    wanted = CaptureOrder((spot,), node="node-1")
    assert order == wanted


@pytest.mark.parametrize(
    ("pane", "down", "ifname"),
    [("1", 0, TUNNEL), ("1", 6, "veth9a3c59ac"), ("3", 1, "veth9a3c51e0")],
    ids=["tunnel", "port", "process"],
)
async def test_every_kind_of_row_has_a_place(
    app: OcnetviewApp, capturer: TellingCapturer, pane: str, down: int, ifname: str
) -> None:
    """A port's own device, and the veth of the pod that a process is in."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot, pane=pane, down=down)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
    assert [spot.ifname for spot in capturer.orders[0].spots] == [ifname]


@pytest.mark.parametrize("of", [pod_of_branch, container_of_branch])
async def test_a_branch_of_the_nodes_tree_leads_to_its_pod(
    app: OcnetviewApp,
    capturer: TellingCapturer,
    of: Callable[[str], str | None],
) -> None:
    """A pod's branch, and a container's, are captured as the pod is."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "3", "w")
        keys = app.pane(PaneId.PROCESSES).table.rows.keys
        mine = [key for key in keys if pod_of_branch(key) == CART and of(key)]
        app.go(PaneId.PROCESSES, mine[0])
        await press(pilot, "c")
        await until(pilot, lambda: not setup(app).is_busy)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
    assert [spot.ifname for spot in capturer.orders[0].spots] == ["veth9a3c59ac"]


async def test_a_thread_is_captured_as_its_process(
    app: OcnetviewApp, feed: RememberingFeed
) -> None:
    """The row of a thread leads to where its process is captured."""
    feed.model = threaded(feed.model)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        app.go(PaneId.PODS, CART)
        await press(pilot, "3", "t")
        keys = app.pane(PaneId.PROCESSES).table.rows.keys
        app.go(PaneId.PROCESSES, next(key for key in keys if "/" in key))
        await press(pilot, "c")
        await until(pilot, lambda: not setup(app).is_busy)
        assert "veth9a3c59ac" in dump(app)


async def test_a_wrong_filter_is_told_before_it_begins(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """What tcpdump says of it is shown; what was typed stays, and can be corrected."""
    capturer.refused["tcp prot 80"] = "syntax error in filter expression"
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "slash", *"tcp prot 80".replace(" ", "_"))
        setup(app).fields.filter.value = "tcp prot 80"
        await press(pilot, "enter")
        await until(pilot, lambda: bool(setup(app).fields.error))
        assert "✖ filter “tcp prot 80”: cannot use it: syntax error" in dump(app)
        assert setup(app).fields.filter.value == "tcp prot 80"
        assert not capturer.orders
        setup(app).fields.filter.value = "tcp port 80"
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
        assert run_of(app).order.filter == "tcp port 80"


@pytest.mark.parametrize("keys", [("x",), ("backspace",), ("ctrl+u",), ("down",)])
async def test_what_was_wrong_goes_with_its_text(
    app: OcnetviewApp, capturer: TellingCapturer, keys: tuple[str, ...]
) -> None:
    """Another filter typed, shortened, emptied or taken is not called wrong."""
    capturer.refused["bad"] = "syntax error in filter expression"
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "slash", *"bad", "enter")
        await until(pilot, lambda: bool(setup(app).fields.error))
        await press(pilot, *keys)
        assert setup(app).fields.filter.value != "bad"
        assert "✖" not in dump(app)


async def test_a_missing_path_is_not_missed_in_memory(app: OcnetviewApp) -> None:
    """To keep packets in memory again takes back what was said of the file."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "shift+tab", "right", "enter")
        assert "type the path of the file" in dump(app)
        await press(pilot, "left")
        assert "✖" not in dump(app)


@pytest.mark.parametrize("keys", [("question_mark",), ("slash", "f1")])
@pytest.mark.parametrize("size", [(80, 24), SIZE])
async def test_its_keys_are_in_the_help(
    app: OcnetviewApp, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    """The frame offers it; it says first what can be done there, then leads back."""
    async with app.run_test(size=size) as pilot:
        await open_setup(pilot)
        assert "? helps" in dump(app)
        await press(pilot, *keys)
        assert isinstance(app.screen, HelpScreen)
        lines = app.screen.text.plain.splitlines()
        assert lines[0] == "Where you are: the setup of a capture"
        assert "Where the filter is typed" in "\n".join(lines[:8])
        await press(pilot, "escape")
        assert setup(app).fields.chosen


async def test_what_is_missing_is_told_at_once(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Without tcpdump the setup says so before anything is typed, and after."""
    capturer.unfit = "no tcpdump was found"
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        assert "cannot capture: no tcpdump was found (apt install tcpdump)" in dump(app)
        assert setup(app).fields.chosen
        await press(pilot, "slash", *"tcp")
        assert "no tcpdump was found" in dump(app)


async def test_a_capture_that_does_not_begin_leaves_all_as_it_was(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Why is said in the setup, with what was typed; the next try may begin."""
    capturer.fails = "you don't have permission"
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "slash", *"tcp", "enter")
        await until(pilot, lambda: bool(setup(app).fields.error))
        assert "you don't have permission" in dump(app)
        assert setup(app).fields.filter.value == "tcp"
        assert app.capturing.run is None
        capturer.fails = ""
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))


async def test_a_host_network_pod_is_told_by_its_sockets(
    app: OcnetviewApp, capturer: TellingCapturer, prober: TellingProber
) -> None:
    """They are read first; the node's uplink is captured at, with what they have."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot, down=HOST_POD)
        assert prober.asked == [Inside.SOCKETS]
        assert "ens3: (src host " in dump(app)
        assert "tcp src port 8080" in dump(app)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
        assert "none dropped, only (src host " in dump(app)
        assert " · only its own sockets" in dump(app)
        assert "no filter" not in dump(app)
    (spot,) = capturer.orders[0].spots
    assert spot.ifname == "ens3"
    assert spot.filter.endswith("tcp dst port 8080)")


async def test_reading_sockets_can_be_ended(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """Meanwhile the setup says what it waits for; escape closes it."""
    prober.hangs = True
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "2", "g", *["j"] * HOST_POD, "c")
        assert "reading sockets…" in dump(app)
        await press(pilot, "escape")
        await until(pilot, lambda: prober.stopped == 1)
        assert not app.screen.is_modal


async def test_sockets_that_cannot_be_read_are_told(
    app: OcnetviewApp, prober: TellingProber
) -> None:
    """Without them there is no filter, so nothing is captured."""
    del prober.answers[Inside.SOCKETS]
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot, down=HOST_POD)
        assert "cannot read sockets: permission denied" in dump(app)
        await press(pilot, "enter")
        assert app.capturing.run is None


async def test_common_filters_are_offered(app: OcnetviewApp) -> None:
    """Up and down go through them in the filter's line; the last one used is first."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "slash", "down")
        assert setup(app).fields.filter.value == "tcp"
        await press(pilot, "up")
        assert not setup(app).fields.filter.value
        await press(pilot, *"arp", "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
        await press(pilot, "x")
        await until(pilot, lambda: run_of(app).is_over)
        await press(pilot, "escape")
        await open_setup(pilot)
        assert not setup(app).fields.filter.value
        await press(pilot, "slash", "down")
        assert setup(app).fields.filter.value == "arp"


async def test_a_place_is_not_compared_with_itself(app: OcnetviewApp) -> None:
    """What is chosen above is not offered below: the tunnel is the first there."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        rows = setup(app).fields.second.rows
        names = [row.cells()[0] for row in rows]
        assert names[:3] == ["nothing", "vxlan_sys_4789", "eth0"]
        await press(pilot, "j")
        names = [row.cells()[0] for row in setup(app).fields.second.rows]
        assert names[:3] == ["nothing", "vxlan_sys_4789", "veth9a3c59ac"]


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("seconds", "soon", "seconds: soon is no whole number"),
        ("count", "-1", "packets: -1 is no whole number"),
        ("size", "0", "MB: what is kept has to have a limit"),
        ("snaplen", "1e3", "bytes of each: 1e3 is no whole number"),
        ("snaplen", "262145", "bytes of each: 262144 at most; nothing is for all"),
        ("seconds", "9" * 30, "is no whole number"),
    ],
)
async def test_what_is_no_limit_is_told(
    app: OcnetviewApp, field: str, text: str, words: str
) -> None:
    """Nothing begins, and what was typed stays."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        line = setup(app).query_one(f"#{field}", Input)
        line.value = text
        await press(pilot, "enter")
        assert words in dump(app)
        assert line.value == text
        assert app.capturing.run is None


async def test_a_ring_of_files_is_chosen(
    app: OcnetviewApp, capturer: TellingCapturer, tmp_path: Path
) -> None:
    """It wants a path and more than one file."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "shift+tab", "right", "right", "enter")
        assert "type the path of the file" in dump(app)
        await press(pilot, "tab", *str(tmp_path / "ring"), "tab", "end", "backspace")
        await press(pilot, "1", "enter")
        assert "a ring has two files at least" in dump(app)
        await press(pilot, "end", "backspace", "3", "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
    assert (capturer.orders[0].file, capturer.orders[0].ring) == (
        str(tmp_path / "ring"),
        3,
    )


async def test_a_recording_has_no_packets(feed: RememberingFeed) -> None:
    """The setup says so."""
    app = OcnetviewApp(feed, tools=RecordedNode(()))
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        assert "a recording holds no packets (look at a live node)" in dump(app)


async def test_without_a_row_nothing_is_captured() -> None:
    """The command is not offered where it leads nowhere."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "c")
        assert not app.screen.is_modal
