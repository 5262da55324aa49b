"""The namespace of a container whose own /proc files may not be read."""

from __future__ import annotations

from dataclasses import replace

from builders import container, docker, link, link_facts, netns, sample

from ocnetview.build import build_model
from ocnetview.facts import (
    ContainerFacts,
    NamespaceLinks,
    NestedFacts,
    Netns,
    Sandbox,
)
from ocnetview.match.unseen import with_namespaces

BY_NUMBER = Netns(0, 7)
"""A namespace of which only our id is known."""
OUTER = link(12, "vethA", kind="veth", peer_index=2, nsid=7, peer_netns=BY_NUMBER)
INSIDE = NamespaceLinks(BY_NUMBER, 7, pids=(5007, 5008), reason="no right")
LINKS = replace(link_facts([OUTER]), namespaces=(INSIDE,))


def test_a_pid_leads_to_its_namespace() -> None:
    """Containers and sandboxes, those of nested runtimes as well."""
    box = container(7, netns=None)
    pod = Sandbox("ab" * 32, "containerd", pid=5008)
    said = ContainerFacts("containerd", (box,), (pod,))
    found = with_namespaces(sample(LINKS, said, NestedFacts((said,))))
    for engine in found.engines:
        assert [one.netns for one in engine.containers] == [BY_NUMBER]
        assert [one.netns for one in engine.sandboxes] == [BY_NUMBER]


def test_what_is_known_stays() -> None:
    """A namespace that was seen, no pid, and another pid are left alone."""
    before = sample(
        LINKS,
        docker(
            container(7),
            container(8, netns=None, pid=None),
            container(9, netns=None, pid=1),
        ),
    )
    assert with_namespaces(before) == before
    assert netns(7) != BY_NUMBER
    nothing = sample(docker(container(7, netns=None)))
    assert with_namespaces(nothing) is nothing


def test_a_pod_has_its_veth_without_a_look_inside() -> None:
    """The host's end leads to the id, and that it is all is said."""
    model = build_model(sample(LINKS, docker(container(7, netns=None))))
    (pod,) = model.pods
    (interface,) = pod.interfaces
    assert interface.host is not None
    assert (interface.host.name, interface.link) == ("vethA", None)
    assert pod.netns == BY_NUMBER
