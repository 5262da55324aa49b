"""What the sources say of a pod that cannot all be true."""

from __future__ import annotations

from typing import Any

import pytest
from builders import HOST, netns
from cluster import Cluster

SID = f"{1:064x}"


def test_addresses_that_differ_are_told() -> None:
    """OVS, the runtime and the kernel each with its value, and the row is marked."""
    node = Cluster()
    node.pod(1, addresses=("10.128.0.8",))
    node.pair(1, 12, "vethA")
    node.row("vethA", sandbox=SID, ip="10.128.0.9", attached_mac="0a:58:00:00:00:01")
    pod = node.joined("pod1")
    assert len(pod.disputes) == 3
    for text, values in zip(
        sorted(pod.disputes),
        (
            ("vethA", "0a:58:00:00:00:01", "0a:58:0a:80:00:01"),
            ("vethA", "10.128.0.9", "10.128.0.1"),
            ("cri-o", "10.128.0.8", "10.128.0.1"),
        ),
        strict=True,
    ):
        assert all(value in text for value in values), text
    assert pod.disputed


def test_equal_addresses_in_other_forms_are_no_dispute() -> None:
    """Masks, capitals and zeroes do not make an address another."""
    node = Cluster()
    node.pod(1, addresses=("10.128.0.1", "FD00:0:0::1"))
    _, inner = node.pair(1, 12, "vethA")
    node.change(inner, addresses=("10.128.0.1/23", "fd00::1/64"))
    node.row("vethA", sandbox=SID, ip_addresses="10.128.0.1/23,fd00:0::0001/64")
    assert node.joined("pod1").disputes == ()


@pytest.mark.parametrize(
    ("facts", "links"),
    [
        ({"handler": "runsc"}, ()),
        ({"handler": "kata-qemu"}, ({"name": "tap0_kata", "kind": "tun"},)),
        ({}, ({"name": "k6t-eth0", "kind": "bridge"},)),
        ({"ready": False}, ()),
        ({"netns": HOST}, ()),
    ],
    ids=["gvisor", "kata", "kubevirt", "completed", "host"],
)
def test_who_may_have_other_addresses_is_not_marked(
    facts: dict[str, Any], links: tuple[dict[str, Any], ...]
) -> None:
    """A machine's or gVisor's addresses, a dead pod's and the node's are all right."""
    node = Cluster()
    node.pod(1, addresses=("10.128.0.8",), **facts)
    node.pair(1, 12, "vethA")
    for index, link in enumerate(links):
        node.lone(1, 20 + index, **link)
    node.row("vethA", sandbox=SID, ip="10.128.0.9", attached_mac="0a:58:00:00:00:09")
    assert not node.joined("pod1").disputed


def test_an_interface_without_addresses_yet_is_not_marked() -> None:
    """While a pod is being made, its port is there before its address."""
    node = Cluster()
    node.pod(1, addresses=("10.128.0.1",))
    _, inner = node.pair(1, 12, "vethA")
    node.change(inner, addresses=("fe80::1/64",))
    node.row("vethA", sandbox=SID, ip="10.128.0.1")
    pod = node.joined("pod1")
    assert (pod.disputes, pod.addresses) == ((), ("10.128.0.1",))


def test_the_address_of_another_interface_will_do_for_the_runtime() -> None:
    """On a user-defined network the pod's address may be on either interface."""
    node = Cluster()
    node.pod(1, addresses=("203.0.113.5",))
    node.pair(1, 12, "vethA")
    _, inner = node.pair(1, 13, "vethB", "ovn-udn1", 3)
    node.change(inner, addresses=("203.0.113.5/24",))
    assert node.joined("pod1").disputes == ()


def test_one_mac_at_every_end_on_the_node_is_no_dispute() -> None:
    """Calico gives all its links on the node ee:ee:ee:ee:ee:ee."""
    node = Cluster()
    for number in (1, 2):
        node.pod(number)
        outer, _ = node.pair(number, 10 + number, f"veth{number}")
        node.change(outer, mac="ee:ee:ee:ee:ee:ee")
    assert not any(pod.disputed for pod in node.model().pods)


def test_a_row_of_a_sandbox_that_nobody_knows_is_told_at_the_pod_behind() -> None:
    """The device leads to a pod whose sandbox it is not: OVS was left behind."""
    node = Cluster()
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.row("vethA", sandbox="ab" * 32)
    assert "abababababab" in node.joined("pod1").disputes[0]


def test_a_row_of_an_ended_pod_marks_only_the_one_behind() -> None:
    """Who is done with its network is not marked for what became of it."""
    node = Cluster()
    node.pod(1, ready=False, netns=None)
    node.pod(2)
    node.pair(2, 12, "vethA")
    node.row("vethA", sandbox=SID)
    assert not node.joined("pod1").disputed
    assert node.joined("pod2").disputed


def test_a_row_that_names_two_pods_is_told() -> None:
    """The sandbox of one and the name of another do not fit."""
    node = Cluster()
    node.pod(1)
    node.pod(2, "other")
    node.pair(1, 12, "vethA")
    node.row("vethA", sandbox=SID, iface__id="shop_other")
    assert "shop/other" in node.joined("pod1").disputes[0]


def test_a_pod_made_anew_under_its_name_is_no_dispute() -> None:
    """A StatefulSet's pod and the one before it share a name, not a sandbox."""
    node = Cluster()
    node.pod(1, "web-0", ready=False, netns=None)
    box = node.pod(2, "web-0", created=200.0)
    node.pair(2, 12, "vethA")
    node.row("vethA", sandbox=box.id, iface__id="shop_web-0", iface__id__ver="uid-2")
    assert not any(pod.disputed for pod in node.model().pods)


def test_a_port_into_a_namespace_of_no_pod_is_told_at_its_pod() -> None:
    """OVS says it is the pod's, the kernel that it leads to a mere namespace."""
    node = Cluster(pins={9: "/run/netns/spare"})
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.pair(9, 13, "vethB")
    node.row("vethB", sandbox=SID)
    assert node.joined("pod1").disputed
    assert node.joined("pod1").netns == netns(1)
