"""What was captured is saved, and not lost by leaving."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.widgets import Input
from tui.capturer import TellingCapturer, talk
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.taking import dump, run_of, start, stopped, taking, tell

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.capture import CaptureScreen
from ocnetview.tui.screens.capture_ask import AskScreen
from ocnetview.tui.screens.capture_save import SaveScreen

SIZE = (120, 40)
PCAPNG = bytes.fromhex("0a0d0d0a")
"""What such a file begins with."""


@pytest.fixture
def app(feed: RememberingFeed, capturer: TellingCapturer) -> OcnetviewApp:
    """Return an app whose packets come from there."""
    return taking(feed, capturer)


def saving(app: OcnetviewApp) -> SaveScreen:
    """Return the question where to save."""
    assert isinstance(app.screen, SaveScreen)
    return app.screen


def told(app: OcnetviewApp) -> Region:
    """Return where it is told what was done; of no size where nothing is."""
    return next((toast.region for toast in app.screen.query("Toast")), Region())


async def test_it_is_saved_where_the_user_says(
    app: OcnetviewApp, capturer: TellingCapturer, tmp_path: Path
) -> None:
    """Key w offers a name with the pod in it; then nothing is asked on leaving."""
    file = tmp_path / "cart.pcapng"
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await stopped(pilot, "x")
        await press(pilot, "w")
        name = saving(app).query_one(Input).value
        assert name.startswith("./ocnetview-shop-cart-5c9d8-7hk2p-2026")
        saving(app).query_one(Input).value = str(file)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
        data = file.read_bytes()
        assert data.startswith(PCAPNG)
        assert b"shop/cart-5c9d8-7hk2p" in data
        assert b"veth9a3c59ac" in data
        assert f"saved in {file}" in dump(app)
        await press(pilot, "escape")
        assert not app.screen.is_modal


async def test_the_end_of_a_long_name_is_in_sight(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """The line goes on to where is typed, in a small terminal too."""
    async with app.run_test(size=(60, 24)) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "w")
        line = saving(app).query_one(Input)
        assert len(line.value) > line.size.width
        assert line.value[-20:] in dump(app)
        await press(pilot, "x")
        assert line.value.endswith(".pcapngx")


async def test_what_was_saved_hides_nothing(
    app: OcnetviewApp, capturer: TellingCapturer, tmp_path: Path
) -> None:
    """It is told above the lines that say where packets are and what keys do."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "w")
        saving(app).query_one(Input).value = str(tmp_path / "cart.pcapng")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
        foot = app.screen.query_one("#foot").region
        await until(pilot, lambda: told(app).height > 0)
        assert told(app).bottom <= foot.y


async def test_no_file_is_replaced(
    app: OcnetviewApp, capturer: TellingCapturer, tmp_path: Path
) -> None:
    """A file that is there stays as it is; the name can be changed and saved to."""
    file = tmp_path / "mine"
    file.write_text("mine")
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "w")
        saving(app).query_one(Input).value = str(file)
        await press(pilot, "enter")
        await until(pilot, lambda: "already" in saving(app).said)
        assert file.read_text() == "mine"
        await press(pilot, "end", "2", "enter")
        await until(pilot, lambda: isinstance(app.screen, CaptureScreen))
        assert (tmp_path / "mine2").read_bytes().startswith(PCAPNG)


async def test_a_full_disk_loses_nothing(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Why it cannot be written is said, the packets stay, and so does what is typed."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "w")
        saving(app).query_one(Input).value = "/dev/full/file"
        await press(pilot, "enter")
        await until(pilot, lambda: "✖" in saving(app).said)
        assert "Not a directory" in saving(app).said
        assert saving(app).query_one(Input).value == "/dev/full/file"
        await press(pilot, "escape")
        assert run_of(app).unsaved
        assert "7 packets in memory, not saved" in dump(app)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_asks_before_packets_are_lost(
    app: OcnetviewApp, capturer: TellingCapturer, key: str
) -> None:
    """From the panes: escape stays, d leaves without them and ends the capture."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "escape", "k", key)
        assert isinstance(app.screen, AskScreen)
        assert "7 packets, only in" in dump(app)
        await press(pilot, "escape")
        assert app.is_running
        await press(pilot, key, "d")
        await until(pilot, lambda: app._exit)
    assert capturer.stopped.acquire(timeout=10)


async def test_quitting_from_the_packets_asks_too(
    app: OcnetviewApp, capturer: TellingCapturer, tmp_path: Path
) -> None:
    """The key w there saves them first, and then leaves."""
    file = tmp_path / "cart.pcapng"
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "ctrl+q", "w")
        saving(app).query_one(Input).value = str(file)
        await press(pilot, "enter")
        await until(pilot, lambda: app._exit)
    assert file.read_bytes().startswith(PCAPNG)
    assert capturer.stopped.acquire(timeout=10)


async def test_a_file_needs_no_saving(
    app: OcnetviewApp, capturer: TellingCapturer, tmp_path: Path
) -> None:
    """Of a capture into a file the question is only whether to stop it."""
    file = tmp_path / "cart.pcapng"
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot, "shift+tab", "right", "tab", *str(file))
        assert run_of(app).order.file == str(file)
        await tell(pilot, capturer, talk())
        assert f"in {file}" in dump(app)
        await press(pilot, "escape", "k", "q")
        assert "its file is complete" in dump(app)
        await press(pilot, "x")
        await until(pilot, lambda: app._exit)
    assert capturer.stopped.acquire(timeout=10)


async def test_without_a_capture_nothing_is_asked(app: OcnetviewApp) -> None:
    """The key q just leaves."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "q")
        await until(pilot, lambda: app._exit)
