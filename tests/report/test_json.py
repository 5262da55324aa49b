"""The JSON documents: a change here is a change of the output contract."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from builders import container, docker, link_facts, ovs, process, veth

from ocnetview.build import build_model
from ocnetview.details.json_pods import interface_json, pod_json
from ocnetview.details.json_rows import port_json, process_json
from ocnetview.facts import (
    Counters,
    Facts,
    OvsInterface,
    ProcessFacts,
    Sample,
    Sandbox,
)
from ocnetview.match.who import find
from ocnetview.model import Interface, NodeModel
from ocnetview.report.json import (
    SCHEMA,
    answer_json,
    bridge_json,
    document,
)

LINK = {
    "name",
    "ifindex",
    "netns",
    "kind",
    "peer_index",
    "nsid",
    "peer_netns",
    "mac",
    "mtu",
    "up",
    "operstate",
    "addresses",
    *("altnames", "vlan", "parent_dev", "phys_port", "phys_switch"),
}
CONTAINER = {
    "id",
    "name",
    "runtime_name",
    "runtime",
    "state",
    "image",
    "pid",
    "netns",
    "network_mode",
    *("sandbox_id", "attempt", "exit_code", "reason"),
}


@pytest.fixture
def model() -> NodeModel:
    """Return a node with one of everything."""
    outer, inner = veth(7, 12, "vethA")
    box = container(7, "redis")
    counters = {12: Counters(1, 2, 3, 4, 5, 6, 7, 8)}
    facts: dict[str, Facts] = {
        "rtnetlink": link_facts([outer], [inner], counters),
        "ovsdb": ovs(OvsInterface("vethA", ofport=3), OvsInterface("gone", ofport=-1)),
        "docker": docker(box),
        "procfs": ProcessFacts((process(5, container_id=box.id),), 1.0, 9.0),
    }
    return build_model(Sample(1.0, facts))


def keys(row: object) -> set[str]:
    """Return the keys of a row as a reader of the text finds them."""
    found = json.loads(json.dumps(row))
    assert isinstance(found, dict)
    return set(found)


def test_a_port(model: NodeModel) -> None:
    """Every port has all keys; what is not known is null."""
    healthy, stale = (
        json.loads(json.dumps(port_json(p))) for p in model.bridges[0].ports
    )
    assert set(healthy) == {
        *("key", "bridge", "datapath", "name", "type", "ofport", "tag", "role"),
        *("purpose", "pod", "state", "error", "ifindex", "link", "counters"),
        *("trunks", "ovs"),
    }
    assert set(stale) == set(healthy)
    assert (stale["ifindex"], stale["link"], stale["counters"]) == (None, None, None)
    assert set(healthy["link"]) == LINK
    assert set(healthy["ovs"]) == {
        *("ifindex", "mac", "mtu", "admin_state", "link_state"),
        *("external_ids", "options"),
    }
    assert healthy["counters"] == {
        "rx_packets": 1,
        "tx_packets": 2,
        "rx_bytes": 3,
        "tx_bytes": 4,
        "rx_errors": 5,
        "tx_errors": 6,
        "rx_dropped": 7,
        "tx_dropped": 8,
    }


def test_a_bridge(model: NodeModel) -> None:
    """A bridge has its kind, its own link, and OVSDB's columns."""
    assert keys(bridge_json(model.bridges[0])) == {
        *("name", "kind", "ports", "link", "datapath_type", "fail_mode"),
        *("external_ids", "protocols"),
    }


def test_a_pod(model: NodeModel) -> None:
    """A pod has its interfaces with host end and evidence, and its containers."""
    (pod,) = (json.loads(json.dumps(pod_json(p))) for p in model.pods)
    assert set(pod) == {
        *("key", "kind", "title", "namespace", "name", "uid", "addresses", "inside"),
        *("veth", "port", "running", "age", "host_network", "netns", "reason"),
        *("interfaces", "containers", "sandbox", "attempts", "proof", "sources"),
        *("ready", "expected", "restarts"),
        *("status", "traits", "joined", "engine", "disputed", "disputes"),
    }
    (interface,) = pod["interfaces"]
    assert set(interface) == {
        *(*LINK, "host", "port", "evidence", "evidences", "counterpart"),
        *("network", "note", "disputed"),
    }
    assert set(interface["host"]) == LINK
    assert set(interface["evidence"]) == {
        *("kind", "detail", "says", "source", "agrees"),
    }
    assert interface["evidences"][0] == interface["evidence"]
    assert interface["counterpart"]["link"] == interface["host"]
    assert set(interface["counterpart"]) == {
        *("relation", "where", "owner", "text", "link"),
    }
    assert set(pod["containers"][0]) == CONTAINER


def test_an_interface_that_cannot_be_read_has_all_keys() -> None:
    """Where the kernel cannot be asked, the name is what somebody says."""
    blind = json.loads(json.dumps(interface_json(Interface(None, given_name="eth0"))))
    assert set(blind) >= LINK
    assert (blind["name"], blind["ifindex"], blind["host"]) == ("eth0", None, None)


def test_a_sandbox_without_a_process(model: NodeModel) -> None:
    """Its namespace is known by its path; what it has no process for is null."""
    (pod,) = model.pods
    held = Sandbox("ab" * 32, "cri-o", netns=pod.netns, netns_path="/run/netns/x")
    shown = json.loads(json.dumps(pod_json(replace(pod, sandbox=held))))["sandbox"]
    assert (shown["pid"], shown["netns_path"]) == (None, "/run/netns/x")
    assert shown["netns"] == pod.netns.ino if pod.netns else False


def test_a_process(model: NodeModel) -> None:
    """A process has its place in the tree and its identity."""
    assert keys(process_json(model.processes[0])) == {
        *("pid", "inner_pid", "ppid", "start_time", "user", "uid", "state", "rss"),
        *("command", "argv", "name", "container", "container_id", "pod", "depth"),
        *("age", "threads", "cpu_ticks", "tasks", "wchan", "note"),
    }


def test_an_answer(model: NodeModel) -> None:
    """An answer has everything that belongs to it."""
    (answer,) = find(model, "vethA")
    assert keys(answer_json(answer, model)) == {
        *("what", "path", "pod", "container", "process", "interface", "link", "port"),
        "netns",
    }


def test_a_document_names_its_schema_and_ends_its_line(model: NodeModel) -> None:
    """One JSON value, one line end, the schema's version in it."""
    text = "".join(document(model, "pods", {"pods": []}))
    assert text.endswith("}\n")
    whole = json.loads(text)
    assert set(whole) == {"schema", "command", "at", "sources", "pods"}
    assert whole["schema"] == SCHEMA == "ocnetview/1"
