"""What the detail of a pod says."""

from __future__ import annotations

from dataclasses import replace

from builders import container, link_facts, netns, veth, wired
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.details.pod import pod_detail
from ocnetview.details.section import as_text
from ocnetview.facts import ContainerState, Link, NamespaceLinks, Sandbox
from ocnetview.model import (
    Counterpart,
    Evidence,
    EvidenceKind,
    Interface,
    NodeModel,
    Pod,
    PodKind,
    Relation,
    Whereabouts,
)

PROOF = Evidence(EvidenceKind.KERNEL, "12 <-> 2", "vethA", "rtnetlink")
STALE = Evidence(EvidenceKind.OVS, "sandbox=ab", "vethB", "ovsdb", agrees=False)
OUTER, INNER = veth(7, 12, "vethA")
POD = Pod(
    key="u7",
    kind=PodKind.POD,
    name="web",
    namespace="shop",
    uid="u7",
    status="CrashLoopBackOff",
    traits=("static",),
    sources=("cri-o", "kube"),
    joined=("API pod by its mirror annotation",),
    netns=netns(7),
    sandbox=Sandbox("ab" * 32, "cri-o", netns_path="/run/netns/x", handler="kata"),
    attempts=(Sandbox("cd" * 32, "cri-o", ready=False),),
    containers=(
        container(
            8,
            "nginx",
            state=ContainerState.EXITED,
            exit_code=137,
            reason="OOMKilled",
            attempt=4,
        ),
    ),
    interfaces=(wired(INNER, OUTER, "br0/vethA", PROOF, STALE),),
    disputes=("OVS says 10.0.0.9, the kernel 10.0.0.7",),
)


def model(pod: Pod) -> NodeModel:
    """Return a node with this pod."""
    pinned = NamespaceLinks(netns(7), pins=("/run/netns/x",), holders=("thread 9",))
    facts = link_facts([OUTER], [INNER])
    return NodeModel(pods=(pod,), host=facts.host, namespaces=(pinned,))


def said(pod: Pod) -> dict[str, dict[str, str]]:
    """Return the text of each line by its label, of each section by its title."""
    sections = pod_detail(model(pod), pod)
    return {s.title: {line.label: line.text for line in s.lines} for s in sections}


def test_everything_about_a_pod_is_said() -> None:
    """What it is, who tells of it, how its parts were joined, and its namespaces."""
    shown = said(POD)["pod shop/web"]
    assert shown["status"] == "CrashLoopBackOff"
    assert shown["is"] == "static"
    assert shown["known from"] == "cri-o, kube"
    assert shown["joined"] == "API pod by its mirror annotation"
    assert shown["netns"] == f"{netns(7)}, /run/netns/x, thread 9"
    assert shown["sandbox"] == (
        "ababababababa of cri-o, ready, no process of its own,"
        " runtime handler kata, /run/netns/x"
    )
    assert shown["earlier"].startswith("cdcdcdcdcdcdc of cri-o, not ready")
    assert shown["≠"] == "OVS says 10.0.0.9, the kernel 10.0.0.7"
    box = said(POD)["containers"]["nginx"]
    assert box.startswith("exited, OOMKilled, exit 137, started again 4 times")


def test_every_piece_of_evidence_is_listed() -> None:
    """Each with where it leads, its values and its source; one that differs is bad."""
    shown = said(POD)["interface eth0"]
    assert shown["= kernel, both ends"] == "vethA: 12 <-> 2 [rtnetlink]"
    assert shown["≠ OVS external_ids"] == "vethB: sandbox=ab [ovsdb]"
    lines = pod_detail(model(POD), POD)[1].lines
    assert [line.label for line in lines if line.bad] == ["≠ OVS external_ids"]


def test_an_interface_is_described_with_its_counterpart() -> None:
    """A macvlan names its parent, a veth its pod; a blind one says that it is."""
    shop = replace(POD, key="u9", name="db")
    parent = Link(netns(0), 3, "ens3", mtu=1500, up=True)
    net1 = Link(netns(7), 5, "net1", kind="macvlan", mac="02:00:00:00:00:01", vlan=9)
    interfaces = (
        Interface(net1, Counterpart(Relation.PARENT, Whereabouts.HOST, parent)),
        Interface(INNER, Counterpart(Relation.PEER, Whereabouts.POD, owner="u9")),
        Interface(None, given_name="eth9"),
    )
    pod = replace(POD, interfaces=interfaces)
    whole = replace(model(pod), pods=(pod, shop))
    _, macvlan, other, blind, _ = pod_detail(whole, pod)
    assert {line.label: line.text for line in macvlan.lines} == {
        "link": "ifindex 5, macvlan, VLAN 9, 02:00:00:00:00:01, down",
        "parent": "ens3 (ifindex 3, physical, MTU 1500, up) on the node",
    }
    peer = next(line.text for line in other.lines if line.label == "peer")
    assert peer == "in another pod shop/db"
    assert blind.title == "interface eth9"
    assert blind.lines[0].bad


@given(st.text())
def test_nothing_acts_on_a_terminal(text: str) -> None:
    """Whatever a name, a reason or an evidence holds, the lines are safe to print."""
    evidence = replace(STALE, detail=text, says=text, source=text)
    pod = replace(
        POD,
        name=text,
        status=text,
        disputes=(text,),
        interfaces=(Interface(None, None, "", (evidence,), text, text, text),),
        containers=(container(8, text, image=text, reason=text),),
    )
    shown = as_text(pod_detail(model(pod), pod))
    assert all(c.isprintable() or c == "\n" for c in shown)
