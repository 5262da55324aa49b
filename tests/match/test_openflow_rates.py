"""Rates of entries come from two answers to the same questions."""

from __future__ import annotations

from sdn import facts

from ocnetview.match.openflow_rates import FlowRate, flow_rates

LINE = "table={},duration={}s,n_packets={},n_bytes={},priority=5,ip actions=drop"
KEY = (1, 5, "ip")


def test_a_rate_is_what_came_in_between() -> None:
    """Packets and bytes per second, by table, priority and match."""
    before = facts(LINE.format(1, 10, 100, 1000), at=50.0)
    now = facts(LINE.format(1, 12, 150, 6000), LINE.format(2, 1, 7, 7), at=52.0)
    assert flow_rates(now, before) == {KEY: FlowRate(25.0, 2500.0)}


def test_the_first_answer_has_no_rates() -> None:
    """Nor has one that is no later than the other."""
    now = facts(LINE.format(1, 10, 100, 1000))
    assert flow_rates(now, None) == flow_rates(now, now) == {}


def test_an_entry_that_was_made_anew_has_none() -> None:
    """Its counters went back, or it is younger than it was."""
    before = facts(LINE.format(1, 10, 100, 1000), at=50.0)
    assert flow_rates(facts(LINE.format(1, 12, 1, 10), at=52.0), before) == {}
    assert flow_rates(facts(LINE.format(1, 1, 100, 1000), at=52.0), before) == {}
