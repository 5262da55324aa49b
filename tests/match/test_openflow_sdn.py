"""OpenShift SDN's entries of a pod: those that lack, and those that contradict it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sdn import DB, NOTE, VNID, WEB, entries, flows, model

from ocnetview.match.openflow import wired_pod
from ocnetview.match.openflow_sdn import contradiction, leads_to, missing, vnid_of
from ocnetview.match.openflow_tables import Note, note_of
from ocnetview.records import changed

NODE = model()
(WIRED,) = wired_pod(NODE, NODE.pods[0])
NEW = Note(2, 13)
NAMES = {3: "shop/web", 4: "shop/db"}


def test_a_healthy_pod_lacks_nothing() -> None:
    """Two in table 20, and one each in 25, 40 and 70."""
    there = entries(flows(3, WEB), flows(4, DB), NOTE)
    assert len(entries(flows(3, WEB))) == 5
    assert missing(there, WIRED, note_of(there)) == ()
    assert not any(contradiction(entry, WIRED, NAMES) for entry in there)


@pytest.mark.parametrize("place", range(5))
def test_each_of_them_is_missed(place: int) -> None:
    """What is told is the match that should be there, and its table."""
    lines = flows(3, WEB).splitlines()
    lost = lines.pop(place)
    (rule,) = missing(entries(*lines), WIRED, NEW)
    assert f"table={rule.table}," in lost
    assert f"priority=100,{rule.match} actions" in lost


@pytest.mark.parametrize(
    ("table", "spoil", "why"),
    [
        (20, ("in_port=3", "in_port=9"), "lets port 9 (there is no such port) use"),
        (
            20,
            ("in_port=3", "in_port=4"),
            "lets port 4 (shop/db) use this pod's",
        ),
        (20, (f"spa={WEB}", f"spa={DB}"), f"lets this port use {DB}"),
        (40, ("output:3", "output:4"), "leads to port 4 (shop/db)"),
        (70, ("load:0x3-", "load:0x4-"), "leads to port 4 (shop/db)"),
        (70, (f"nw_dst={WEB}", f"nw_dst={DB}"), f"leads here for {DB}"),
    ],
)
def test_what_contradicts_the_pod_is_stale(
    table: int, spoil: tuple[str, str], why: str
) -> None:
    """It is told why, and the right entry is missed as well."""
    lines = [line.replace(*spoil) for line in flows(3, WEB).splitlines()]
    there = [e for e in entries(*lines) if e.table == table]
    told = [contradiction(entry, WIRED, NAMES) for entry in there]
    assert any(text.startswith(f"stale: {why}") for text in told)
    assert table in {rule.table for rule in missing(there, WIRED, NEW)}


def test_table_25_is_only_missed_where_the_plugin_has_it() -> None:
    """Older multitenant nodes have none; without a note it is not known to lack."""
    lines = [line for line in flows(3, WEB).splitlines() if "table=25" not in line]
    assert missing(entries(*lines), WIRED, Note(1, 6)) == ()
    assert [r.table for r in missing(entries(*lines), WIRED, Note(2, 6))] == [25]
    assert [r.table for r in missing((), WIRED, None)] == [20, 20, 40, 70]
    assert missing(entries(*lines), WIRED, None) == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda: changed(WIRED, expected=False),
        lambda: changed(WIRED, ofport=None),
        lambda: changed(WIRED, addresses=("fd00::2", "odd")),
    ],
)
def test_nothing_is_missed_of_what_need_not_talk(change: Callable[[], object]) -> None:
    """A pod that has ended, one without a port, one without IPv4."""
    wired = change()
    assert missing((), wired, NEW) == ()  # type: ignore[arg-type]  # what was changed


def test_an_entry_of_another_pod_is_none_of_ours() -> None:
    """It contradicts nothing."""
    assert not any(contradiction(e, WIRED, NAMES) for e in entries(flows(4, DB)))


def test_an_entry_leads_to_one_port_or_to_none() -> None:
    """A multicast entry with two outputs leads to no single one."""
    one, two, none = entries(
        "table=1 actions=output:7", "table=2 actions=output:3,output:4", "actions=drop"
    )[1:] + entries("table=0 actions=drop")
    assert (leads_to(one), leads_to(two), leads_to(none)) == (7, None, None)


def test_the_vnid_is_what_table_20_sets_for_the_port() -> None:
    """Another port's is not ours."""
    assert vnid_of(entries(flows(3, WEB)), WIRED) == VNID
    assert vnid_of(entries(flows(4, DB)), WIRED) is None
