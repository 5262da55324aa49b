"""A pod with everything a detail can show, in the screen tests' node."""

from __future__ import annotations

from dataclasses import replace

from tui.nodes import HOST

from ocnetview.facts import Container, ContainerState, Link, OperState, Sandbox
from ocnetview.model import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Interface,
    NodeModel,
    Pod,
    Relation,
    Whereabouts,
)

SANDBOX = "7be093806debefd0" * 4


def rich(model: NodeModel) -> NodeModel:
    """Return the node with its first pod made rich, and disputed."""
    first, *others = model.pods
    return replace(model, pods=(_rich(first), *others))


def _rich(pod: Pod) -> Pod:
    """Return a pod of CRI-O with two interfaces, restarts and a contradiction."""
    (eth0,) = pod.interfaces
    return replace(
        pod,
        status="CrashLoopBackOff",
        ready=0,
        restarts=7,
        traits=("shares pids", "earlier sandboxes: 1"),
        sources=("cri-o", "kube"),
        joined=("the API's pod by uid", "2 containers by their sandbox"),
        sandbox=Sandbox(SANDBOX, "cri-o", netns_path="/var/run/netns/67f12702-1c9d"),
        attempts=(Sandbox("0d" * 32, "cri-o", ready=False, attempt=0),),
        containers=(
            Container(
                "5a" * 32,
                "console",
                "cri-o",
                ContainerState.EXITED,
                "quay.io/demo/console",
                attempt=7,
                exit_code=137,
                reason="OOMKilled",
            ),
        ),
        interfaces=(replace(eth0, evidence=_evidence(eth0)), _net1(pod)),
    )


def _evidence(eth0: Interface) -> tuple[Evidence, ...]:
    """Return what agrees, and an OVS row that leads elsewhere."""
    assert eth0.host
    name = eth0.host.name
    said = (
        (EvidenceKind.CNI, "eth0 of this sandbox", name, "cri-o", True),
        (EvidenceKind.OVS, "ip=10.128.2.10", "veth0ld0ne", "ovsdb", False),
    )
    others = (
        Evidence(kind, detail, says, source, agrees)
        for kind, detail, says, source, agrees in said
    )
    return (*eth0.evidence, *others)


def _net1(pod: Pod) -> Interface:
    """Return a second interface, of Multus."""
    assert pod.netns
    net1 = Link(
        pod.netns,
        5,
        "net1",
        "macvlan",
        peer_index=2,
        peer_netns=HOST,
        mtu=1500,
        up=True,
        operstate=OperState.UP,
        mac="02:42:c0:a8:01:0a",
        addresses=("192.168.1.10/24",),
    )
    ens3 = Link(HOST, 2, "ens3", mtu=1500, up=True, operstate=OperState.UP)
    parent = Counterpart(Relation.PARENT, Whereabouts.HOST, ens3)
    return Interface(net1, parent, network="shop/storage")
