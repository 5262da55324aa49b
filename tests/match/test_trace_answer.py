"""What a trace answers, step by step."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from real_replies import real
from tui.tracing import recorded

from ocnetview.match.trace_answer import Act, field_of, read_answer, steps_of

_WORDS = (
    'bridge("br0")',
    "------",
    " 0. ip, priority 100",
    "    73. ip, priority 90, cookie 0x6c1d0b4a",
    "20. No match.",
    "    goto_table:20",
    "            set_field:0/0x1000->reg10",
    "     -> output port is 4",
    "     >> skipping output to input port",
    "     >>>> over max translation depth 64 <<<<",
    "recirc(0x1) - resume conntrack",
    "    thaw",
    "Flow: tcp,in_port=3",
    "Final flow: unchanged",
    "Datapath actions: drop",
    "This flow is handled by the userspace slow path",
)


def test_steps_have_table_rule_and_what_it_did() -> None:
    """Each table is a step, with match, priority and acts, in the order of the way."""
    passes = read_answer(recorded("dropped"))
    assert [[step.table for step in one.steps] for one in passes] == [
        [0],
        [0, 20, 27, 30, 31, 70, 80],
    ]
    last = passes[-1].steps[-1]
    assert last.bridge == "br0"
    assert (last.priority, last.match) == (100, "ip,reg1=0xb,nw_dst=10.128.2.13")
    assert last.acts == (Act("drop"),)
    assert passes[-1].actions == "drop"


def test_each_pass_says_how_it_came_about() -> None:
    """A pass after connection tracking keeps the switch's words, and its own flow."""
    first, second = read_answer(recorded("delivered"))
    assert first.resumed == ""
    assert second.resumed.startswith("recirc(")
    assert "ct_state=trk|new" in second.resumed
    assert field_of(second.flow, "ct_state") == "new|trk"
    assert second.rest == ()


def test_remarks_stay_with_their_act() -> None:
    """What the switch says below an act belongs to it."""
    *_, last = steps_of(read_answer(recorded("delivered")))
    assert last.acts == (Act("output:NXM_NX_REG2[]", ("output port is 10",)),)


def test_a_rule_goes_on_after_the_table_that_it_called() -> None:
    """Acts after a resubmit are the caller's; the called table is one deeper."""
    steps = list(steps_of(read_answer(recorded("ovn-egress"))))
    called = next(step for step in steps if step.table == 73)
    caller = next(step for step in steps if step.table == 8)
    assert (caller.depth, called.depth) == (0, 1)
    assert called.acts == (Act("set_field:0/0x1000->reg10"),)
    assert [act.text for act in caller.acts][-1] == "resubmit(,9)"
    assert caller.cookie == 0xDE664D3A


def test_a_patch_port_leads_into_the_next_bridge() -> None:
    """The output before another bridge's block leads there, and its steps are there."""
    steps = list(steps_of(read_answer(recorded("ovn-egress"))))
    assert steps[-2].acts == (Act("output:2", (), "br-ex"),)
    assert (steps[-1].bridge, steps[-1].table) == ("br-ex", 0)


def test_what_is_unknown_is_kept() -> None:
    """A line of no known kind stands among the rest, and ends nothing."""
    text = recorded("dropped") + "\nThis flow is handled by the userspace slow path"
    assert (
        "This flow is handled by the userspace slow path" in read_answer(text)[-1].rest
    )


def test_no_match_is_a_step_without_priority() -> None:
    """A table without a rule for the packet has the switch's words for a match."""
    passes = read_answer('bridge("b")\n---\n 0. No match.\n    drop\n')
    (step,) = passes[0].steps
    assert (step.match, step.priority, step.acts) == ("No match.", None, (Act("drop"),))


@given(st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=30)), max_size=30))
def test_nothing_makes_it_fail(lines: list[str]) -> None:
    """Whatever a switch writes, in whatever order, is read without an error."""
    passes = read_answer("\n".join(lines))
    tables = [line for line in lines if line in _WORDS[2:5]]
    assert len(list(steps_of(passes))) >= len(tables)


def test_a_real_trace_of_ovn() -> None:
    """A trace that ovnkube-trace printed has every table that it went through."""
    first, second = read_answer(real("46"))
    assert [step.table for step in first.steps] == [0, 8, 73, 9, 10, 11, 12, 13, 14]
    assert [step.table for step in second.steps] == [15, 16]
    assert {step.bridge for step in first.steps} == {"br-int"}
