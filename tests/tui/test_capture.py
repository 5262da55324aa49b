"""Packets on the screen: from a row to a capture, and what becomes of it."""

from __future__ import annotations

import pytest
from tui.capturer import TellingCapturer, flood, talk, two_hops
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.taking import dump, open_setup, run_of, start, stopped, taking, tell, view

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.capture import CaptureScreen
from ocnetview.tui.screens.capture_ask import AskScreen
from ocnetview.tui.screens.capture_packet import PacketScreen
from ocnetview.tui.screens.help import HelpScreen

SIZE = (120, 40)


@pytest.fixture
def app(feed: RememberingFeed, capturer: TellingCapturer) -> OcnetviewApp:
    """Return an app whose packets come from there."""
    return taking(feed, capturer)


def listed(app: OcnetviewApp) -> tuple[str, ...]:
    """Return the keys of the packets that are listed."""
    return tuple(view(app).table.rows.keys)


async def test_packets_are_listed_by_the_names_of_pods(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Each packet is a row, the head counts them, and addresses are pods."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        assert "no packets yet" in dump(app)
        await tell(pilot, capturer, talk())
        shown = dump(app)
        assert "veth9a3c59ac: 7 packets, 467B, none dropped" in shown
        assert "shop/web-84d5f-j4r7x:40112" in shown
        assert "shop/cart-5c9d8-7hk2p:8080" in shown
        assert listed(app) == tuple(map(str, range(7)))


async def test_drops_are_told_in_words(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """What the kernel dropped stands in the head, and in the bar behind the panes."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk(), dropped=37)
        assert "✖ 37 dropped by the kernel" in dump(app)
        await press(pilot, "escape", "k")
        assert "● capture 7 packets, 37 dropped" in dump(app)


async def test_the_list_follows_its_end(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """The newest is in sight until the user moves up, and again after end."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, flood(100))
        table = view(app).table
        assert table.cursor == "99"
        await press(pilot, "k", "k")
        await tell(pilot, capturer, flood(100, 100))
        assert table.cursor == "97"
        assert table.scroll_offset.y + table.lines == 100
        await press(pilot, "end")
        await tell(pilot, capturer, flood(10, 200))
        assert table.cursor == "209"
        assert table.scroll_offset.y + table.lines == 210


async def test_the_wheel_ends_the_following_too(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """What was scrolled into sight stays there."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, flood(200))
        table = view(app).table
        table.scroll_to(y=20, animate=False, immediate=True)
        await pilot.pause()
        await tell(pilot, capturer, flood(10, 200))
        assert table.scroll_offset.y == 20


async def test_the_list_is_held_while_the_capture_goes_on(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Held, nothing moves and what came since is counted; then all of it is there."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "space")
        await tell(pilot, capturer, flood(20))
        assert len(listed(app)) == 7
        assert "‖ held: 20 packets since" in dump(app)
        assert "27 packets" in dump(app)
        await press(pilot, "p")
        assert len(listed(app)) == 27


async def test_a_filter_keeps_what_comes_too(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """It holds for packets that come later; a wrong one is told, escape ends it."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "slash", *"proto:UDP")
        assert listed(app) == ("0",)
        await press(pilot, "enter")
        await tell(pilot, capturer, talk())
        assert listed(app) == ("0", "7")
        assert "2 shown by filter: proto:UDP" in dump(app)
        await press(pilot, "slash", "space", *"nope:x")
        assert "no nope: here" in dump(app)
        await press(pilot, "escape")
        assert len(listed(app)) == 14
        assert view(app).table.has_focus


async def test_escape_ends_the_filter_first(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """All packets are listed again, as the frame says before; then leaving is asked."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "slash", *"proto:UDP", "enter")
        assert "esc clears" in dump(app)
        await press(pilot, "escape")
        assert len(listed(app)) == 7
        assert "esc leaves" in dump(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, AskScreen)


async def test_a_packet_is_shown_in_full(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Enter gives its fields and bytes; arrows lead to others, escape back."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        table = view(app).table
        await press(pilot, "home", "enter")
        assert isinstance(app.screen, PacketScreen)
        shown = dump(app)
        assert "10.128.2.11 port 53" in shown
        assert "Bytes: 64 were kept, 23 more were not" in shown
        assert "0000  0a 58 0a 80 00 06 0a 58" in shown
        await press(pilot, "right")
        assert "10.128.2.17 port 40112" in dump(app)
        assert table.cursor == "1"
        await press(pilot, "left", "escape")
        assert view(app).table.cursor == "0"


def view_is(app: OcnetviewApp) -> bool:
    """Claim that the list is above all."""
    return isinstance(app.screen, CaptureScreen)


@pytest.mark.parametrize("key", ["x", "s", "ctrl+c"])
async def test_it_is_stopped(
    app: OcnetviewApp, capturer: TellingCapturer, key: str
) -> None:
    """The capturer is told to, the packets stay, and the head says how it ended."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await stopped(pilot, key)
        assert capturer.stopped.acquire(timeout=10)
        assert "○ ended: told to stop" in dump(app)
        assert len(listed(app)) == 7


async def test_how_it_failed_is_said(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """A capture that ends otherwise than was ordered keeps its packets, in red."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        capturer.end("veth9a3c59ac is gone", failed=True)
        await until(pilot, lambda: run_of(app).is_over)
        await pilot.pause()
        assert "✖ failed: veth9a3c59ac is gone" in dump(app)
        assert len(listed(app)) == 7
        await press(pilot, "escape", "k")
        assert "✖ capture failed: 7 packets" in dump(app)


async def test_it_goes_on_behind_the_panes(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Leaving asks; the bar counts on, c comes back, and no second one begins."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "escape")
        assert isinstance(app.screen, AskScreen)
        await press(pilot, "escape")
        assert view_is(app)
        await press(pilot, "q", "k")
        assert not app.screen.is_modal
        await tell(pilot, capturer, flood(1227))
        assert "● capture 1,234 packets" in dump(app)
        await press(pilot, "g", "c")
        assert len(listed(app)) == 1234
        assert len(capturer.orders) == 1


async def test_leaving_can_stop_it_or_end_it(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Key x stops and stays; d leaves nothing behind."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await stopped(pilot, "escape", "x")
        assert view_is(app)
        await press(pilot, "escape", "d")
        assert not app.screen.is_modal
        assert app.capturing.run is None
        assert "capture" not in dump(app)


async def test_a_capture_without_packets_is_left_at_once(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Where nothing can be lost nothing is asked."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await stopped(pilot, "x")
        assert "no packets were captured" in dump(app)
        await press(pilot, "escape")
        assert not app.screen.is_modal
        assert capturer.stopped.acquire(timeout=10)


async def test_another_one_begins_with_the_same_choices(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Key n asks what becomes of the packets, then offers what was typed before."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot, "slash", *"tcp")
        await tell(pilot, capturer, talk())
        await press(pilot, "n")
        assert view_is(app)
        await stopped(pilot, "x")
        await press(pilot, "n", "d")
        await press(pilot)
        await until(pilot, lambda: "CAPTURE AT" in dump(app))
        await until(pilot, lambda: "veth9a3c59ac" in dump(app))
        await press(pilot, "enter")
        await until(pilot, lambda: view_is(app))
        assert [order.filter for order in capturer.orders] == ["tcp", "tcp"]
        assert run_of(app).captured.total == 0


async def test_two_spots_mark_what_was_lost(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Each packet is a row with both times; what never came to the tunnel is red."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot, "tab", "j")
        assert [spot.ifname for spot in run_of(app).order.spots] == [
            "veth9a3c59ac",
            "vxlan_sys_4789",
        ]
        await tell(pilot, capturer, two_hops(lost=(2, 5)))
        capturer.now += 10
        await stopped(pilot, "x")
        rows = view(app).table.rows
        signs = {row.key: row.sign for row in rows}
        assert [key for key, sign in signs.items() if sign == "✖"] == ["4", "9"]
        assert list(signs) == ["0", "2", "4", "5", "7", "9", "10", "12"]
        assert {sign for key, sign in signs.items() if key not in ("4", "9")} == {"✓"}
        _, _, seen, lost, *_ = run_of(app).listed.text(rows).splitlines()
        assert seen.split()[:5] == ["✓", "3", "0.010000", "0.010080", "80"]
        assert lost.split()[:5] == ["✖", "5", "0.020000", "-", "-"]
        assert "1 → 2: ✖ 2 lost, 6 of 8 arrived, in 80 µs" in dump(app)
        await press(pilot, "l")
        assert listed(app) == ("4", "9")
        await press(pilot, "enter")
        assert "lost" in dump(app)
        await press(pilot, "escape", "l")
        assert len(listed(app)) == 8


async def test_that_none_was_lost_is_said(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Key l says so in words where the list is empty, also while more may come."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot, "tab", "j")
        await tell(pilot, capturer, two_hops(lost=()))
        await press(pilot, "l")
        assert "none was lost yet" in dump(app)
        await stopped(pilot, "x")
        assert view(app).table.empty == "none was lost"
        assert "none was lost" in dump(app)


async def test_only_the_last_packets_are_listed(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """Counters count all of them; the list has ten thousand, memory what fits."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, flood(10_500))
        assert len(listed(app)) == 10_000
        assert listed(app)[-1] == "10499"
        assert "the last 10,000 are listed" in dump(app)
        assert "10,500 packets in memory, not saved" in dump(app)


@pytest.mark.parametrize("choice", [(), ("tab", "j")], ids=["one", "two"])
@pytest.mark.parametrize("held", [(), ("p",)], ids=["live", "held"])
async def test_help_is_offered_in_a_small_terminal(
    app: OcnetviewApp,
    capturer: TellingCapturer,
    choice: tuple[str, ...],
    held: tuple[str, ...],
) -> None:
    """The question mark ends what the frame offers, none of which is cut."""
    async with app.run_test(size=(80, 24)) as pilot:
        await start(pilot, *choice)
        await tell(pilot, capturer, two_hops() if choice else talk())
        await press(pilot, *held)
        assert "w saves · esc leaves · ? ─" in dump(app).splitlines()[-1]


async def test_its_keys_are_in_the_help(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """The question mark says first what can be done there."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        lines = app.screen.text.plain.splitlines()
        assert lines[0] == "Where you are: the packets of a capture"
        await press(pilot, "escape")
        assert view_is(app)
        assert len(capturer.orders) == 1


LINE = "timeout 60 tcpdump -i veth9a3c59ac -p -nn -l -s 256"
"""What captures at the cart's veth."""


async def test_what_captures_the_same_is_copied(
    app: OcnetviewApp, capturer: TellingCapturer
) -> None:
    """The key y offers the text of what is in sight, and tcpdump's line for it."""
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, talk())
        await press(pilot, "y", "enter")
        _, head, titles, *packets, foot = app.clipboard.splitlines()
        assert "7 packets" in head
        assert titles.split()[:2] == ["NO", "TIME"]
        assert [line.split()[0] for line in packets] == list("1234567")
        assert "shop/web-84d5f-j4r7x:40112" in packets[1]
        assert foot == view(app).foot
        await press(pilot, "y", "j", "enter")
        assert app.clipboard.splitlines()[-1] == LINE


async def test_the_setup_gives_its_line_too(app: OcnetviewApp) -> None:
    """The key y in the setup copies what would be ordered, and begins nothing."""
    async with app.run_test(size=SIZE) as pilot:
        await open_setup(pilot)
        await press(pilot, "slash", *"udp", "shift+tab", "y", "enter")
        assert app.clipboard.splitlines()[-1] == f"{LINE} -- '(udp)'"
        assert app.capturing.run is None
