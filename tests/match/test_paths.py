"""The way out, hop by hop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    HOST,
    container,
    cri,
    docker,
    link,
    netns,
    ovs,
    pod_node,
    port_of,
    process,
    sandbox,
    veth,
)

from ocnetview.build import build_model
from ocnetview.facts import (
    Facts,
    Link,
    LinkFacts,
    NamespaceLinks,
    NestedFacts,
    Netns,
    OvsInterface,
    ProcessFacts,
    Sample,
)
from ocnetview.match.paths import spell_path
from ocnetview.match.who import find
from ocnetview.report.text import answers_text


def test_the_whole_path_is_spelled() -> None:
    """Process -> container -> pod -> eth0@netns -> veth -> port -> ways out."""
    interfaces = (
        OvsInterface("vxlan0", "vxlan", 1),
        OvsInterface("tun0", "internal", 2),
    )
    tun0 = link(5, "tun0", addresses=("10.128.0.1/23",))
    whole = pod_node(*interfaces, links=(tun0,))
    inside = process(5008, container_id=f"{8:064x}", netns=netns(7))
    facts = {**whole.facts, "procfs": ProcessFacts((inside,), 1.0, 9.0)}
    model = build_model(replace(whole, facts=facts))
    assert spell_path(model, process=model.processes[0]) == (
        "p5008 (5008)",
        "nginx",
        "shop/web",
        f"eth0@{netns(7)}",
        "vethA (12)",
        "ofport 3 on br0",
        "vxlan0 (tunnel) | tun0 (gateway)",
    )
    assert spell_path(model, port=port_of(model, "vxlan0")) == (
        "vxlan0 (ofport 1) on br0",
        "tunnel to the other nodes",
    )


@pytest.mark.parametrize(
    ("where", "way"),
    [
        (
            netns(9),
            f"left the pod's network for {netns(9)} -> beta -> eth0@{netns(9)}",
        ),
        (HOST, f"shop/web -> left the pod's network for {HOST} -> the node's own"),
        (netns(8), f"shop/web -> left the pod's network for {netns(8)}"),
        (netns(7), f"shop/web -> eth0@{netns(7)} -> vethA (12) -> ofport 3 on br0"),
        (None, f"shop/web -> eth0@{netns(7)} -> vethA (12) -> ofport 3 on br0"),
    ],
)
def test_a_process_goes_out_of_the_namespace_that_it_is_in(
    where: Netns | None, way: str
) -> None:
    """Who left the pod's namespace is not behind the pod's veth."""
    whole = pod_node()
    kernel = next(f for f in whole.facts.values() if isinstance(f, LinkFacts))
    outer, inner = veth(9, 14, "vethB")
    more = replace(
        kernel,
        links=(*kernel.links, outer),
        namespaces=(*kernel.namespaces, space(9, inner)),
    )
    here = process(5008, container_id=f"{8:064x}", netns=where)
    facts = {name: more if f is kernel else f for name, f in whole.facts.items()} | {
        "other": docker(container(9, "beta")),
        "procfs": ProcessFacts((here,), 1.0, 9.0),
    }
    model = build_model(replace(whole, facts=facts))
    spelled = " -> ".join(spell_path(model, process=model.processes[0]))
    assert way in spelled
    assert ("vethA" in spelled) == ("vethA" in way)
    (answer,) = find(model, "5008")
    said = answers_text([answer], "5008", model)
    assert ("vethA is ifindex" in said) == ("vethA" in way)
    assert ("vethB is ifindex" in said) == ("beta" in way)


def test_a_leaked_port_leads_nowhere() -> None:
    """The way of a port without a device ends there."""
    model = build_model(pod_node(OvsInterface("gone", "", -1)))
    assert spell_path(model, port=port_of(model, "gone")) == (
        "gone (ofport -1) on br0",
        "device is gone",
    )


def test_nothing_raw_is_in_a_path() -> None:
    """Kinds and addresses come from elsewhere, too, in a recording."""
    tun0 = link(5, "tun0", kind="x\x1b]0;y\x07", addresses=("1\x1b[1m",))
    model = build_model(pod_node(OvsInterface("tun0", "internal", 2), links=(tun0,)))
    (pod,) = model.pods
    spelled = spell_path(model, pod=pod) + spell_path(
        model, port=port_of(model, "tun0")
    )
    assert "\x1b" not in "".join(spelled)


def test_the_bridges_own_port_is_named_as_openflow_does() -> None:
    """LOCAL, not 65534."""
    model = build_model(pod_node(OvsInterface("br0", "internal", 65534)))
    assert (
        spell_path(model, port=port_of(model, "br0"))[0] == "br0 (ofport LOCAL) on br0"
    )


def paths(*facts: Facts) -> list[str]:
    """Return the path of each pod of a node, in order."""
    model = build_model(Sample(1.0, {str(n): one for n, one in enumerate(facts)}))
    return [" -> ".join(spell_path(model, pod=pod)) for pod in model.pods]


def space(number: int, *links: Link) -> NamespaceLinks:
    """Return a namespace with these links."""
    return NamespaceLinks(netns(number), number, links=links)


def test_a_macvlan_sits_on_its_parent() -> None:
    """The parent is the node's, and no peer."""
    net1 = link(3, "net1", 7, kind="macvlan", peer_index=2, peer_netns=HOST)
    kernel = LinkFacts(HOST, (link(2, "ens3"),), (space(7, net1),))
    (path,) = paths(kernel, docker(container(7, "box")))
    assert path == f"box -> net1@{netns(7)} -> sits on ens3 (2) on the node"


def test_a_veth_to_another_pod_leads_there() -> None:
    """What is in another pod is said to be there, whatever index it has."""
    here = link(3, "net1", 7, kind="veth", peer_index=4, peer_netns=netns(9))
    there = link(4, "net1", 9, kind="veth", peer_index=3, peer_netns=netns(7))
    kernel = LinkFacts(HOST, (link(4, "ens4"),), (space(7, here), space(9, there)))
    boxes = docker(container(7, "alpha"), container(9, "beta"))
    assert paths(kernel, boxes) == [
        f"alpha -> net1@{netns(7)} -> net1 (4) in container beta",
        f"beta -> net1@{netns(9)} -> net1 (3) in container alpha",
    ]


def test_a_pod_of_a_node_in_a_container_goes_out_through_it() -> None:
    """Pod, veth in kind's container, that one's eth0, veth and bridge on the node."""
    outer, eth0 = veth(7, 12, "vethK")
    inner = link(2, "eth0", 8, kind="veth", peer_index=5, peer_netns=netns(7))
    end = link(5, "vethP", 7, kind="veth", peer_index=2, peer_netns=netns(8))
    kernel = LinkFacts(HOST, (outer,), (space(7, eth0, end), space(8, inner)))
    node = container(7, "kind")
    box = sandbox(8, "web", "u1")
    nested = NestedFacts((cri(box, within=node.id),))
    ports = ovs(OvsInterface("vethK", ofport=3))
    path = paths(kernel, ports, docker(node), nested)[1]
    assert path == (
        f"shop/web -> eth0@{netns(8)} -> vethP (5) in container kind"
        f" -> eth0@{netns(7)} -> vethK (12) -> ofport 3 on br0"
    )
