"""Entries are read as ovs-ofctl prints them, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_replies import real

from ocnetview.facts.openflow import FlowEntry
from ocnetview.match.openflow_text import (
    actions_of,
    fields_of,
    flow_line,
    read_flow,
    read_flows,
)

RECORDED = Path(__file__).parents[1] / "recordings" / "flows" / "openshift-sdn.txt"
LEARN = (
    "learn(table=10,hard_timeout=300,NXM_OF_VLAN_TCI[0..11],load:0->NXM_OF_VLAN_TCI[],"
    "output:NXM_NX_TUN_ID[]),output:5"
)
LINES = [
    (
        (
            " cookie=0x3, duration=132.277s, table=20, n_packets=788539827,"
            " n_bytes=506520926762, priority=100,ip,nw_dst=192.168.2.2 actions=output:3"
        ),
        FlowEntry(
            *(20, 100, "ip,nw_dst=192.168.2.2", "output:3"),
            *(3, 788539827, 506520926762, 132.277),
        ),
    ),
    (
        (
            " cookie=0, table=0, priority=300, in_port=2, ip, nw_src=10.128.0.0/23, "
            "actions=goto_table:25"
        ),
        FlowEntry(0, 300, "in_port=2,ip,nw_src=10.128.0.0/23", "goto_table:25"),
    ),
    (
        (
            "cookie=0x0, duration=0.096s, table=253, n_packets=0, n_bytes=0, "
            "actions=note:02.0d.00.00.00.00"
        ),
        FlowEntry(253, 32768, "", "note:02.0d.00.00.00.00", duration=0.096),
    ),
    (
        (
            " cookie=0xdeff105, duration=5s, table=1, n_packets=1, n_bytes=2,"
            " idle_age=3, hard_age=4, idle_timeout=10, send_flow_rem priority=0"
            " actions=NORMAL"
        ),
        FlowEntry(1, 0, "", "NORMAL", 0xDEFF105, 1, 2, 5.0),
    ),
    (
        f"table=9 priority=7,reg0=0x4/0x4,metadata=0x3 actions={LEARN}",
        FlowEntry(9, 7, "reg0=0x4/0x4,metadata=0x3", LEARN),
    ),
    (
        'priority=5,in_port="x actions=drop, table=3" actions=drop',
        FlowEntry(0, 5, 'in_port="x actions=drop, table=3"', "drop"),
    ),
    ("OFPST_FLOW reply (OF1.3) (xid=0x2):", None),
    ("NXST_FLOW reply (xid=0x4): flags=[more]", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "entry"), LINES)
def test_a_line_is_an_entry_or_none(line: str, entry: FlowEntry | None) -> None:
    """Statistics may be missing, fields may have spaces, notes have no match."""
    assert read_flow(line) == entry


def test_a_recorded_dump_is_read_whole() -> None:
    """Each line but the head is an entry, and is printed as it was read."""
    text = RECORDED.read_text("utf-8")
    entries = read_flows(text)
    lines = text.splitlines()[1:]
    assert len(entries) == len(lines)
    printed = {f" {flow_line(entry)}" for entry in entries}
    bare = {line for line in lines if ", actions=" not in line}
    assert bare <= printed
    assert len(lines) - len(bare) == 1


@pytest.mark.parametrize(("number", "count"), [("37", 65), ("38", 7), ("L6", 35)])
def test_a_published_dump_is_read_whole(number: str, count: int) -> None:
    """What others printed, in their own spacing, is read without a loss."""
    text = real(number)
    lines = [line for line in text.splitlines() if "actions=" in line]
    entries = [read_flow(line) for line in lines]
    assert len(lines) == count
    assert all(entries)
    pairs = zip(entries, lines, strict=True)
    assert all(entry and f"table={entry.table}" in line for entry, line in pairs)


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    """Whatever the tool prints, reading it ends without an error."""
    read_flows(text)
    read_flow(f"priority=1,{text} actions={text}")
    fields_of(text)
    actions_of(text)


_VALUES = st.text("0123456789abcdef.:/x", min_size=1, max_size=20)
_FIELDS = st.sampled_from(["in_port", "nw_src", "ct_state", "reg0", "dl_dst"])
_MATCHES = st.lists(st.builds("{}={}".format, _FIELDS, _VALUES), max_size=4)
_NUMBERS = st.integers(0, 2**64 - 1)
_ENTRIES = st.builds(
    FlowEntry,
    table=st.integers(0, 254),
    priority=st.integers(0, 65535),
    match=_MATCHES.map(",".join),
    actions=st.sampled_from([LEARN, "drop", "ct(commit,nat(src=1.2.3.4)),output:1"]),
    cookie=_NUMBERS,
    packets=_NUMBERS,
    bytes=_NUMBERS,
    duration=st.integers(0, 10**12).map(lambda number: number / 1000),
)


@given(_ENTRIES)
def test_what_is_printed_is_read_again(entry: FlowEntry) -> None:
    """An entry printed and read is the same entry."""
    assert read_flow(flow_line(entry)) == entry


def test_an_entry_that_was_told_twice_is_one() -> None:
    """Two questions may have the same answer; order is by table, then by priority."""
    lines = "table=2,priority=1 actions=drop\ntable=1,priority=9,ip actions=drop\n"
    entries = read_flows(f"{lines}{lines}table=1,priority=10 actions=drop")
    assert [entry.key for entry in entries] == [(1, 10, ""), (1, 9, "ip"), (2, 1, "")]


def test_actions_are_parted_outside_of_parentheses() -> None:
    """A nested action stays one."""
    assert actions_of(f"load:1->NXM_NX_REG0[],{LEARN}") == (
        "load:1->NXM_NX_REG0[]",
        LEARN.removesuffix(",output:5"),
        "output:5",
    )
