"""Flows as sections: one a table, with what is amiss in them."""

from __future__ import annotations

import re
from itertools import product

import pytest
from sdn import NOTE, WEB, facts, flows, model

from ocnetview.details.flows import FlowsView, flows_detail, judge, kept, raw_text
from ocnetview.details.section import as_text
from ocnetview.match.openflow import Layout, Wired, wired_pod
from ocnetview.model import BridgeKind, Port

NODE = model()
(WIRED,) = wired_pod(NODE, NODE.pods[0])
WHOLE = facts(flows(3, WEB), NOTE)


def shown(view: FlowsView) -> str:
    """Return a view as text."""
    return as_text(flows_detail(NODE, view))


def test_each_table_has_a_section_with_its_meaning() -> None:
    """Above them stand whom it is about, who programmed the bridge, and the VNID."""
    text = shown(FlowsView(WIRED, WHOLE))
    assert text.startswith("shop/web on bridge br0\n")
    assert "OpenShift SDN, networkpolicy, rule version 13" in text
    assert "VNID           10015053" in text
    heads = [line for line in text.splitlines() if line.startswith("table")]
    assert [head.split(" · ")[0] for head in heads] == [
        f"table {number}" for number in (20, 25, 40, 70)
    ]
    assert "note:" not in text


def test_what_is_missing_stands_in_its_table() -> None:
    """It is marked as bad, and counted above."""
    lines = [line for line in flows(3, WEB).splitlines() if "table=40" not in line]
    view = FlowsView(WIRED, facts(*lines, NOTE))
    *_, table, _ = flows_detail(NODE, view)
    assert table.title.startswith("table 40")
    assert table.table
    assert table.table.bad == {0}
    assert table.table.rows == (("100", f"arp,arp_tpa={WEB}", "missing"),)
    assert "4 entries, 1 missing" in shown(view)


def test_rates_come_with_the_second_answer() -> None:
    """Before it there is no column for them."""
    later = facts(
        flows(3, WEB).replace("n_packets=10,", "n_packets=30,"), NOTE, at=104.0
    )
    assert "PKT/s" not in shown(FlowsView(WIRED, WHOLE))
    (row, *_) = judge(NODE, FlowsView(WIRED, later, WHOLE)).rows
    assert row.rate
    assert row.rate.packets == 5.0


@pytest.mark.parametrize(("now", "note"), [(0, "drops"), (5, "drops now")])
def test_what_drops_is_marked_and_bad_while_it_does(now: int, note: str) -> None:
    """An entry that drops is there for a reason; packets in it are worth a look."""
    line = " table=80, n_packets={}, n_bytes=0, priority=100,ip,nw_dst=1.2.3.4 "
    line += "actions=drop"
    before, after = facts(line.format(7)), facts(line.format(7 + now), at=101.0)
    (row,) = judge(NODE, FlowsView(Wired("br0", "x", 3), after, before)).rows
    assert (row.note, row.bad) == (note, bool(now))


def test_a_setup_that_never_finished_is_said() -> None:
    """What every version has is missed all the same, beside the reason."""
    text = shown(FlowsView(WIRED, facts(flows(3, WEB).splitlines()[0])))
    assert "no version note in table 253: its setup never finished" in text
    # Of tables 20, 40 and 70; whether 25 has an entry is the version's.
    assert "1 entry, 3 missing" in text
    assert "table 25 " not in text


def test_a_bridge_that_is_gone_has_no_layout() -> None:
    """What was read of it is shown all the same."""
    view = FlowsView(Wired("br9", "x", 3), facts("table=1 actions=drop", bridge="br9"))
    assert judge(NODE, view).layout is Layout.OTHER
    assert "no known layout" in shown(view)


def test_many_rows_are_cut_but_never_those_that_are_wrong() -> None:
    """How many are not shown is said; the raw text has all."""
    lines = [
        f" table=20, priority=100,ip,in_port=9,nw_src={WEB},tp_dst={n} actions=drop"
        for n in range(3)
    ]
    spare = [f" table=20, priority={300 + n},ip actions=drop" for n in range(100)]
    view = FlowsView(WIRED, facts(*spare, *lines, NOTE))
    rows = [row for row in judge(NODE, view).rows if row.table == 20]
    some, more = kept(rows)
    assert (len(some), more) == (50 + 3 + 2, 50)
    assert re.search("and +50 more, in the raw text", shown(view))
    assert len(raw_text([view]).splitlines()) == 1 + 104


def test_nothing_untrusted_acts_on_a_terminal() -> None:
    """Names of ports and all that the switch prints are made harmless."""
    evil = "\x1b[31m\u202e"
    node = model(Port("br0", BridgeKind.OVS, f"x{evil}", "patch", 5))
    wired = Wired("br0", f"t{evil}", 5)
    view = FlowsView(wired, facts(f"in_port=5,x={evil} actions=output:5,{evil}"))
    texts = [as_text(flows_detail(node, view)), raw_text([view])]
    assert not any(sign in text for sign, text in product("\x1b\u202e", texts))
