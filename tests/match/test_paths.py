"""The way out, hop by hop."""

from __future__ import annotations

from dataclasses import replace

from builders import link, netns, pod_node, port_of, process

from ocnetview.build import build_model
from ocnetview.facts import OvsInterface, ProcessFacts
from ocnetview.match.paths import spell_path


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
