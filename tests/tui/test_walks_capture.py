"""From a pod to its packets and a file of them: by keys alone, by the mouse alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.capturer import TellingCapturer, talk, two_hops
from tui.clicking import click_key, click_row, click_text
from tui.conftest import RememberingFeed
from tui.driving import CART, press, until
from tui.taking import dump, run_of, setup, stopped, taking, tell, view

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.capture import CaptureScreen
from ocnetview.tui.screens.capture_packet import PacketScreen
from ocnetview.tui.screens.capture_save import SaveScreen

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture
def app(feed: RememberingFeed, capturer: TellingCapturer) -> OcnetviewApp:
    """Return an app whose packets come from there."""
    return taking(feed, capturer)


def listing(app: OcnetviewApp) -> bool:
    """Claim that the packets are above all."""
    return isinstance(app.screen, CaptureScreen)


@SIZES
async def test_by_keys(
    app: OcnetviewApp,
    capturer: TellingCapturer,
    size: tuple[int, int],
    tmp_path: Path,
) -> None:
    """Veth and tunnel side by side, a filter, what was lost, a packet, a file."""
    file = tmp_path / "f"
    async with app.run_test(size=size) as pilot:
        await press(pilot, *["j"] * 4, "c")
        await until(pilot, lambda: not setup(app).is_busy)
        await press(pilot, "tab", "j", "tab", *"tcp", "tab", "end", "0", "enter")
        await until(pilot, lambda: listing(app))
        order = run_of(app).order
        assert (order.filter, order.seconds, len(order.spots)) == ("tcp", 600.0, 2)
        await tell(pilot, capturer, two_hops())
        capturer.now += 10
        await stopped(pilot, "x")
        await press(pilot, "l")
        assert len(view(app).table.rows) == 2
        await press(pilot, "k", "enter")
        assert isinstance(app.screen, PacketScreen)
        assert "not seen at vxlan_sys_4789" in dump(app)
        await press(pilot, "escape", "w", "ctrl+u", *str(file), "enter")
        await until(pilot, lambda: listing(app))
        assert file.exists()
        await press(pilot, "escape", "escape")
        assert not app.screen.is_modal


@SIZES
async def test_by_the_mouse(
    app: OcnetviewApp, capturer: TellingCapturer, size: tuple[int, int]
) -> None:
    """Capture in the footer, a place and a filter by a click, and what frames offer."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click_row(pilot, "pods", CART)
        await click_key(pilot, "Capture")
        await until(pilot, lambda: not setup(app).is_busy)
        await click_text(pilot, "the interface itself")
        await click_text(pilot, " udp ", into=1)
        assert setup(app).fields.filter.value == "udp"
        await click_text(pilot, "a ring of files", into=2)
        assert setup(app).fields.form.keep == "ring"
        await click_text(pilot, "in memory", into=2)
        await click_text(pilot, "enter starts")
        await until(pilot, lambda: listing(app))
        assert [spot.ifname for spot in run_of(app).order.spots] == ["eth0"]
        await tell(pilot, capturer, talk())
        await click_text(pilot, "0.001250")
        await click_text(pilot, "enter packet")
        assert "10.128.2.17 port 40112" in dump(app)
        await click_text(pilot, "→ next")
        assert "10.128.2.14 port 8080" in dump(app)
        await click_text(pilot, "esc closes")
        await click_text(pilot, "p holds")
        await click_text(pilot, "p goes on")
        await click_text(pilot, "w saves")
        assert isinstance(app.screen, SaveScreen)
        await click_text(pilot, "esc does not")
        await click_text(pilot, "esc leaves")
        await click_text(pilot, "keep it running")
        await click_text(pilot, "● capture 7 packets")
        assert listing(app)
        await click_text(pilot, "x stops")
        await until(pilot, lambda: run_of(app).is_over)
        await click_text(pilot, "esc leaves")
        await click_text(pilot, "forget them")
        assert not app.screen.is_modal
        assert app.capturing.run is None
