"""Sections as they are drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ocnetview.details.section import Line, Section, Table
from ocnetview.tui.tabs.sections import sections_content

HEADS = ("PROTO", "QUEUE", "LOCAL", "PEER")
ROWS = (
    ("tcp", "0", "10.128.2.14:8080", "10.128.2.17:40112"),
    ("udp6", "12", "*:53", ""),
)
TABLE = Table(HEADS, ROWS, frozenset({1}), frozenset({1}))


def drawn(width: int, table: Table = TABLE) -> list[str]:
    """Return the lines of a section with this table."""
    return sections_content([Section("sockets", table=table)], width).plain.splitlines()


def test_a_table_stands_in_columns() -> None:
    """Numbers end below their head; before a row that is wrong stands a sign."""
    assert drawn(60) == [
        "sockets",
        "  PROTO  QUEUE  LOCAL             PEER",
        "  tcp        0  10.128.2.14:8080  10.128.2.17:40112",
        "✖ udp6      12  *:53",
    ]


def test_columns_come_nearer_before_any_is_moved() -> None:
    """Where that makes room enough."""
    assert drawn(50)[2] == "  tcp       0 10.128.2.14:8080 10.128.2.17:40112"


def test_what_does_not_fit_goes_on_below() -> None:
    """Nothing of an address is lost; where there is nothing there is no line."""
    assert drawn(36) == [
        "sockets",
        "  PROTO QUEUE LOCAL",
        "      PEER",
        "  tcp       0 10.128.2.14:8080",
        "      10.128.2.17:40112",
        "✖ udp6     12 *:53",
    ]


def test_a_long_text_is_cut_first() -> None:
    """It bears a sign of that, and the columns after it stay in their line."""
    table = Table(("COMMAND", "PID"), (("x" * 90, "7"),))
    assert drawn(50, table)[2] == f"  {'x' * 43}… 7"


def test_what_has_a_line_below_is_not_cut() -> None:
    """A long text that cutting would not keep in the line is whole there."""
    heads = ("NAME", "MAC", "MTU", "ADDRESSES")
    row = ("eth0", "0a:58:0a:80:00:0f", "1450", "10.128.0.15/23, fe80::858:aff:fe80:f")
    assert drawn(50, Table(heads, (row,)))[-1] == f"      {row[-1]}"


def test_nothing_is_said_of_nothing() -> None:
    """A table without rows says so."""
    assert drawn(50, Table(HEADS, ())) == ["sockets", "none"]


def test_a_line_goes_on_beside_its_label() -> None:
    """Where it is longer than the width."""
    (section,) = [Section("pod", (Line("command", "word " * 12),))]
    _, first, second = sections_content([section], 60).plain.splitlines()
    assert first.startswith("command  ")
    assert second.startswith(" " * 21 + "word")


@given(
    st.lists(
        st.text(st.sampled_from("a─一"), max_size=60),
        min_size=4,
        max_size=4,
    ),
    st.integers(24, 90),
)
def test_no_line_of_a_table_is_too_wide(cells: list[str], width: int) -> None:
    """Whatever is in its cells."""
    table = Table(HEADS, (tuple(cells),), frozenset({1}))
    assert all(cell_len(line) <= width for line in drawn(width, table))
