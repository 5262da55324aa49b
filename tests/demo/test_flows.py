"""The flows of the demo's br0: whole for every pod but one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from demo.visits import Caller, need_namespaces, need_ovs

from ocnetview.demo.flows import PEER_ADDRESS, flows, vnid
from ocnetview.demo.plan import mac_of
from ocnetview.demo.pods import PODS
from ocnetview.match.openflow import Wired
from ocnetview.match.openflow_sdn import contradiction, missing, vnid_of
from ocnetview.match.openflow_tables import Note, note_of
from ocnetview.match.openflow_text import read_flows

NUMBERED = tuple(enumerate((p for p in PODS if p.address and p.namespace), 3))
ENTRIES = read_flows("\n".join(flows(NUMBERED)))
(WORKER,) = (pod for pod in PODS if pod.noted)
(SETTLE,) = (pod for pod in PODS if pod.address == WORKER.noted)
NAMES = {number: pod.title for number, pod in NUMBERED}
LOOK = """
import json, subprocess, sys
ask = [sys.executable, "-m", "ocnetview", "flows", "--json", "--rates", "2"]
said = [subprocess.check_output([*ask, title]) for title in sys.argv[2:]]
print(json.dumps(list(map(json.loads, said))))
"""


def wired(number: int) -> Wired:
    """Return a pod of the plan as it is on br0."""
    pod = dict(NUMBERED)[number]
    macs = (mac_of(pod.address),)
    return Wired("br0", pod.title, number, (pod.address,), macs, expected=True)


def test_each_pod_has_its_own_entries_but_one() -> None:
    """The one whose address is in its neighbour's row lacks all but table 25's."""
    note = note_of(ENTRIES)
    assert note == Note(2, 13)
    lacking = {
        pod.title: [rule.table for rule in missing(ENTRIES, wired(number), note)]
        for number, pod in NUMBERED
    }
    assert {title: lost for title, lost in lacking.items() if lost} == {
        SETTLE.title: [20, 20, 40, 70]
    }


def test_what_contradicts_is_about_those_two_alone() -> None:
    """Neither of them is looked at without a hint at the other's address or port."""
    told = {
        pod.title: {contradiction(entry, wired(number), NAMES) for entry in ENTRIES}
        for number, pod in NUMBERED
    }
    odd = {title: texts - {""} for title, texts in told.items() if texts - {""}}
    assert odd.keys() == {WORKER.title, SETTLE.title}
    assert all(WORKER.title in text for text in odd[SETTLE.title])
    assert all(SETTLE.address in text for text in odd[WORKER.title])


def test_every_namespace_is_a_network_of_its_own() -> None:
    """What a pod sends gets its namespace's VNID."""
    spaces = {pod.namespace for _, pod in NUMBERED}
    assert len({vnid(space) for space in spaces}) == len(spaces)
    for number, pod in NUMBERED:
        if pod is not SETTLE:
            assert vnid_of(ENTRIES, wired(number)) == vnid(pod.namespace)


def test_another_node_is_known() -> None:
    """By where its packets come from, and where those for it go."""
    tables = {e.table for e in ENTRIES if PEER_ADDRESS in f"{e.match} {e.actions}"}
    assert tables == {10, 50, 90, 111}
    assert len({e.cookie for e in ENTRIES if e.table in {10, 50, 90} and e.cookie}) == 1


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, Any]]:
    """Give what `ocnetview flows` says on the demo node, by pod."""
    root = Caller("root")
    need_namespaces(root)
    need_ovs(root)
    titles = [SETTLE.title, next(p.title for p in PODS if p.name.startswith("api-"))]
    done = subprocess.run(
        root.demo("ovs", sys.executable, "-c", LOOK, *("-", *titles)),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.stdout, done.stderr
    found = (document["flows"][0] for document in json.loads(done.stdout))
    return {flow["title"]: flow for flow in found}


def test_the_fault_is_seen_on_the_node(seen: dict[str, dict[str, Any]]) -> None:
    """What is missing is said with its match, what is stale with whose port it is."""
    view = seen[SETTLE.title]
    assert view["layout"] == "OpenShift SDN"
    assert NAMES[view["ofport"]] == SETTLE.title
    lost = [e["match"] for e in view["entries"] if e["missing"]]
    assert f"ip,nw_dst={SETTLE.address}" in lost
    assert len(lost) == 4
    stale = [e["note"] for e in view["entries"] if e["note"].startswith("stale")]
    assert len(stale) == 4
    assert all(WORKER.title in note for note in stale)


def test_a_guarded_pod_gets_what_its_policy_lets_in(
    seen: dict[str, dict[str, Any]],
) -> None:
    """Its traffic goes on, both ways, and nothing of it is dropped."""
    (view,) = (v for title, v in seen.items() if title != SETTLE.title)
    assert view["wrong"] == 0
    rates = {
        (e["table"], e["named_actions"] == "drop"): e["packets_per_second"]
        for e in view["entries"]
        if e["match"].startswith("ip,") and e["table"] in {20, 70, 80}
    }
    assert rates[20, False]
    assert rates[70, False]
    assert rates[80, False]
    assert rates[80, True] == 0
