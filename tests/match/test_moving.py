"""What moves on rows, made anew only where it did."""

from __future__ import annotations

from dataclasses import replace

from tui.nodes import node, rate

from ocnetview.facts import Counters
from ocnetview.match.moving import Moved, Moving, Rows
from ocnetview.units import coarse

NODE = node()
OLD = replace(NODE.pods[0], key="old", created=1000.0, rate=None, age=0)
YOUNG = replace(NODE.pods[1], key="young", created=5000.0, rate=None, age=0)
ROWS = Rows((OLD, YOUNG), NODE.bridges)
STILL = Moved({}, {})


def link_of(rows: Rows) -> int:
    """Return the link on the host of the first pod."""
    host = rows.pods[0].main.host if rows.pods[0].main else None
    assert host
    return host.ifindex


def test_what_did_not_move_is_the_same_object() -> None:
    """A tick without news gives the very rows of the last one."""
    moving = Moving()
    first = moving(ROWS, STILL, 5600.0)
    assert moving(ROWS, STILL, 5600.5) is first
    assert [pod.age for pod in first.pods] == [coarse(4600), 600]


def test_only_who_is_older_is_made_anew() -> None:
    """A minute later the young one is; the old one's age is told in hours."""
    moving = Moving()
    first = moving(ROWS, STILL, 5600.0)
    later = moving(ROWS, STILL, 5660.0)
    assert (first.pods[1].age, later.pods[1].age) == (600, 660)
    assert later.pods[0].age == first.pods[0].age + 60
    assert moving(ROWS, STILL, 5661.0) is later


def test_a_clock_that_was_set_back_makes_all_young_again() -> None:
    """The ages are those of the moment, whichever came before."""
    moving = Moving()
    moving(ROWS, STILL, 90_000.0)
    back = moving(ROWS, STILL, 5600.0)
    assert back == Moving()(ROWS, STILL, 5600.0)


def test_a_link_moves_its_pod_and_its_port_alone() -> None:
    """And they stand still again when nothing is said of it any more."""
    moving = Moving()
    first = moving(ROWS, STILL, 5600.0)
    index = link_of(ROWS)
    totals = Counters(*[7] * 8)
    moved = moving(ROWS, Moved({index: rate(3.0, 4.0)}, {index: totals}), 5600.0)
    assert moved.pods[0].rate
    assert moved.pods[1] is first.pods[1]
    ports = [port for bridge in moved.bridges for port in bridge.ports]
    assert {p.link.ifindex for p in ports if p.counters == totals and p.link} == {index}
    still = moving(ROWS, STILL, 5600.0)
    assert still.pods == first.pods
    assert not [p for one in still.bridges for p in one.ports if p.counters == totals]


def test_other_rows_begin_anew() -> None:
    """What moved on the old ones is told of the new ones, too."""
    moving = Moving()
    said = Moved({link_of(ROWS): rate(3.0, 4.0)}, {})
    moving(ROWS, said, 5600.0)
    fewer = Rows(ROWS.pods[:1], ())
    assert moving(fewer, said, 5600.0) == Moving()(fewer, said, 5600.0)
    assert moving(fewer, said, 5600.0).pods[0].rate
