"""The node with containerd's CRI is what the other live tests take it for."""

from __future__ import annotations

import json

import pytest
from node.cri_lab import CriNode
from node.cri_pods import BOXES, PODS, Mode, Net
from node.truth import external_ids, legs, port_keys


def test_all_stands(cri_node: CriNode) -> None:
    """Every planned sandbox and container exists, and runs unless it is to have ended.

    The two daemons hold what is theirs: none knows the other's containers.
    """
    running = cri_node.tasks()
    for pod in PODS:
        sandbox = cri_node.sandboxes[pod.key]
        assert (sandbox.id in running) == (not pod.stops)
        ids = {id_ for made in sandbox.containers.values() for id_ in made}
        runs = [r for r in pod.runs if r.starts and not r.ends and not pod.stops]
        assert len(ids & running.keys()) == len(runs)
        assert len(ids) == len(pod.runs)
    assert {box.name: bool(box.pid) for box in cri_node.boxes} == {
        box.name: box.runs for box in BOXES
    }
    assert not {box.id for box in cri_node.boxes} & running.keys()


def test_every_eth0_has_the_same_ifindex(cri_node: CriNode) -> None:
    """The index inside tells no pod from another, and is that of a link of the node."""
    pids = cri_node.tasks()
    own = [s for s in cri_node.sandboxes.values() if s.pod.network is Mode.POD]
    found = [legs(cri_node.lab, pids[s.id])["eth0"] for s in own if s.id in pids]
    (index,) = {leg.ifindex for leg in found}
    assert index in {link["ifindex"] for link in cri_node.lab.ip("link")}


def test_each_network_is_wired_by_its_plugin(cri_node: CriNode) -> None:
    """The CNI's bridge has ports, and br0 one for each pod of the other network."""
    keys = port_keys(cri_node.lab).values()
    live = [pod for pod in PODS if not pod.stops and pod.network is Mode.POD]
    on_bridge = [key for key in keys if key.startswith("cni0/")]
    assert len(on_bridge) == len([pod for pod in live if pod.net is Net.BRIDGE])
    named = [
        i["sandbox"] for i in external_ids(cri_node.lab).values() if "sandbox" in i
    ]
    sandboxes = {cri_node.sandboxes[p.key].id for p in live if p.net is Net.OVS}
    assert sandboxes < set(named)


@pytest.mark.parametrize(
    ("network", "names"), [("bridge", {"cni0", "eth0"}), ("ovs", {"eth0"})]
)
def test_results_name_what_each_plugin_tells(
    cri_node: CriNode, network: str, names: set[str]
) -> None:
    """The bridge plugin's results name the node's links, the other's eth0 alone."""
    said = cri_node.lab.sh(f"head -c -0 -q /var/lib/cni/results/lab-{network}-*-eth0")
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(said):
        one, at = decoder.raw_decode(said, at)
        found.append({i["name"] for i in one["result"]["interfaces"]})
    assert found
    for told in found:
        assert {name for name in told if not name.startswith("veth")} == names
        assert any(name.startswith("veth") for name in told) == (network == "bridge")


@pytest.mark.parametrize(
    ("title", "address"),
    [("bank/web-0", "10.128.0.1"), ("shop/web-0", "10.131.0.1")],
)
def test_packets_flow(cri_node: CriNode, title: str, address: str) -> None:
    """The wires carry: a pod of each network reaches its gateway."""
    enter = ("nsenter", f"--target={cri_node.tasks()[cri_node[title].id]}", "--net")
    cri_node.lab.do(*enter, "busybox", "ping", "-c", "1", "-w", "5", address)
