"""The flows that are shown, against `ovs-ofctl dump-flows` of a real switch."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from node.bridges import BRIDGES, HOSTILE, OTHER, OVN, POD, frame
from node.lab import NOBODY, Lab, why_not
from real_replies import real

HERE = Path(__file__)
RECORDED = HERE.parents[1] / "recordings" / "flows" / "openshift-sdn.txt"
STATISTICS = re.compile(r" (?:cookie|duration|n_packets|n_bytes)=[^ ]*,?(?= )")
AGES = re.compile(r"(?:duration|idle_age|hard_age)=[^,]*, ")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Give a lab with Open vSwitch and two bridges."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    made = Lab()
    try:
        made.cover()
        made.start_ovs()
        made.do("sh", "-euc", BRIDGES, "sh", f"{HOSTILE}\x1b[31m")
        yield made
    finally:
        made.close()


def program(lab: Lab, text: str, bridge: str = "br0") -> None:
    """Give a bridge the flows of a dump, and no others."""
    lines = [STATISTICS.sub("", line) for line in text.splitlines() if "table=" in line]
    flows = "\n".join(re.sub(r"^[^t]*(?=table=)", "", line) for line in lines)
    lab.sh(f"cat >/run/lab/flows <<'END'\n{flows}\nEND")
    lab.do("ovs-ofctl", "-OOpenFlow13", "del-flows", bridge)
    lab.do("ovs-ofctl", "-OOpenFlow13", "add-flows", bridge, "/run/lab/flows")


@pytest.fixture
def sdn(lab: Lab) -> Lab:
    """Give the lab with the flows of a node of OpenShift SDN, some of them used."""
    program(lab, RECORDED.read_text("utf-8"))
    for _ in range(3):
        packet = f"in_port=3 packet={frame()} actions=table"
        lab.do("ovs-ofctl", "-OOpenFlow13", "packet-out", "br0", packet)
    return lab


def flowing(lab: Lab, *arguments: str, uid: int = 0) -> dict[str, Any]:
    """Return what our reader prints."""
    script = str(HERE.with_name("flowing.py"))
    tests = str(HERE.parents[1])
    done = lab.run(sys.executable, script, *arguments, uid=uid, PYTHONPATH=tests)
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout))


def shown(lab: Lab, wired: dict[str, Any]) -> dict[str, Any]:
    """Return what our reader says."""
    return flowing(lab, "view", json.dumps(wired))


def asked(lab: Lab, *arguments: str, uid: int = 0) -> dict[str, Any]:
    """Return what our reader says of a bridge."""
    return flowing(lab, "ask", *arguments, uid=uid)


def by_hand(lab: Lab, wired: dict[str, Any], bridge: str = "br0") -> list[str]:
    """Return the lines of a whole dump that name this port, address or MAC."""
    version = "-OOpenFlow10" if bridge == "br10" else "-OOpenFlow13"
    dump = lab.do("ovs-ofctl", version, "dump-flows", bridge).splitlines()[1:]
    named = [rf"in_port={wired['ofport']}", rf"output:{wired['ofport']}"]
    named += [rf"(nw_src|nw_dst|arp_.pa)={re.escape(a)}" for a in wired["addresses"]]
    named += [rf"(dl_src|dl_dst|arp_.ha)={mac}" for mac in wired["macs"]]
    any_of = re.compile(rf"({'|'.join(named)})(?![0-9./:])")
    return sorted(AGES.sub("", line.strip()) for line in dump if any_of.search(line))


def read(lab: Lab, wired: dict[str, Any]) -> list[str]:
    """Return the lines that we read."""
    return sorted(AGES.sub("", line) for line in shown(lab, wired)["lines"])


def written(lines: list[str]) -> list[str]:
    """Return the lines with every priority written, as ours have it."""
    bare = re.compile(r"(n_bytes=\d+), (?!priority)")
    plain = [bare.sub(r"\1, priority=32768,", line) for line in lines]
    return sorted(line.replace(", actions", " actions") for line in plain)


@pytest.mark.parametrize("wired", [POD, OTHER], ids=["web", "db"])
def test_all_that_name_the_pod_are_read_and_none_else(
    sdn: Lab, wired: dict[str, Any]
) -> None:
    """Entries, actions and counters are those of the whole dump, filtered by hand."""
    expected = by_hand(sdn, wired)
    assert len(expected) == 5
    assert any("n_packets=3," in line for line in expected)
    assert read(sdn, wired) == written(expected)


@pytest.mark.parametrize("bridge", ["br0", "br-int"])
def test_the_commands_for_it_give_the_same(sdn: Lab, bridge: str) -> None:
    """Each is run by a shell; together they have all that is shown, and the note."""
    program(sdn, RECORDED.read_text("utf-8"))
    said = shown(sdn, {**POD, "bridge": bridge})
    found = {
        AGES.sub("", line.strip())
        for command in said["commands"]
        for line in sdn.do("bash", "-c", command).splitlines()
        if "table=" in line and "table=253" not in line
    }
    assert written(list(found)) == sorted(AGES.sub("", x) for x in said["lines"])


def test_a_healthy_pod_lacks_nothing(sdn: Lab) -> None:
    """The recorded flow set is whole for its pods, and of a known version."""
    said = shown(sdn, POD)
    assert not any(bad for *_, bad in said["rows"])
    assert "OpenShift SDN, networkpolicy, rule version 14" in said["text"]
    assert "table 70 · IP to a pod of this node" in said["text"]


@pytest.mark.parametrize(
    ("match", "table"),
    [
        ("table=20,arp,in_port=3", 20),
        ("table=20,ip,in_port=3", 20),
        ("table=25,ip,nw_src=10.128.0.2", 25),
        ("table=40,arp,arp_tpa=10.128.0.2", 40),
        ("table=70,ip,nw_dst=10.128.0.2", 70),
    ],
)
def test_what_was_deleted_is_missed(sdn: Lab, match: str, table: int) -> None:
    """The table and the match of the lost entry are told, and only those."""
    sdn.do("ovs-ofctl", "-OOpenFlow13", "del-flows", "br0", match)
    bad = [row for row in shown(sdn, POD)["rows"] if row[4]]
    ((number, wanted, _, note, _),) = bad
    assert (number, note) == (table, "missing")
    assert set(match.split(",")[1:]) <= set(wanted.split(","))


def test_a_missing_entry_added_as_it_is_told_is_missed_no_more(sdn: Lab) -> None:
    """The match that is shown is one that ovs-ofctl takes."""
    sdn.do("ovs-ofctl", "-OOpenFlow13", "del-flows", "br0", "table=20,in_port=3")
    lost = [row[1] for row in shown(sdn, POD)["rows"] if row[3] == "missing"]
    assert len(lost) == 2
    for match in lost:
        flow = f"table=20,priority=100,{match},actions=goto_table:27"
        sdn.do("ovs-ofctl", "-OOpenFlow13", "add-flow", "br0", flow)
    assert not [row for row in shown(sdn, POD)["rows"] if row[4]]


def test_an_entry_that_leads_elsewhere_is_stale(sdn: Lab) -> None:
    """It is named with the port that it leads to, and the right one is missed."""
    flow = "table=70,priority=100,ip,nw_dst=10.128.0.2,"
    flow += "actions=load:9->NXM_NX_REG2[],goto_table:80"
    sdn.do("ovs-ofctl", "-OOpenFlow13", "add-flow", "br0", flow)
    notes = [row[3] for row in shown(sdn, POD)["rows"] if row[4]]
    assert notes == ["stale: leads to port 9 (there is no such port)", "missing"]


def test_a_setup_that_never_finished_is_told(sdn: Lab) -> None:
    """Without the note in table 253 what every version has is missed, beside that."""
    for match in ("table=253", "table=25", "table=40,arp,arp_tpa=10.128.0.2"):
        sdn.do("ovs-ofctl", "-OOpenFlow13", "del-flows", "br0", match)
    said = shown(sdn, POD)
    assert "its setup never finished" in said["text"]
    assert [row[0] for row in said["rows"] if row[3] == "missing"] == [40]


def test_a_hostile_name_of_a_port_changes_nothing(sdn: Lab) -> None:
    """It is shown where the number stood, made harmless; what is read has numbers."""
    text = shown(sdn, POD)["text"]
    assert f"in_port={HOSTILE}\\x1b[31m" in text
    assert "\x1b" not in text


def test_a_bridge_of_openflow_1_0_is_asked_in_that(lab: Lab) -> None:
    """OVSDB's `protocols` says which version it speaks."""
    wired = {"bridge": "br10", "title": "x", "ofport": 3, "addresses": [], "macs": []}
    expected = by_hand(lab, wired, "br10")
    assert len(expected) == 1
    assert read(lab, wired) == written(expected)


def test_ovn_s_numbers_are_followed(lab: Lab) -> None:
    """Table 0 names the port, what follows its logical port and datapath."""
    flows = OVN.replace("\\\n", "")
    lab.sh(f"cat >/run/lab/ovn <<'END'\n{flows}\nEND")
    lab.do("ovs-ofctl", "add-flows", "br-int", "/run/lab/ovn")
    said = shown(lab, {**POD, "bridge": "br-int", "ofport": 7})
    assert [row[0] for row in said["rows"]] == [0, 8, 17, 48, 65]
    assert not any("0xc" in line or "metadata=0x4" in line for line in said["lines"])
    assert "table 65 · logical to physical: out by the port" in said["text"]
    assert "actions=output:7" in said["lines"][-1]


def test_the_published_flow_set_is_read_as_it_is(lab: Lab) -> None:
    """The flows of the SDN's own tests; the group that one names is made before."""
    group = "group_id=37,type=all,bucket=actions=output:2"
    lab.do("ovs-ofctl", "-OOpenFlow13", "add-group", "br0", group)
    program(lab, real("37"))
    expected = by_hand(lab, POD)
    assert len(expected) == 5
    assert read(lab, POD) == written(expected)
    many = {**POD, "ofport": 4, "addresses": [], "macs": []}
    assert read(lab, many) == written(by_hand(lab, many))
    assert any("table=120" in line for line in read(lab, many))


@pytest.mark.parametrize(
    ("arguments", "uid", "why"),
    [
        (("br0", "OpenFlow10"), 0, "version negotiation failed"),
        (("nobr", "OpenFlow13"), 0, "is the bridge still there"),
        (("../x", "OpenFlow13"), 0, "would lead to a socket elsewhere"),
        (("br0", "OpenFlow13"), NOBODY, "run as root"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_reason(
    lab: Lab, arguments: tuple[str, ...], uid: int, why: str
) -> None:
    """Who, doing what, why, and what would help."""
    error = asked(lab, *arguments, uid=uid)["error"]
    assert error.startswith(f"bridge {arguments[0]}: cannot read its flows")
    assert why in error


def test_no_protocols_are_the_usual_ones(lab: Lab) -> None:
    """A bridge that names none is asked in the highest version that both speak."""
    assert "count" in asked(lab, "br0", "")
    assert asked(lab, "br10", "")["count"] == 1


def test_a_switch_that_hangs_is_left_in_time(lab: Lab) -> None:
    """The asking ends by itself, and says why."""
    pid = lab.do("cat", "/run/openvswitch/ovs-vswitchd.pid")
    lab.do("kill", "-STOP", pid)
    try:
        error = asked(lab, "br0", "OpenFlow13")["error"]
    finally:
        lab.do("kill", "-CONT", pid)
    assert "did not answer within 5 s" in error
    assert not lab.run("pgrep", "ovs-ofctl").stdout


def test_a_switch_that_hangs_is_left_when_told(lab: Lab) -> None:
    """Told to stop while it waits, the tool hangs up and is no process any more."""
    said = flowing(lab, "leave", "/run/lab/silent")
    assert said["error"].endswith("told to stop")
    assert said["left"] is False
