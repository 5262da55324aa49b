"""What a table is for is said where it is known, and not guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdn import NOTE, entries

from ocnetview.match.openflow import Layout
from ocnetview.match.openflow_tables import Note, cookie_text, meaning, note_of

OLD, BETWEEN, NEW = Note(1, 6), Note(2, 9), Note(2, 14)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("note:02.0d.00.00.00.00", Note(2, 13)),
        ("note:01.05", Note(1, 5)),
        ("note:00.0D", Note(0, 13)),
        ("note:0", None),
        ("drop", None),
    ],
)
def test_the_note_tells_plugin_and_version(text: str, note: Note | None) -> None:
    """It is in hexadecimal, padded or not."""
    assert note_of(entries(f"table=253 actions={text}")) == note


def test_a_note_elsewhere_is_no_version() -> None:
    """Old versions put sandbox ids into notes of table 20."""
    assert note_of(entries(NOTE.replace("253", "20"))) is None


@pytest.mark.parametrize(
    ("table", "note", "said"),
    [
        (21, OLD, "from pods: connection tracking"),
        (21, NEW, ""),
        (30, OLD, "routing"),
        (30, NEW, "connection tracking"),
        (31, NEW, "routing"),
        (31, OLD, ""),
        (100, OLD, "egress addresses"),
        (100, NEW, "egress network policy"),
        (101, OLD, "egress network policy, then out by tun0"),
        (101, NEW, "egress addresses, else out by tun0"),
        (100, BETWEEN, "egress: policy or addresses"),
        (100, None, "egress: policy or addresses"),
        (27, OLD, ""),
        (70, OLD, "IP to a pod of this node: its VNID and port"),
    ],
)
def test_tables_that_moved_are_told_by_version(
    table: int, note: Note | None, said: str
) -> None:
    """Between the versions that are known, what is said holds for both."""
    assert meaning(Layout.SDN, table, note) == said


def test_ovn_s_pipelines_are_told_by_ranges() -> None:
    """Logical table N of the ingress is 8 + N; in between releases differ."""
    assert meaning(Layout.OVN_INT, 0, None).startswith("physical to logical")
    assert meaning(Layout.OVN_INT, 8, None) == "logical ingress, its table 0"
    assert meaning(Layout.OVN_INT, 30, None) == "logical ingress, its table 22"
    assert meaning(Layout.OVN_INT, 65, None).startswith("logical to physical")
    assert meaning(Layout.OVN_INT, 45, None).startswith("between")


@given(st.integers(0, 254))
def test_of_an_unknown_bridge_nothing_is_said(table: int) -> None:
    """A table number means nothing by itself."""
    assert meaning(Layout.OTHER, table, NEW) == ""


def test_a_cookie_tells_whose_an_entry_is_on_the_external_bridge() -> None:
    """The same number on another bridge is another's."""
    assert "usual flows" in cookie_text(Layout.OVN_EX, 0xDEFF105)
    assert cookie_text(Layout.OVN_EX, 1) == ""
    assert cookie_text(Layout.SDN, 0xDEFF105) == ""


def test_a_note_in_words() -> None:
    """A plugin of tomorrow is called unknown."""
    assert NEW.text == "networkpolicy, rule version 14"
    assert Note(7, 1).text == "unknown plugin 7, rule version 1"
