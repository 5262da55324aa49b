"""Pod <-> interfaces and their host ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import (
    HOST,
    container,
    docker,
    link,
    link_facts,
    netns,
    pod_node,
    port_of,
    sample,
)

from ocnetview.build import build_model
from ocnetview.facts import NamespaceLinks
from ocnetview.model import PortRole


def test_pod_veth_and_port_are_joined() -> None:
    """The pod names its veth and port, the port names its pod."""
    model = build_model(pod_node())
    (pod,) = model.pods
    assert pod.main is not None
    assert pod.main.host is not None
    assert pod.main.proof is not None
    assert (pod.main.host.name, pod.main.port) == ("vethA", "br0/vethA")
    assert pod.addresses == ("10.128.0.7",)
    port = port_of(model, "vethA")
    assert (port.pod, port.role, port.purpose) == (pod.key, PortRole.POD, "shop/web")
    for value in ("ifindex 12", str(HOST), "ifindex 2", str(netns(7))):
        assert value in pod.main.proof.detail


def test_host_network_is_told_by_the_namespace_not_by_a_word() -> None:
    """A container in the host's namespace has no veth, whatever Docker calls it."""
    facts = link_facts([link(1, "lo"), link(2, "ens3")])
    boxes = docker(container(1, netns=HOST, network_mode="container:abc"))
    (pod,) = build_model(sample(facts, boxes)).pods
    assert (pod.host_network, pod.interfaces) == (True, ())


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"pid": None, "netns": None}, "not running"),
        ({"netns": None}, "/proc/5007/ns/net cannot be read (needs CAP_SYS_PTRACE)"),
        ({"netns": netns(99)}, f"{netns(99)} was not found"),
    ],
)
def test_a_pod_without_interfaces_says_why(facts: dict[str, Any], reason: str) -> None:
    """Not running, not allowed and not found are three different things."""
    links = link_facts([link(1, "lo")])
    (pod,) = build_model(sample(links, docker(container(7, **facts)))).pods
    assert pod.reason == reason


def test_what_cannot_be_looked_into_keeps_the_runtimes_addresses() -> None:
    """Without the kernel's word the runtime's addresses stand, and the reason."""
    unread = NamespaceLinks(netns(7), 7, reason="cannot be read")
    facts = replace(link_facts([]), namespaces=(unread,))
    boxes = docker(container(7, addresses=("172.17.0.2",)))
    (pod,) = build_model(sample(facts, boxes)).pods
    assert (pod.addresses, pod.reason) == (("172.17.0.2",), "cannot be read")
