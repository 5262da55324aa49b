"""Sections as text."""

from __future__ import annotations

from ocnetview.details.section import Line, Section, Table, as_text


def test_a_table_stands_in_columns_below_the_lines() -> None:
    """Cells begin below their head, numbers end below it, and nothing trails."""
    table = Table(
        ("PROTO", "RECV-Q", "LOCAL"),
        (("tcp", "0", "*:80"), ("udp6", "12", "")),
        right=frozenset({1}),
    )
    sections = (
        Section("sockets", (Line("from", "sock_diag"),), table),
        Section("routes", (Line("gateway", "10.0.0.1"),)),
    )
    assert as_text(sections).splitlines() == [
        "sockets",
        "  from     sock_diag",
        "  PROTO  RECV-Q  LOCAL",
        "  tcp         0  *:80",
        "  udp6       12",
        "",
        "routes",
        "  gateway  10.0.0.1",
    ]
