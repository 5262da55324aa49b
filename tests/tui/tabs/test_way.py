"""The drawing of the way out."""

from __future__ import annotations

from builders import HOST
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ocnetview.details.hops import Hop, HopKind
from ocnetview.facts import Counters
from ocnetview.model import Rate, Traffic
from ocnetview.tui.tabs.way import way_content

TOTAL = Counters(10, 20, 1000, 2000, 1, 2, 3, 4)
TRAFFIC = Traffic(TOTAL, Rate(2000, 52_000, 20, 500))
PROCESS = Hop(HopKind.PROCESS, "nginx (7)")
ETH0 = Hop(
    HopKind.INSIDE, "eth0", ("10.0.0.7/24", "MTU 1450"), (HOST, 3), TRAFFIC, inner=True
)
VETH = Hop(HopKind.LINK, "vethA", (), (HOST, 4), TRAFFIC)
BRIDGE = Hop(HopKind.BRIDGE, "br0")
TUNNEL = Hop(HopKind.TUNNEL, "vxlan0", depth=1)
UPLINK = Hop(HopKind.UPLINK, "ens3", (), (HOST, 2), depth=1)


def drawn(*hops: Hop, width: int = 80) -> list[str]:
    """Return the lines of the drawing."""
    return way_content(hops, width).plain.splitlines()


def test_numbers_stand_below_a_hop_where_there_is_little_room() -> None:
    """What goes out first, each as the link itself counts it."""
    assert drawn(PROCESS, ETH0, VETH) == [
        "◆ process    nginx (7)",
        "○ interface  eth0  10.0.0.7/24  MTU 1450",
        "│            ↓tx  52kB/s   500p/s ↑rx 2.0kB/s    20p/s drop 7 err 3",
        "○ link       vethA",
        "             ↓rx 2.0kB/s    20p/s ↑tx  52kB/s   500p/s drop 7 err 3",
    ]


def test_numbers_stand_in_columns_where_there_is_room() -> None:
    """Below their heads: what one end sends stands above what the other gets."""
    heads, first, _, second = drawn(ETH0, VETH, width=120)
    at = heads.index("↓ OUT")
    assert first[at:].startswith("tx  52kB/s   500p/s rx 2.0kB/s    20p/s")
    assert second[at:].startswith("rx 2.0kB/s    20p/s tx  52kB/s   500p/s")
    assert first[at:].split()[-2:] == ["7", "3"]


def test_ways_fork_at_a_bridge() -> None:
    """Each branch bears its sign; of some there is nothing to count."""
    assert drawn(BRIDGE, TUNNEL, UPLINK) == [
        "▤ bridge     br0",
        "├─⇄ tunnel     vxlan0",
        "│              no counters of its own",
        "└─⇡ uplink     ens3",
        "               not counted yet",
    ]


def test_a_branch_in_the_midst_lets_the_trunk_go_on() -> None:
    """And one below another bridge begins further in."""
    side = Hop(HopKind.POD, "net1", depth=1)
    patch = Hop(HopKind.POD, "to-ex", depth=1)
    deep = Hop(HopKind.POD, "ens3", depth=2)
    last = Hop(HopKind.POD, "ens4", depth=1)
    assert drawn(PROCESS, side, BRIDGE, patch, deep, last) == [
        "◆ process    nginx (7)",
        "├─▣ pod        net1",
        "▤ bridge     br0",
        "├─▣ pod        to-ex",
        "│ └─▣ pod        ens3",
        "└─▣ pod        ens4",
    ]


def test_what_is_wrong_stands_above_and_at_its_hop() -> None:
    """Both bear a sign, so that no colour is needed to see it."""
    lost = Hop(HopKind.LINK, "vethA", wrong=("it is set down",))
    assert drawn(PROCESS, lost) == [
        "✖ vethA: it is set down",
        "",
        "◆ process    nginx (7)",
        "✖ link       vethA",
        "             it is set down",
    ]


def test_without_a_second_reading_there_are_no_rates() -> None:
    """But totals of what was lost."""
    once = Hop(HopKind.LINK, "vethA", (), (HOST, 4), Traffic(TOTAL))
    assert drawn(once)[1].split() == ["↓rx", "…", "↑tx", "…", "drop", "7", "err", "3"]


def test_no_way_says_so() -> None:
    """Rather than nothing at all."""
    assert drawn() == ["No way is known."]


LETTERS = st.text(st.sampled_from("a b─一"), max_size=90)


@given(
    LETTERS,
    st.lists(LETTERS, max_size=4),
    st.integers(0, 3),
    st.integers(66, 160),
)
def test_no_line_is_too_wide(
    name: str, facts: list[str], depth: int, width: int
) -> None:
    """However long names are and what is said beside them."""
    hop = Hop(
        HopKind.UPLINK,
        name,
        tuple(facts),
        (HOST, 4),
        TRAFFIC,
        depth=depth,
        wrong=(name,),
    )
    assert all(cell_len(line) <= width for line in drawn(PROCESS, hop, width=width))


def test_the_trunk_is_drawn_where_there_is_room() -> None:
    """From each hop down to the next one."""
    assert drawn(PROCESS, BRIDGE, width=120)[1:] == [
        "◆ process    nginx (7)",
        "│",
        "▤ bridge     br0",
    ]
