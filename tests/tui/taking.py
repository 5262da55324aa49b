"""Takes a user to the packets of a pod, with a capturer that is told what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.pilot import Pilot
from tui.capturer import TellingCapturer
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.nodes import HOST
from tui.probing import TellingProber, TellingTools

from ocnetview.config import Settings
from ocnetview.facts import Link
from ocnetview.facts.packets import Packet
from ocnetview.model import NodeModel
from ocnetview.probes.base import Cluster
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.capture_run import Run
from ocnetview.tui.screens.capture import CaptureScreen
from ocnetview.tui.screens.capture_setup import CaptureSetup

TUNNEL = "vxlan_sys_4789"


def tunnelled(node: NodeModel) -> NodeModel:
    """Return the node with the kernel's device of its tunnels, and an uplink."""
    tunnel = Link(HOST, 9, TUNNEL, kind="vxlan", up=True)
    uplink = Link(HOST, 2, "ens3", up=True, addresses=("192.0.2.17/24",))
    return replace(node, links=(uplink, tunnel))


def taking(
    feed: RememberingFeed,
    capturer: TellingCapturer,
    prober: TellingProber | None = None,
    settings: Settings | None = None,
    cluster: Cluster | None = None,
) -> OcnetviewApp:
    """Return an app that draws each packet as it comes, at the time that it says."""
    feed.model = tunnelled(feed.model)
    app = OcnetviewApp(
        feed, settings, tools=TellingTools(prober, capturer, None, cluster)
    )
    app.capturing.pace = 0.0
    app.capturing.node = "node-1"
    app.capturing.clock = lambda: capturer.now
    return app


def dump(app: OcnetviewApp) -> str:
    """Return what the terminal shows."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(line.text.rstrip() for line in lines)


def setup(app: OcnetviewApp) -> CaptureSetup:
    """Return the setup that is above all."""
    assert isinstance(app.screen, CaptureSetup)
    return app.screen


def view(app: OcnetviewApp) -> CaptureScreen:
    """Return the list of packets that is above all."""
    assert isinstance(app.screen, CaptureScreen)
    return app.screen


def run_of(app: OcnetviewApp) -> Run:
    """Return the capture."""
    assert app.capturing.run
    return app.capturing.run


async def open_setup(pilot: Pilot[None], *, pane: str = "2", down: int = 4) -> None:
    """Press c on a row of a pane, by default the cart's, and wait for the spots."""
    app = pilot.app
    assert isinstance(app, OcnetviewApp)
    await press(pilot, pane, "g", *["j"] * down, "c")
    await until(pilot, lambda: not setup(app).is_busy)


async def start(pilot: Pilot[None], *keys: str) -> None:
    """Set up a capture of the cart, press these keys, and begin."""
    app = pilot.app
    assert isinstance(app, OcnetviewApp)
    await open_setup(pilot)
    await press(pilot, *keys, "enter")
    await until(pilot, lambda: isinstance(app.screen, CaptureScreen))


async def tell(
    pilot: Pilot[None],
    capturer: TellingCapturer,
    packets: Sequence[Packet],
    dropped: int = 0,
) -> None:
    """Have packets captured, and wait until they are taken in."""
    app = pilot.app
    assert isinstance(app, OcnetviewApp)
    given, wanted = capturer.given + 1, run_of(app).captured.total + len(packets)
    capturer.tell(packets, dropped)
    await until(pilot, lambda: capturer.given == given)
    await until(pilot, lambda: run_of(app).captured.total == wanted)
    await pilot.pause()


async def stopped(pilot: Pilot[None], *keys: str) -> None:
    """Press what stops the capture, and wait until it did."""
    app = pilot.app
    assert isinstance(app, OcnetviewApp)
    await press(pilot, *keys)
    await until(pilot, lambda: run_of(app).is_over)
    await pilot.pause()
