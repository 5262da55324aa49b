"""From samples to the model."""

from __future__ import annotations

from builders import (
    container,
    cri,
    docker,
    kube,
    kube_pod,
    link_facts,
    member,
    netns,
    ovs,
    pod_node,
    port_of,
    process,
    sample,
    sandbox,
    veth,
)

from ocnetview.build import build_model
from ocnetview.facts import Facts, OvsInterface, Place, ProcessFacts, Sample
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


def test_a_model_has_all_that_was_heard() -> None:
    """Place, namespaces, pods of API and runtime, and what CNI noted are in it."""
    box = sandbox(7, "web", "u7")
    outer, inner = veth(7, 12, "vethA")
    facts: dict[str, Facts] = {
        "rtnetlink": link_facts([outer], [inner]),
        "cri": cri(box, member(8, "app", box)),
        "kube": kube(kube_pod("web", "u7"), kube_pod("new", "u8", phase="Pending")),
    }
    model = build_model(Sample(1.0, facts, place=Place(host_root="/host")))
    assert model.place == Place(host_root="/host")
    assert [space.netns for space in model.namespaces] == [netns(7)]
    new, web = model.pods
    assert (new.status, new.sources) == ("Pending", ("kube",))
    assert (web.status, web.sources, web.ready) == ("Running", ("cri", "kube"), 1)
    assert web.main
    assert web.main.host == outer


def test_every_process_has_its_pod() -> None:
    """A process of a CRI container is of that, without any container of Docker."""
    box = sandbox(7, "web", "u7")
    inside = process(5008, container_id=f"{8:064x}")
    model = build_model(
        sample(cri(box, member(8, "app", box)), ProcessFacts((inside,)))
    )
    (row,) = model.processes
    assert (row.pod, row.container) == ("u7", "app")
