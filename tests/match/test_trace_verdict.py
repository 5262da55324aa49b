"""What became of a packet, by what the switch answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui import nodes
from tui.tracing import OTHER, recorded, traceable

from ocnetview.details.trace import trace_detail
from ocnetview.facts import OvsInterface
from ocnetview.match.trace_answer import read_answer, steps_of
from ocnetview.match.trace_ends import End
from ocnetview.match.trace_flow import Way
from ocnetview.match.trace_verdict import Fate, Verdict, judge
from ocnetview.match.trace_ways import Route, Traced
from ocnetview.model import Bridge, BridgeKind, NodeModel, Port, PortRole

NODE = traceable(nodes.node())


def verdict(text: str, model: NodeModel = NODE) -> Verdict:
    """Return what became of a packet; worker-2 is known."""
    return judge(model, read_answer(text), (OTHER,))


def one(*acts: str) -> str:
    """Return an answer of one rule that does this."""
    lines = "\n".join(f"    {act}" for act in acts)
    return f'bridge("br0")\n---\n 0. priority 0\n{lines}\n\nDatapath actions: 1\n'


def ovn_node() -> NodeModel:
    """Return a node with OVN's two bridges, and a geneve port."""

    def port(bridge: str, name: str, ofport: int, role: PortRole, **o: str) -> Port:
        row = OvsInterface(name, ofport=ofport, options=o)
        return Port(bridge, BridgeKind.OVS, name, "system", ofport, role=role, ovs=row)

    inner = (
        port("br-int", "patch-br-int-to-br-ex_n", 2, PortRole.PATCH),
        port("br-int", "ovn-a1b2c3-0", 3, PortRole.TUNNEL, remote_ip="192.0.2.18"),
    )
    outer = (port("br-ex", "ens3", 1, PortRole.UPLINK),)
    return NodeModel(
        bridges=(
            Bridge("br-int", BridgeKind.OVS, inner),
            Bridge("br-ex", BridgeKind.OVS, outer),
        )
    )


def test_delivered_names_the_pod() -> None:
    """A port of a pod is called by the pod's name, and the last rule decided."""
    text = recorded("delivered")
    found = verdict(text)
    assert found.fate is Fate.DELIVERED
    assert "shop/web-84d5f-j4r7x" in found.text
    assert found.step == len(list(steps_of(read_answer(text)))) - 1
    assert not found.bad


def test_delivered_to_another_pod_is_a_fault() -> None:
    """A neighbour that gets the packet is no success, though a port sent it on."""
    passes = read_answer(recorded("delivered"))
    web = next(pod for pod in NODE.pods if pod.title == "shop/web-84d5f-j4r7x")
    right = judge(NODE, passes, target=End(web.title, pod=web.key))
    wrong = judge(NODE, passes, target=End("shop/db-0", pod="uid of db-0"))
    assert (right.fate, right.bad) == (Fate.DELIVERED, False)
    assert (wrong.fate, wrong.bad) == (Fate.ASTRAY, True)
    assert wrong.text == f"{right.text}, not to shop/db-0"


def test_the_rule_for_the_rest_is_called_so() -> None:
    """A rule without a match drops what no rule above it matches."""
    found = verdict(one("drop"))
    assert found.text.endswith("priority 0: what no rule above it matches")


def test_dropped_names_the_rule() -> None:
    """A packet that nothing sends on was dropped by the rule that it met last."""
    found = verdict(recorded("dropped"))
    assert found.fate is Fate.DROPPED
    assert found.bad
    rule = "table 80 of br0, priority 100: ip,reg1=0xb,nw_dst=10.128.2.13"
    assert found.text == f"dropped by {rule}"


def test_a_tunnel_leads_to_a_node_by_name() -> None:
    """The packet's own tunnel destination names the node; the key is kept."""
    found = verdict(recorded("tunnel"))
    assert found.fate is Fate.TUNNEL
    assert found.peer
    assert found.peer.title == "node worker-2 (192.0.2.18)"
    assert found.peer.title in found.text
    assert found.key == "0x2a"


def test_a_peer_that_nobody_knows_has_its_address() -> None:
    """Without the API the peer is called by its address."""
    found = judge(NODE, read_answer(recorded("tunnel")))
    assert found.peer
    assert found.peer.title == "192.0.2.18"


def test_a_tunnel_without_a_route_drops() -> None:
    """What comes out of no tunnel, for want of a route, is dropped, with the peer."""
    found = verdict(recorded("unrouted"))
    assert found.fate is Fate.DROPPED
    assert "native tunnel routing failed" in found.text
    assert "worker-2" in found.text


def test_the_way_to_the_node_leaves_the_switch() -> None:
    """By tun0 iptables decide, which the switch knows nothing of."""
    found = verdict(recorded("leaves"))
    assert found.fate is Fate.LEAVES
    assert "iptables decide" in found.text


def test_an_uplink_behind_a_patch_port_leaves_the_node() -> None:
    """The patch port itself is no end: the packet leaves by the bridge behind it."""
    found = verdict(recorded("ovn-egress"), ovn_node())
    assert found.fate is Fate.LEAVES
    assert "ens3 of br-ex" in found.text


def test_a_geneve_port_has_its_peer_itself() -> None:
    """On OVN each tunnel port names its own remote address."""
    text = one("output:3").replace("br0", "br-int")
    found = verdict(text, ovn_node())
    assert found.fate is Fate.TUNNEL
    assert found.peer
    assert found.peer.name == "worker-2"


@pytest.mark.parametrize(
    ("acts", "fate"),
    [
        (("NORMAL", " -> no learned MAC for destination, flooding"), Fate.SPREAD),
        (("FLOOD",), Fate.SPREAD),
        (("CONTROLLER:96",), Fate.CONTROLLER),
        (("LOCAL",), Fate.LEAVES),
        (("output:10", " >> skipping output to input port"), Fate.DROPPED),
        (("output:99", " >> Nonexistent output port"), Fate.DROPPED),
        (("output:1", "output:10"), Fate.DELIVERED),
    ],
)
def test_other_ends(acts: tuple[str, ...], fate: Fate) -> None:
    """Each way out has its fate; of several the nearest counts."""
    assert verdict(one(*acts)).fate is fate


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no step"),
        (
            'bridge("br0")\n---\n 0. ip, priority 1\n    goto_table:20\n',
            "before its end",
        ),
        (
            one("ct(table=1)").replace("actions: 1", "actions: ct,recirc(0x7)"),
            "recirculation 0x7",
        ),
        (
            one("resubmit(,1)", " >>>> over max translation depth 64 <<<<"),
            "gave up: over max translation depth 64",
        ),
    ],
)
def test_an_answer_that_does_not_say_is_no_drop(text: str, said: str) -> None:
    """Where the answer has no end, nobody claims that the packet was dropped."""
    found = verdict(text)
    assert found.fate is Fate.UNKNOWN
    assert said in found.text


def test_a_bridge_that_is_not_ours() -> None:
    """A port of a bridge that the node is not known to have is still an end."""
    empty = replace(NODE, bridges=())
    assert verdict(one("output:4"), empty).fate is Fate.DELIVERED


_LINES = (
    'bridge("br0")',
    '    bridge("br-ex")',
    " 0. ip, priority 100",
    "    73. ip, priority 90",
    "20. No match.",
    "    output:10",
    "    output:1",
    "    LOCAL",
    "    NORMAL",
    "    FLOOD",
    "    CONTROLLER:96",
    "    group:37",
    "    output:NXM_NX_REG2[]",
    "     -> output port is 4",
    "     >> skipping output to input port",
    "     >>>> over max translation depth 64 <<<<",
    "recirc(0x1) - resume conntrack",
    "Final flow: tcp,tun_dst=192.0.2.18",
    "Datapath actions: drop",
    "Datapath actions: ct,recirc(0x2)",
)


@given(st.lists(st.sampled_from(_LINES), max_size=20))
def test_every_answer_has_a_verdict_and_can_be_shown(lines: list[str]) -> None:
    """Whatever the order of lines, there is one fate, of a step that there is."""
    passes = read_answer("\n".join(lines))
    found = judge(NODE, passes, (OTHER,))
    steps = list(steps_of(passes))
    assert found.text
    assert found.step is None or found.step < len(steps)
    route = Route(End("a", ("10.128.2.14",)), End("b", ("10.128.2.17",)))
    traced = Traced(route, Way.THERE, passes=passes, verdict=found)
    shown = [line for section in trace_detail(NODE, traced) for line in section.lines]
    decided = [line for line in shown if line.label.endswith(" there")]
    assert len(decided) == 1
