"""A way of several hops in one line, in two, and in next to none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ocnetview.tui.widgets.way import INDENT, JOINT, Hop, pack, spell

WORDS = st.text(max_size=40)
HOPS = st.builds(Hop, WORDS, WORDS, st.booleans())
POD = "openshift-operators/one-controller-6f7d9c5b4-x2x8l"
WAY = (
    Hop("manager (4172)"),
    Hop("operator"),
    Hop(POD, name=True),
    Hop("eth0@net:[4026532890]", "eth0"),
    Hop("veth9a3c51e0 (20)"),
    Hop("ofport 3 on br0"),
    Hop("vxlan0 (tunnel) | tun0 (gateway)"),
)


def plain(*texts: str) -> tuple[Hop, ...]:
    """Return hops that are one text each."""
    return tuple(map(Hop, texts))


def test_the_middle_of_a_way_gives_way() -> None:
    """A way too long loses the hops between its ends, and says so."""
    hops = plain("nginx", "web", "eth0", "veth1", "br0")
    assert spell(hops, 80) == ["nginx → web → eth0 → veth1 → br0"]
    assert spell(hops, 25) == ["nginx → web → … → br0"]
    assert spell(hops, 17) == ["nginx → … → br0"]
    assert spell(hops, 10) == ["nginx → …"]
    assert spell(plain("a", "b", "long" * 9, "c"), 16) == ["a → b → … → c"]
    assert spell(plain("a", "long" * 9, "b", "c"), 16) == ["a → … → b → c"]
    assert spell(plain("a-long-name"), 7) == ["a-l…ame"]


def test_lines_are_filled_before_anything_is_left_out() -> None:
    """Two lines of 80 cells hold a whole way, the first as full as it can be."""
    assert spell(WAY, 110, 2) == [
        f"manager (4172) → operator → {POD} → eth0@net:[4026532890]",
        "  → veth9a3c51e0 (20) → ofport 3 on br0 → vxlan0 (tunnel) | tun0 (gateway)",
    ]


def test_details_go_before_names_and_names_before_hops() -> None:
    """The namespace's number goes first, then the middle of the name, then hops."""
    assert spell(WAY, 90, 2) == [
        f"manager (4172) → operator → {POD} → eth0",
        "  → veth9a3c51e0 (20) → ofport 3 on br0 → vxlan0 (tunnel) | tun0 (gateway)",
    ]
    upper, lower = spell(WAY, 78, 2)
    assert upper.startswith("manager (4172) → operator → openshift-operators/")
    assert upper.endswith("-x2x8l → eth0")
    assert "…" in upper
    assert cell_len(upper) == 78
    assert lower.startswith("  → veth9a3c51e0 (20) → ofport 3 on br0 → ")
    upper, lower = spell(WAY, 50, 2)
    assert upper.startswith("manager (4172)")
    assert lower.endswith("vxlan0 (tunnel) | tun0 (gateway)")


def test_no_hops_are_no_lines() -> None:
    """Where nothing is selected there is nothing to spell."""
    assert spell((), 80, 2) == []


@given(st.lists(HOPS, min_size=1, max_size=7), st.integers(1, 60), st.integers(1, 3))
def test_a_way_fits(hops: list[Hop], width: int, lines: int) -> None:
    """No way is wider than its lines, nor has more of them."""
    spelled = spell(hops, width, lines)
    assert 1 <= len(spelled) <= lines
    assert all(cell_len(line) <= width for line in spelled)


@given(st.lists(st.text("ab漢é", min_size=1), min_size=1), st.integers(1, 60))
def test_packing_loses_no_hop(texts: list[str], width: int) -> None:
    """Lines joined again are the hops in their order."""
    lines = pack(texts, width)
    assert "".join(lines).replace(INDENT, JOINT) == JOINT.join(texts)
