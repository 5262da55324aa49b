"""Pictures of a capture: setup, packets, two places, a packet, how it ended.

They are taken anew and looked at as those of the other screens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest
from textual.pilot import Pilot
from tui.capturer import TellingCapturer, talk, two_hops
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.probing import TellingProber
from tui.taking import open_setup, run_of, setup, start, stopped, taking, tell

from ocnetview.config import Settings
from ocnetview.facts.packets import Packet
from ocnetview.tui.app import OcnetviewApp

Snap = Callable[..., bool]
SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=["80x24", "120x40", "200x60"]
)
TUNNEL = ("tab", "j")
"""What chooses the tunnel to compare with."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How a capture comes to what is on its picture."""

    begin: Sequence[str] = ()
    """Keys in the setup."""
    packets: Sequence[Packet] = ()
    dropped: int = 0
    seconds: float = 12.0
    """How long it runs."""
    stop: Sequence[str] = ()
    """Keys that stop it; none where it goes on."""
    failed: str = ""
    """Why it ended by itself, otherwise than was ordered."""
    then: Sequence[str] = field(default=())
    """Keys at last."""


SCENES = {
    "live": Scene(packets=talk() * 12),
    "dropping": Scene(("slash", *"tcp"), talk(), 1234),
    "two": Scene(TUNNEL, two_hops(), stop=("x",)),
    "two_running": Scene(TUNNEL, two_hops(), seconds=0.4),
    "lost": Scene(TUNNEL, two_hops(), stop=("x",), then=("l",)),
    "packet": Scene(packets=talk(), then=("home", "enter")),
    "lost_packet": Scene(TUNNEL, two_hops(), stop=("x",), then=("l", "enter")),
    "filtered": Scene(packets=talk(), then=("slash", *"to:cart", "enter")),
    "wrong_filter": Scene(packets=talk(), then=("slash", *"foo:x")),
    "held": Scene(packets=talk(), then=("p",)),
    "failed": Scene(packets=talk(), failed="shop/cart is gone, and its network"),
    "leaving": Scene(packets=talk(), then=("escape",)),
    "behind": Scene(packets=talk(), then=("escape", "k")),
    "quitting": Scene(packets=talk(), then=("escape", "k", "q")),
}


async def play(pilot: Pilot[None], capturer: TellingCapturer, scene: Scene) -> None:
    """Bring an app to a scene."""
    app = pilot.app
    assert isinstance(app, OcnetviewApp)
    await start(pilot, *scene.begin)
    await tell(pilot, capturer, scene.packets, scene.dropped)
    capturer.now += scene.seconds
    # What became of the last packets is known some time after them.
    await tell(pilot, capturer, ())
    app.capturing.tell()
    if scene.failed:
        capturer.end(scene.failed, failed=True)
        await until(pilot, lambda: run_of(app).is_over)
    if scene.stop:
        await stopped(pilot, *scene.stop)
    await press(pilot, *scene.then)
    await pilot.pause()


def playing(
    capturer: TellingCapturer, scene: Scene
) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what brings an app to a scene."""

    async def run(pilot: Pilot[None]) -> None:
        await play(pilot, capturer, scene)

    return run


@SIZES
@pytest.mark.parametrize("scene", SCENES)
def test_capture(
    snap_compare: Snap, feed: RememberingFeed, scene: str, size: tuple[int, int]
) -> None:
    """Packets live, held, filtered, lost between two places, and what is asked."""
    capturer = TellingCapturer()
    run = playing(capturer, SCENES[scene])
    assert snap_compare(taking(feed, capturer), terminal_size=size, run_before=run)


@SIZES
@pytest.mark.parametrize("keys", [(), ("tab", "tab")], ids=["first", "filter"])
def test_setup(
    snap_compare: Snap,
    feed: RememberingFeed,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    """Where packets of a pod can be captured, and what with the limits."""

    async def run(pilot: Pilot[None]) -> None:
        await open_setup(pilot)
        await press(pilot, *keys)

    app = taking(feed, TellingCapturer())
    assert snap_compare(app, terminal_size=size, run_before=run)


@SIZES
def test_refused(
    snap_compare: Snap, feed: RememberingFeed, size: tuple[int, int]
) -> None:
    """A wrong filter, for a ring of files: what tcpdump says of it."""
    capturer = TellingCapturer()
    capturer.refused["tcp prot"] = "syntax error in filter expression: tcp prot"

    async def run(pilot: Pilot[None]) -> None:
        await open_setup(pilot)
        await press(pilot, "shift+tab", "left", "tab", *"/tmp/cart.pcapng")
        await press(pilot, *["shift+tab"] * 6, *"tcp", "space", *"prot", "enter")
        app = pilot.app
        assert isinstance(app, OcnetviewApp)
        await until(pilot, lambda: bool(setup(app).fields.error))

    app = taking(feed, capturer)
    assert snap_compare(app, terminal_size=size, run_before=run)


@SIZES
def test_reading_sockets(
    snap_compare: Snap, feed: RememberingFeed, size: tuple[int, int]
) -> None:
    """The setup of a pod in the node's own network, while its sockets are read."""
    prober = TellingProber()
    prober.hangs = True

    async def run(pilot: Pilot[None]) -> None:
        await press(pilot, "2", "g", *["j"] * 10, "c")

    app = taking(feed, TellingCapturer(), prober)
    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("scene", ["two", "failed"])
@pytest.mark.parametrize(
    "settings",
    [Settings(ascii=True), Settings(theme="no-colour")],
    ids=["plain", "no-colour"],
)
def test_looks(
    snap_compare: Snap, feed: RememberingFeed, scene: str, settings: Settings
) -> None:
    """Plain letters are enough, and signs and words say what colours say."""
    capturer = TellingCapturer()
    run = playing(capturer, SCENES[scene])
    app = taking(feed, capturer, settings=settings)
    assert snap_compare(app, terminal_size=(120, 40), run_before=run)
