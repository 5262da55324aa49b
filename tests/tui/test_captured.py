"""What is kept of a capture, and what of it is listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui.capturer import at, flood, two_hops

from ocnetview.errors import FilterError
from ocnetview.facts.packets import Packet, Spot, Tally
from ocnetview.match.two_places.lost import Found
from ocnetview.model.packets import Became, Fate
from ocnetview.tui.captured import AROUND, Captured, Intake
from ocnetview.tui.packet_list import LISTED, PacketList

SPOT = Spot("veth1")
SIZES = st.lists(st.integers(0, 300), max_size=60)


def packets(sizes: list[int]) -> list[Packet]:
    """Return a packet of each size, numbered by its time."""
    return [Packet(0, n, size, bytes(size)) for n, size in enumerate(sizes)]


@given(SIZES, st.integers(0, 8000), st.integers(0, 20), st.integers(1, 9))
def test_what_is_kept_has_a_bound(
    sizes: list[int], room: int, most: int, batch: int
) -> None:
    """The last packets are kept, as many as fit; each keeps its number."""
    kept, every = Captured(room, most), packets(sizes)
    for start in range(0, len(every), batch):
        kept.add(every[start : start + batch])
    left = list(kept)
    assert left == every[len(every) - len(left) :]
    assert kept.total == len(every)
    assert not room or sum(len(one.data) + AROUND for one in left) <= room
    assert not most or len(left) <= most
    assert [kept[n] for n in range(kept.gone, kept.total)] == left
    if not room and not most:
        assert left == every


def test_the_screen_hears_of_much_once() -> None:
    """However many packets come at once, it is told of them as one."""
    told: list[int] = []
    intake = Intake(lambda: told.append(1), 3600.0, None, lambda: 0.0)
    for _ in range(1000):
        intake.take(flood(5), [Tally(5)])
    assert len(told) == 1
    assert len(intake.fetch().packets) == 5000
    assert not intake.fetch().packets


def test_nothing_new_is_not_told() -> None:
    """A capturer that only says that it lives has nothing drawn."""
    told: list[int] = []
    intake = Intake(lambda: told.append(1), 0.0, None, lambda: 0.0)
    for _ in range(10):
        intake.take((), [Tally()])
    assert len(told) == 1
    assert intake.begun
    intake.take((), [Tally(dropped=1)])
    assert len(told) == 2


def listing(number: int) -> tuple[Captured, PacketList]:
    """Return so many packets of two spots, and the list of them."""
    captured = Captured(0)
    listed = PacketList(captured, (SPOT, Spot("vxlan0")))
    captured.add(two_hops((), number))
    return captured, listed


def test_a_fate_that_comes_late_is_filtered_too() -> None:
    """What becomes of a packet is known after it: then the filter is asked again."""
    _, listed = listing(4)
    listed.want("fate:lost", ())
    assert list(listed.numbers()) == []
    listed.judge([Found(6, Fate(Became.LOST)), Found(2, Fate(Became.LOST))])
    assert list(listed.numbers()) == [2, 6]
    listed.judge([Found(2, Fate(Became.SEEN)), Found(3, Fate(Became.SEEN))])
    assert list(listed.numbers()) == [6]
    assert listed.notes(2) == {4: ""}


def test_a_packet_of_two_spots_is_one_row() -> None:
    """Once it is known to be an earlier one, it is that one's other time."""
    captured, listed = listing(2)
    assert list(listed.numbers()) == [0, 1, 2, 3]
    seen = [Found(0, Fate(Became.SEEN, 1)), Found(1, Fate(Became.SEEN, 0))]
    listed.judge(seen)
    assert list(listed.numbers()) == [0, 2, 3]
    row = listed.row(0)
    assert row.since_other == captured[1].at - captured[0].at
    assert listed.row(2).since_other is None
    listed.want("port:8080", ())
    assert list(listed.numbers()) == [0, 2, 3]


def test_only_the_last_are_listed_and_filtered() -> None:
    """What is listed no more is not found any more."""
    captured = Captured(0)
    listed = PacketList(captured, (SPOT,))
    captured.add(flood(LISTED))
    listed.want("number:1", ())
    assert list(listed.numbers()) == [0]
    captured.add(flood(5, LISTED))
    assert list(listed.numbers()) == []
    assert len(listed.row(LISTED).key) == len("10000")


def test_what_was_lost_is_told_of_all_that_are_kept() -> None:
    """A file has the marks of packets, too, that are listed no more."""
    captured = Captured(0)
    listed = PacketList(captured, (SPOT, Spot("vxlan0")))
    captured.add(flood(3 * LISTED))
    listed.judge([Found(0, Fate(Became.LOST, note="lost"))])
    listed.judge([Found(1, Fate(Became.ALONE, note="only here"))])
    listed.judge(Found(n, Fate(Became.SEEN)) for n in range(2, 3 * LISTED))
    assert listed.notes(0) == {0: "lost", 1: "only here"}


def test_what_is_known_of_packets_goes_with_them() -> None:
    """Of those that had to go nothing is remembered for ever."""
    captured = Captured(0, most=3)
    listed = PacketList(captured, (SPOT, Spot("vxlan0")))
    for begin in range(0, 5 * LISTED, LISTED):
        captured.add(flood(LISTED, begin))
        found = range(begin, begin + LISTED)
        listed.judge(Found(n, Fate(Became.LOST, note="lost")) for n in found)
    assert len(listed.notes(0)) <= 2 * LISTED


def test_a_list_that_is_held_is_without_those_that_had_to_go() -> None:
    """Each row that is left is its own packet, and none is another's."""
    captured = Captured(0, most=10)
    listed = PacketList(captured, (SPOT,))
    captured.add(flood(10))
    captured.add(flood(6, 10))
    rows = listed.rows(10)
    assert rows.keys == ("6", "7", "8", "9")
    assert [row.cells()[1] for row in rows] == [f"0.00{n}000" for n in range(6, 10)]
    listed.want("number:9", ())
    assert listed.rows(10).keys == ("8",)
    captured.add(flood(9, 16))
    assert not listed.rows(10).keys


def test_rows_are_numbered_and_timed_from_the_first() -> None:
    """Whichever row is made first."""
    captured = Captured(0)
    listed = PacketList(captured, (SPOT,))
    captured.add(flood(10))
    assert (listed.row(7).number, listed.row(7).since) == (7, at(7) - at(0))
    assert (listed.row(0).number, listed.row(0).since) == (0, 0)


def test_a_wrong_filter_leaves_the_one_before() -> None:
    """It is told, and what is listed stays."""
    _, listed = listing(4)
    listed.want("number:1", ())
    with pytest.raises(FilterError, match="no foo: here"):
        listed.want("foo:x", ())
    assert list(listed.numbers()) == [0]


def test_filters_are_completed() -> None:
    """By the names of columns, and by what packets say."""
    _, listed = listing(4)
    assert "protocol:" in listed.completions("pro")
    assert any("TCP" in one for one in listed.completions("protocol:T"))
