"""From samples to the model."""

from __future__ import annotations

from builders import (
    container,
    docker,
    link_facts,
    netns,
    ovs,
    pod_node,
    port_of,
    sample,
    veth,
)

from ocnetview.build import build_model
from ocnetview.facts import OvsInterface, Sample
from ocnetview.model import NodeModel


def test_a_stale_port_is_a_problem() -> None:
    """What has no device is found by the check, and nothing healthy is."""
    model = build_model(pod_node(OvsInterface("gone", "", -1)))
    assert [(p.check, p.subject) for p in model.problems] == [
        ("stale-port", "br0/gone")
    ]


def test_a_quiet_node_builds_equal_models() -> None:
    """Two samples that differ only in when they were taken compare equal."""
    facts = pod_node().facts
    assert build_model(Sample(1000.0, facts)) == build_model(Sample(1000.4, facts))


def test_nothing_heard_is_an_empty_model() -> None:
    """Before any source answers there is nothing, and no error."""
    assert build_model(Sample()) == NodeModel()


def test_a_joined_namespace_belongs_to_its_owner() -> None:
    """Of two containers in one namespace the port names the one that owns it."""
    outer, inner = veth(7, 12, "vethA")
    owner = container(7, "zeta")
    guest = container(8, "alpha", netns=netns(7), network_mode=f"container:{owner.id}")
    facts = link_facts([outer], [inner])
    whole = sample(facts, ovs(OvsInterface("vethA", ofport=3)), docker(guest, owner))
    model = build_model(whole)
    assert port_of(model, "vethA").purpose == "zeta"
    assert [pod.main and pod.main.port for pod in model.pods] == ["br0/vethA"] * 2


def test_without_the_kernel_every_pod_says_so() -> None:
    """No veth and not looked are two things."""
    (pod,) = build_model(sample(docker(container(7)))).pods
    assert (pod.main, pod.reason) == (None, "the kernel was not heard")
