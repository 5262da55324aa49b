"""A trace as it is shown: verdict, steps with names, raw, and as JSON."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

from tui import nodes
from tui.tracing import TellingCluster, TellingSwitch, traceable

from ocnetview.collectors.base import Stop
from ocnetview.details.recipes.trace import command_of
from ocnetview.details.section import Line, as_text
from ocnetview.details.trace import raw_text, trace_detail, verdict_line
from ocnetview.errors import ProbeError
from ocnetview.facts import Place, PlaceKind
from ocnetview.facts.openflow import FlowEntry
from ocnetview.match.trace_flow import REPLIES, Protocol
from ocnetview.match.trace_ways import Traced
from ocnetview.probes.trace_targets import Aiming
from ocnetview.probes.tracing import Tracer
from ocnetview.report.trace import Told, trace_json, trace_text

NODE = traceable(nodes.node())
WEB, PROMETHEUS = "shop/web-84d5f-j4r7x:8080", "openshift-monitoring/prometheus-k8s-0"


def traced(target: str, switch: TellingSwitch | None = None) -> list[Traced]:
    """Return all ways of a packet from the cart's pod."""
    cluster, stop = TellingCluster(), Stop()
    pod = NODE.pods_by_key["uid-4"]
    aim = Aiming(NODE, cluster, stop).aim(pod, target, Protocol.TCP)
    tracer = Tracer(switch or TellingSwitch(), cluster, NODE, stop)
    return [one for route in aim.routes for one in tracer.trace(route)]


def test_the_verdict_comes_first() -> None:
    """The first section is titled by both ends, and its first line is the verdict."""
    there, back = traced(WEB)
    first, *steps = trace_detail(NODE, there)
    assert first.title == "shop/cart-5c9d8-7hk2p → shop/web-84d5f-j4r7x, tcp/8080"
    assert first.lines[0] == verdict_line(there)
    assert first.lines[0].label == "● there"
    assert [section.title for section in steps] == [
        "br0",
        "br0 again, after conntrack found trk|new",
    ]
    assert trace_detail(NODE, back)[0].title.endswith("the answer to tcp/8080")


def test_steps_have_table_meaning_rule_and_act() -> None:
    """Each step names its table and what that is for, the rule, and what it did."""
    (there, _) = traced(WEB)
    lines = trace_detail(NODE, there)[2].lines
    at = next(place for place, line in enumerate(lines) if line.label == "  20")
    assert [line.text for line in lines[at : at + 4]] == [
        "from pods: is the address the port's own; sets the VNID",
        "priority 100, ip,in_port=shop/cart-5c9d8-7hk2p,nw_src=10.128.2.14",
        "→ load:VNID 42->NXM_NX_REG0[]",
        "→ goto_table:27",
    ]


def test_tables_are_named_by_the_version_of_the_rules() -> None:
    """Table 30 tracks connections in the new rules, and routes in the old ones."""
    for version, said in ((0x0E, "connection tracking"), (0x06, "routing")):
        switch = TellingSwitch()
        note = f"note:02.{version:02x}.00.00.00.00"
        switch.note = (FlowEntry(253, 0, "", note),)
        ways = traced(WEB, switch)
        for one in ways:
            steps = trace_detail(NODE, one)
            assert said in [line.text for part in steps for line in part.lines]
        # One question of the switch for both ways.
        assert switch.read == [("table=253",)]


def test_a_note_that_cannot_be_read_is_said() -> None:
    """The trace is told all the same, its tables as any version has them."""
    switch = TellingSwitch()
    switch.unreadable = ProbeError("bridge br0", "read its flows", "no ovs-ofctl")
    there, _ = traced(WEB, switch)
    first, *_, last = trace_detail(NODE, there)
    (line,) = [line for line in first.lines if line.label == "tables"]
    assert line.text.startswith("named as any version has them: bridge br0: ")
    assert "no ovs-ofctl" in line.text
    assert last.lines


def test_the_rule_that_drops_is_marked() -> None:
    """Its sign and its colour tell it from all others; it is named above, too."""
    there, _ = traced(PROMETHEUS)
    sections = trace_detail(NODE, there)
    marked = [line for line in sections[2].lines if line.bad]
    assert marked[0].label == "✖ 80"
    assert marked[-1].text == "→ drop"
    assert sum(line.label.startswith("✖") for line in sections[2].lines) == 1
    rule = "table 80 of br0: priority 100, ip,reg1=VNID 11,nw_dst=10.128.2.13"
    assert Line("decided by", rule, bad=True) in sections[0].lines


def test_the_rule_that_delivers_is_marked_without_alarm() -> None:
    """A packet that arrives has its rule marked, but nothing is wrong."""
    there, _ = traced(WEB)
    sections = trace_detail(NODE, there)
    assert not any(line.bad for section in sections for line in section.lines)
    assert [ln.label for ln in sections[2].lines if ln.label.startswith("●")] == [
        "● 80"
    ]


def test_the_other_node_is_named_with_its_subnets() -> None:
    """A packet to another node says whose it is, by which object."""
    there, _ = traced("10.130.0.9")
    node = next(
        ln for ln in trace_detail(NODE, there)[0].lines if ln.label == "other node"
    )
    assert node.text == "node worker-2 (192.0.2.18), pods 10.130.0.0/23, by Node"
    acts = [line.text for line in trace_detail(NODE, there)[2].lines]
    assert "→ set_field:node worker-2 (192.0.2.18)->tun_dst" in acts


def test_what_could_not_be_asked_is_wrong_or_absent() -> None:
    """A failure is marked; where there is nothing to ask, nothing is wrong."""
    switch = TellingSwitch()
    switch.failure = ProbeError("br0", "trace a packet", "permission denied")
    failed, _ = map(verdict_line, traced(WEB, switch))
    assert (failed.label, failed.bad) == ("✖ there", True)
    absent = verdict_line(traced("shop/web")[1])
    assert (absent.label, absent.bad) == ("○ back", False)


def test_raw_is_the_command_and_the_switchs_words() -> None:
    """The line above asks the same in a shell; below it stands the whole answer."""
    _, back = traced(WEB)
    head, _, rest = raw_text(NODE, back).partition("\n")
    assert head == f"# {command_of(NODE, back)}"
    words = shlex.split(command_of(NODE, back))
    assert words[:2] == ["ovs-appctl", "ofproto/trace"]
    assert words.count("--ct-next") == len(REPLIES)
    assert back.question
    assert words[-2:] == ["br0", back.question.flow]
    assert back.facts
    assert rest.strip() == back.facts.text.strip()


def test_the_command_leads_to_the_nodes_switch() -> None:
    """In a debug pod it changes root first, wherever it is printed."""
    there, _ = traced(WEB)
    debug = replace(NODE, place=Place(PlaceKind.CONTAINER, "/host"))
    assert command_of(debug, there).startswith("chroot /host ovs-appctl ofproto/trace ")
    assert raw_text(debug, there).startswith(f"# {command_of(debug, there)}\n")
    document = trace_json(Told((there,)), debug)
    assert json.loads(json.dumps(document))["traces"][0]["command"] == command_of(
        debug, there
    )


def test_nothing_acts_on_the_terminal() -> None:
    """What a switch or a pod's name holds is made visible, in text and raw."""
    there, _ = traced(WEB)
    assert there.facts
    hostile = replace(there, facts=replace(there.facts, text="Flow: \x1b[31m\n"))
    assert "\x1b" not in raw_text(NODE, hostile)
    (evil, _) = traced("10.128.2.19")
    assert "\x1b" not in as_text(trace_detail(NODE, evil))


def test_the_report_has_all_verdicts_first() -> None:
    """Every verdict stands before the first step; notes come with them."""
    ways = tuple(traced("shop/web"))
    text = trace_text(Told(ways, ("19 ready endpoints",)), NODE)
    head, _, steps = text.partition("note ")
    assert head.count("there") + head.count("back") >= len(ways)
    assert "priority" not in head
    assert "dispatch by port" in steps


def test_raw_report() -> None:
    """With --raw it is the switch's answers alone."""
    text = trace_text(Told(tuple(traced(WEB))), NODE, raw=True)
    assert text.count("# ovs-appctl ofproto/trace") == 2
    assert "delivered" not in text


def test_json() -> None:
    """Every way has verdict, flow, command, steps, and the raw answer."""
    rows = trace_json(Told(tuple(traced("10.130.0.9")), ("x",)), NODE)
    told = json.loads(json.dumps(rows))
    there, back = told["traces"]
    assert told["notes"] == ["x"]
    assert there["verdict"]["fate"] == "sent to another node"
    assert there["verdict"]["peer"] == {"address": "192.0.2.18", "node": "worker-2"}
    assert there["verdict"]["port"] == "br0/vxlan0"
    assert there["passes"][1]["steps"][0]["table"] == 0
    assert there["raw"].startswith("Flow: ")
    assert back["states"] == list(REPLIES)
    failed = json.loads(json.dumps(trace_json(Told(tuple(traced("shop/web"))), NODE)))
    assert failed["traces"][1]["verdict"] is None
    assert "endpoints" in failed["traces"][1]["failed"]
