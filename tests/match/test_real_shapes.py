"""Published output of real clusters, read where it is at hand: OVS, Multus, names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import HOST, netns
from cluster import Cluster

from ocnetview.collectors.cni_result import read_interfaces
from ocnetview.facts import OvsInterface
from ocnetview.match.claims_ovs import address_of_mac, read_row
from ocnetview.match.networks import POD_NETWORKS, STATUS, networks
from ocnetview.model import EvidenceKind

REAL = Path(__file__).parents[3] / "shared" / "realdata"

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="no published output here")


def real(number: str) -> str:
    """Return the text of the file of this number."""
    (path,) = REAL.glob(f"{number}-*")
    return path.read_text()


def rows(text: str) -> Iterator[OvsInterface]:
    """Yield the rows that `ovs-vsctl list interface` printed."""
    pattern = re.compile(r'([\w./-]+|"[^"]*")="?([^",}]*)"?')
    found = re.findall(r"external_ids\s*: \{(.*)\}", text)
    names = re.findall(r'^name\s*: "?([^"\n]+)"?', text, re.MULTILINE)
    for name, ids in zip(names, found, strict=True):
        pairs = {key.strip('"'): value for key, value in pattern.findall(ids)}
        yield OvsInterface(name, external_ids=pairs)


def test_openshift_sdns_rows_name_sandbox_and_address() -> None:
    """Each veth's row has a whole sandbox id and an address without a mask."""
    said = [read_row(row) for row in rows(real("36"))]
    assert [s.addresses for s in said] == [("10.129.0.3",), ("10.129.0.2",)]
    assert all(re.fullmatch("[0-9a-f]{64}", s.sandbox) for s in said)


def test_ovn_kubernetes_row_names_all_of_the_pod() -> None:
    """Sandbox, uid, name, interface, MAC and address, and they fit one another."""
    (row,) = rows(real("27"))
    said = read_row(row)
    assert row.name == said.sandbox[:15]
    assert (said.namespace, said.name) == ("default", "workflow-test")
    assert said.uid.count("-") == 4
    assert said.ifname == "eth0"
    assert said.addresses == (address_of_mac(said.mac),)


def test_that_row_finds_its_pod_by_row_and_by_name() -> None:
    """Without the kernel's proof the row's ids and the link's name lead to the pod."""
    (row,) = rows(real("27"))
    node = Cluster(rows=[row])
    node.pod(1, "workflow-test", sid=read_row(row).sandbox, netns=None)
    node.lone(0, 12, row.name, kind="veth", peer_index=2)
    (one,) = node.joined("workflow-test").interfaces
    assert one.name == "eth0"
    assert [e.kind for e in one.evidence] == [EvidenceKind.OVS, EvidenceKind.NAME]


def test_names_of_other_networks_hold_the_pods_name_last() -> None:
    """OVN-Kubernetes puts the network before, its dashes and slash as dots."""
    for name in re.findall(r"^name\s*: (\S+)", real("34"), re.MULTILINE):
        said = read_row(OvsInterface("x", external_ids={"iface-id": name}))
        assert name.endswith(f"_{said.namespace}_{said.name}")
        assert said.namespace in ("default", "mlecki")


def test_every_published_status_names_its_networks() -> None:
    """All five shapes have eth0 first, and one default network."""
    shapes = json.loads(real("29"))
    assert len(shapes) == 5
    for title, entries in shapes.items():
        found = networks({STATUS: json.dumps(entries)})
        assert [n.ifname for n in found] == [e["interface"] for e in entries], title
        assert [n.default for n in found].count(True) == 1
        assert all(n.addresses for n in found)


def test_a_primary_udn_pods_annotations_name_each_network() -> None:
    """Cut from a page: what the two annotations say is joined by MAC."""
    text = real("20")
    own = "".join(re.findall(r"pod-networks: '(.*?)'", text, re.DOTALL)).split("\n")
    status = text.partition("network-status: |-")[2]
    found = networks({STATUS: status, POD_NETWORKS: "".join(map(str.strip, own))})
    assert {n.ifname: n.name for n in found} == {
        "eth0": "ovn-kubernetes",
        "ovn-udn1": "green/green-network",
        "net1": "green/green-secondary-network",
    }


def test_a_real_trace_comes_out_as_its_author_found() -> None:
    """Eth0@if4615 and the node's @if2 are a pair, whatever pin `ip` printed beside."""
    text = real("13")
    index = re.search(r"^2: eth0@if(\d+):", text, re.MULTILINE)
    outer = re.search(r"^(\d+): (\w+)@if2:", text, re.MULTILINE)
    assert index
    assert outer
    assert index[1] == outer[1]
    short = re.search(r"crictl inspectp (\w+)", text)
    assert short
    assert outer[2].startswith(short[1])
    node = Cluster(pins={1: "/var/run/netns/67f12702-ca28-499f-b79f-e317ce158fe2"})
    node.pod(1, "nettools", sid=outer[2] + "0" * 49)
    node.pair(1, int(outer[1]), outer[2])
    node.row(outer[2])
    one = node.interface("nettools", "eth0")
    assert one.host is not None
    assert (one.host.ifindex, one.port) == (int(index[1]), f"br0/{outer[2]}")
    assert [e.kind for e in one.evidence] == [EvidenceKind.KERNEL, EvidenceKind.NAME]


def test_a_bridge_plugins_result_confirms_its_veth() -> None:
    """Of bridge, veth and eth0 the veth alone is the pod's own on the node."""
    text = real("11").partition("OUTPUT:")[2]
    result, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    interfaces, _ = read_interfaces(result)
    (name,) = [i.name for i in interfaces if i.name.startswith("veth")]
    node = Cluster()
    node.pod(1, cni=interfaces)
    node.lone(0, 5, "cni0", kind="bridge")
    node.pair(1, 12, name)
    one = node.interface("pod1", "eth0")
    assert [(e.kind, e.says) for e in one.evidence] == [
        (EvidenceKind.KERNEL, name),
        (EvidenceKind.CNI, name),
    ]


def test_a_real_kubevirt_pod_keeps_its_veth_for_main() -> None:
    """Bridge binding as `ip link` showed it inside the pod."""
    node = Cluster()
    node.pod(1)
    pattern = re.compile(
        r"^(\d+): ([\w-]+)(?:@(\S+))?: <(.*?)> .*?(master \S+)?", re.MULTILINE
    )
    indexes = {name: int(index) for index, name, *_ in pattern.findall(real("42"))}
    kinds = {"eth0-nic": "veth", "k6t-eth0": "bridge", "tap0": "tun", "eth0": "dummy"}
    assert {*kinds, "lo", "tunl0"} == {*indexes}
    node.lone(1, indexes["tunl0"], "tunl0", kind="ipip")
    outer, inner = node.pair(1, 544, "vethA", "eth0-nic", indexes["eth0-nic"])
    bridge = indexes["k6t-eth0"]
    node.change(inner, master=bridge)
    for name in ("k6t-eth0", "tap0", "eth0"):
        master = bridge if name == "tap0" else None
        node.lone(1, indexes[name], name, kind=kinds[name], master=master)
    pod = node.joined("pod1")
    assert pod.main is not None
    assert (pod.main.name, pod.main.host) == ("eth0-nic", outer)
    assert [bool(one.note) for one in pod.interfaces if one.name in kinds] == [True] * 4
    assert {outer.netns, inner.netns} == {HOST, netns(1)}
