"""Traces against `ovs-appctl ofproto/trace`, and against packets that are really sent.

The bridge is programmed with the flows of a node of OpenShift SDN; its pods are two
namespaces, with veths on the ports that the flows name.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from node.lab import NOBODY, Lab, why_not
from node.test_flows import RECORDED, program

HERE = Path(__file__)
RECIRC = re.compile(r"(recirc(?:_id=|\())0x[0-9a-f]+")
"""Numbers that each trace gives anew."""
A, B = "10.128.0.2", "10.128.0.3"
LAST = 7000
"""The port of the datagram that nothing drops, which is sent after all others."""
BRIDGE = """
ovs-vsctl -- add-br br0 -- set Bridge br0 datapath_type=netdev fail_mode=secure \\
    protocols=OpenFlow13 \\
  -- add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan ofport_request=1 \\
    options:remote_ip=flow options:key=flow \\
  -- add-port br0 tun0 -- set Interface tun0 type=internal ofport_request=2
ip address add 10.128.0.1/23 dev tun0
ip link set tun0 up
"""
POD = """
ip netns add $1
ip link add veth$1 type veth peer name eth0 address $3 netns $1
ip netns exec $1 sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
ip -n $1 address add $2/23 dev eth0
ip -n $1 link set eth0 up
ip link set veth$1 up
ip -n $1 neigh add $5 lladdr $6 dev eth0 nud permanent
ovs-vsctl --timeout=20 add-port br0 veth$1 -- set Interface veth$1 ofport_request=$4
"""
MAC_A, MAC_B = "0a:58:0a:80:00:02", "0a:58:0a:80:00:03"


@pytest.fixture(scope="module")
def made() -> Iterator[Lab]:
    """Give a lab with Open vSwitch, br0, and two pods on it."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    lab = Lab()
    try:
        lab.cover()
        lab.start_ovs()
        lab.sh(BRIDGE)
        for args in (("a", A, MAC_A, "3", B, MAC_B), ("b", B, MAC_B, "4", A, MAC_A)):
            lab.do("sh", "-euc", POD, "sh", *args)
        yield lab
    finally:
        lab.close()


@pytest.fixture
def lab(made: Lab) -> Lab:
    """Give the lab with the SDN's flows, and connections forgotten."""
    program(made, RECORDED.read_text("utf-8"))
    made.do("ovs-appctl", "dpctl/flush-conntrack")
    return made


def run(lab: Lab, *arguments: str, uid: int = 0, **environment: str) -> Any:  # noqa: ANN401 - what the script prints
    """Return what our reader prints."""
    script = str(HERE.with_name("tracing.py"))
    environment |= {"PYTHONPATH": str(HERE.parents[1])}
    other = (f"{name}={value}" for name, value in environment.items())
    done = lab.run("env", *other, sys.executable, script, *arguments, uid=uid)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def trace(lab: Lab, target: str, link: str = "vetha", kind: str = "udp") -> Any:  # noqa: ANN401 - the same
    """Return both ways of a packet."""
    return run(lab, "trace", link, target, kind)


def by_hand(lab: Lab, traced: dict[str, Any]) -> str:
    """Return what ovs-appctl prints for the same flow."""
    states = [part for state in traced["states"] for part in ("--ct-next", state)]
    command = ("ovs-appctl", "ofproto/trace", *states, "br0", traced["flow"])
    return lab.do(*command)


def sent(lab: Lab, *ports: int) -> list[int]:
    """Return the ports whose datagrams arrived in b, of those that a sent."""
    found: list[int] = run(lab, "send", "a", "b", A, B, *map(str, [*ports, LAST]))
    return found


def add(lab: Lab, flow: str) -> None:
    """Add a flow to br0."""
    lab.do("ovs-ofctl", "-OOpenFlow13", "add-flow", "br0", flow)


@pytest.mark.parametrize("target", [f"{B}:7000", "198.51.100.7:53", "10.130.0.9:53"])
def test_answers_are_those_of_appctl(lab: Lab, target: str) -> None:
    """Ours, ovs-appctl's, and that to the line that we print, are the same text."""
    asked = [one for one in trace(lab, target) if one["flow"]]
    assert asked
    for one in asked:
        texts = one["text"], by_hand(lab, one), lab.sh(one["command"])
        assert len({RECIRC.sub(r"\1N", text.strip()) for text in texts}) == 1


def test_what_is_said_to_arrive_arrives(lab: Lab) -> None:
    """Both ways are delivered to the right port, and a real datagram comes through."""
    there, back = trace(lab, f"{B}:7001")
    assert (there["fate"], back["fate"]) == ("delivered", "delivered")
    assert "by port vethb of br0" in there["says"]
    assert "by port vetha of br0" in back["says"]
    assert sent(lab, 7001) == [7001, LAST]


@pytest.mark.parametrize(
    ("flow", "rule"),
    [
        ("table=80,priority=100,udp,udp_dst=7001,actions=drop", "table 80 of br0"),
        ("table=27,priority=400,udp,tp_dst=7001,actions=drop", "table 27 of br0"),
        ("table=0,priority=2000,udp,tp_dst=7001,actions=drop", "table 0 of br0"),
    ],
)
def test_what_is_said_to_be_dropped_is_dropped(lab: Lab, flow: str, rule: str) -> None:
    """The verdict names the rule that drops it, and a real datagram is lost there."""
    add(lab, flow)
    there, _ = trace(lab, f"{B}:7001")
    assert there["fate"] == "dropped"
    assert rule in there["says"]
    assert "tp_dst=7001" in there["says"]
    assert sent(lab, 7001, 7002) == [7002, LAST]
    table, priority = flow.split(",")[:2]
    said = lab.do("ovs-ofctl", "-OOpenFlow13", "dump-flows", "br0", table)
    (line,) = [line for line in said.splitlines() if f"{priority}," in line]
    assert "tp_dst=7001" in line


def test_an_answer_that_is_lost_is_told(lab: Lab) -> None:
    """Where only the way back is cut the packet arrives, and its answer does not."""
    add(
        lab, "table=80,priority=500,ip,nw_src=10.128.0.3,nw_dst=10.128.0.2,actions=drop"
    )
    there, back = trace(lab, f"{B}:7001")
    assert (there["fate"], back["fate"]) == ("delivered", "dropped")
    assert "nw_src=10.128.0.3" in back["says"]
    assert sent(lab, 7001) == [7001, LAST]


def test_what_leaves_by_tun0_is_in_the_nodes_hands(lab: Lab) -> None:
    """An address outside leaves by tun0; its answer comes in there and is delivered."""
    there, back = trace(lab, "198.51.100.7:53")
    assert there["fate"] == "leaves Open vSwitch"
    assert "tun0" in there["says"]
    assert back["flow"].startswith("in_port=2,")
    assert back["fate"] == "delivered"


def test_another_node_behind_no_route(lab: Lab) -> None:
    """A peer that the node has no route to is named, with the switch's own words."""
    key = "move:NXM_NX_REG0[]->NXM_NX_TUN_ID[0..31]"
    to = f"{key},set_field:192.0.2.18->tun_dst,output:1"
    add(lab, f"table=90,priority=100,ip,nw_dst=10.130.0.0/23,actions={to}")
    there, back = trace(lab, "10.130.0.9:53")
    assert there["fate"] == "dropped"
    assert "192.0.2.18: native tunnel routing failed" in there["says"]
    assert back["flow"].startswith("in_port=1,udp,tun_src=192.0.2.18,tun_id=0x98d14d,")


def test_another_node_that_no_flow_leads_to(lab: Lab) -> None:
    """Without a flow to the peer the table's last rule drops it; nothing comes back."""
    there, back = trace(lab, "10.130.0.9:53")
    assert there["fate"] == "dropped"
    assert "table 90 of br0, priority 0" in there["says"]
    assert back["flow"] == ""


@pytest.mark.parametrize("kind", ["tcp", "udp", "icmp"])
def test_every_protocol_is_understood(lab: Lab, kind: str) -> None:
    """The switch takes the flow that we make of each."""
    assert [one["fate"] for one in trace(lab, B, kind=kind)] == ["delivered"] * 2


def test_from_the_node_itself(lab: Lab) -> None:
    """The node's own packets enter by tun0, with its address."""
    there, back = trace(lab, f"{B}:7001", link="tun0")
    assert there["flow"].startswith("in_port=2,udp,")
    assert (there["fate"], back["fate"]) == ("delivered", "leaves Open vSwitch")


def test_asking_sends_nothing(lab: Lab) -> None:
    """No counter of any flow moves, and no connection is made, by a trace."""
    trace(lab, f"{B}:7001")
    said = lab.do("ovs-ofctl", "-OOpenFlow13", "dump-flows", "br0", "udp,in_port=3")
    assert not re.search(r"n_packets=[1-9]", said)
    assert lab.do("ovs-appctl", "dpctl/dump-conntrack") == ""


def test_no_tool_is_needed(lab: Lab) -> None:
    """Without ovs-appctl, and any other tool, on the path it is asked all the same."""
    said = run(lab, "flow", "br0", "in_port=3,udp", PATH="/nonexistent")
    assert said["source"].startswith("/run/openvswitch/ovs-vswitchd.")
    assert 'bridge("br0")' in said["text"]


@pytest.mark.parametrize(
    ("bridge", "flow", "uid", "why"),
    [
        ("br0", "in_port=3,foo=1", 0, "unknown field foo"),
        ("nobr", "in_port=3", 0, "unknown bridge"),
        ("br0", "in_port=3", NOBODY, "run ocnetview as root"),
    ],
)
def test_why_it_cannot_be_asked(
    lab: Lab, bridge: str, flow: str, uid: int, why: str
) -> None:
    """Who, doing what, why, and what would help."""
    error = run(lab, "flow", bridge, flow, uid=uid)["error"]
    assert error.startswith(f"{bridge}: cannot trace a packet: ")
    assert why in error


def test_a_switch_that_hangs_is_left_in_time(lab: Lab) -> None:
    """The asking ends by itself, and says why."""
    pid = lab.do("cat", "/run/openvswitch/ovs-vswitchd.pid")
    lab.do("kill", "-STOP", pid)
    try:
        error = run(lab, "flow", "br0", "in_port=3")["error"]
    finally:
        lab.do("kill", "-CONT", pid)
    assert "busy or hangs" in error


def test_a_switch_that_hangs_is_left_when_told(lab: Lab) -> None:
    """Told to stop while the question is with it, we hang up."""
    said = run(lab, "leave", "/run/lab/silent")
    assert said["error"].endswith("told to stop")
    assert "ofproto/trace" in said["heard"]


def test_a_switch_that_is_gone(lab: Lab) -> None:
    """Where no daemon is, its folder is named, and what to look at."""
    error = run(lab, "flow", "br0", "in_port=3", OVS_RUNDIR="/run/nowhere")["error"]
    assert "no ovs-vswitchd answers in /run/nowhere" in error
