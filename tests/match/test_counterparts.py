"""Interface <-> what belongs to it, wherever the kernel says that is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import HOST, container, cri, docker, link, netns
from cluster import Cluster

from ocnetview.facts import Link, NestedFacts
from ocnetview.model import EvidenceKind, Interface, Relation, Whereabouts


def crossed(one: int, other: int, index: int = 2) -> tuple[Link, Link]:
    """Return a veth pair between two namespaces, net1 in each, of one ifindex."""

    def end(here: int, there: int) -> Link:
        facts = {"kind": "veth", "peer_index": index, "peer_netns": netns(there)}
        return link(index, "net1", here, nsid=there, **facts)

    return end(one, other), end(other, one)


def where(one: Interface) -> tuple[Relation, Whereabouts, str]:
    """Return an interface's counterpart in short."""
    assert one.counterpart is not None
    return one.counterpart.relation, one.counterpart.where, one.counterpart.text


def test_every_interface_but_lo_is_listed_eth0_first() -> None:
    """Two veths and a dummy come in a fixed order; lo is left out."""
    node = Cluster()
    node.pod(1)
    node.lone(1, 1, "lo")
    node.lone(1, 2, "dummy0", kind="dummy")
    node.pair(1, 20, "vethB", "net1", 3)
    node.pair(1, 21, "vethA", "eth0", 4)
    pod = node.joined("pod1")
    assert [i.name for i in pod.interfaces] == ["eth0", "net1", "dummy0"]
    assert [i.host.name if i.host else "" for i in pod.interfaces] == [
        "vethA",
        "vethB",
        "",
    ]


def test_a_peer_in_another_pod_is_never_a_link_of_the_node() -> None:
    """A pair between two pods names the other pod, though the node has that index."""
    node = Cluster()
    node.pod(1, "left")
    node.pod(2, "right")
    node.links += crossed(1, 2)
    node.lone(0, 2, "veth-decoy", kind="veth", peer_index=2, peer_netns=netns(9))
    one = node.interface("left", "net1")
    assert where(one) == (Relation.PEER, Whereabouts.POD, "pod shop/right")
    assert one.counterpart is not None
    assert one.counterpart.owner == "uid-2"
    assert one.counterpart.link == crossed(1, 2)[1]
    assert (one.host, one.outer) == (None, None)
    assert one.proof is not None
    assert one.proof.kind is EvidenceKind.KERNEL
    assert node.joined("left").reason == (
        "the veth's other end is not on the node: pod shop/right"
    )


def test_a_peer_in_an_unnamed_namespace_is_told_with_its_pin() -> None:
    """A peer that was moved on is in a namespace, which has a pin and no pod."""
    node = Cluster(pins={9: "/run/netns/third"})
    node.pod(1)
    node.links += crossed(1, 9)
    one = node.interface("pod1", "net1")
    text = f"{netns(9)} /run/netns/third"
    assert where(one) == (Relation.PEER, Whereabouts.NETNS, text)


def test_both_ends_in_one_namespace_name_each_other() -> None:
    """A pair inside a pod is that."""
    node = Cluster()
    node.pod(1)
    for index, peer in ((5, 6), (6, 5)):
        node.lone(
            1,
            index,
            f"v{index}",
            kind="veth",
            peer_index=peer,
            peer_netns=netns(1),
        )
    one = node.interface("pod1", "v5")
    assert where(one) == (Relation.PEER, Whereabouts.SAME, "")
    assert one.counterpart is not None
    assert one.counterpart.link is not None
    assert one.counterpart.link.name == "v6"


def test_a_peer_nobody_can_name_is_unknown() -> None:
    """Without the namespace's identity the same index on the node means nothing."""
    node = Cluster()
    node.pod(1)
    node.lone(1, 2, "eth0", kind="veth", peer_index=12, nsid=7)
    node.lone(0, 12, "vethX", kind="veth", peer_index=3, nsid=9)
    one = node.interface("pod1", "eth0")
    text = "ifindex 12 in a namespace of id 7"
    assert where(one) == (Relation.PEER, Whereabouts.UNKNOWN, text)
    assert one.evidence == ()


@pytest.mark.parametrize(
    ("peer_index", "kind", "matched"),
    [
        (2, "veth", True),
        (3, "veth", False),
        (2, "netkit", False),
        (None, "veth", False),
    ],
)
def test_one_end_proves_where_the_other_only_lacks_an_identity(
    peer_index: int | None, kind: str, *, matched: bool
) -> None:
    """The host's end may not know whose id it names; kind and index must fit."""
    node = Cluster()
    node.pod(1)
    outer, _ = node.pair(1, 12, "vethA")
    node.change(outer, peer_netns=None, nsid=None, peer_index=peer_index, kind=kind)
    one = node.interface("pod1", "eth0")
    kinds = [piece.kind for piece in one.evidence]
    assert (one.host is not None) is matched
    assert kinds == ([EvidenceKind.KERNEL_ONE] if matched else [])


def test_an_id_that_is_another_namespaces_is_no_proof() -> None:
    """An index that fits does not help a link that leads to another id."""
    node = Cluster()
    node.pod(1)
    outer, inner = node.pair(1, 12, "vethA")
    node.change(inner, peer_netns=None)
    node.change(outer, peer_netns=None, nsid=9)
    assert node.interface("pod1", "eth0").host is None


def test_two_that_name_one_peer_prove_nothing() -> None:
    """Of two links of the node that both name the pod's, neither is taken."""
    node = Cluster()
    node.pod(1)
    node.lone(1, 2, "eth0", kind="veth", peer_index=12)
    for index in (12, 13):
        facts = {"kind": "veth", "peer_index": 2, "peer_netns": netns(1)}
        node.lone(0, index, f"veth{index}", **facts)
    assert node.interface("pod1", "eth0").host is None


def test_two_that_name_one_link_of_the_node_prove_nothing() -> None:
    """Nor is a link of the node taken that two pods name, when it is silent."""
    node = Cluster()
    for number in (1, 2):
        node.pod(number)
        facts = {"kind": "veth", "peer_index": 12, "peer_netns": HOST}
        node.lone(number, 2, "eth0", **facts)
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    assert [node.interface(f"pod{n}", "eth0").host for n in (1, 2)] == [None, None]


def test_an_unread_namespace_shows_its_pairs_from_outside() -> None:
    """Without CAP_NET_ADMIN the node's end still proves the pod; why is told."""
    node = Cluster(unread={1: "links cannot be read (needs CAP_NET_ADMIN)"})
    node.pod(1, addresses=("10.128.0.1",))
    outer, _ = node.pair(1, 12, "vethA")
    node.pair(2, 13, "vethB")
    (one,) = node.joined("pod1").interfaces
    assert (one.link, one.host, one.name) == (None, outer, "")
    assert one.proof is not None
    assert one.proof.kind is EvidenceKind.KERNEL_ONE
    pod = node.joined("pod1")
    assert pod.reason == "links cannot be read (needs CAP_NET_ADMIN)"
    assert pod.addresses == ("10.128.0.1",)


def test_a_peer_in_an_unread_pod_is_told_by_that_pod() -> None:
    """The other pod is proved by its namespace, the link in it is not seen."""
    node = Cluster(unread={2: "no"})
    node.pod(1)
    node.pod(2, "shut")
    node.links += crossed(1, 2)
    one = node.interface("pod1", "net1")
    assert where(one)[:2] == (Relation.PEER, Whereabouts.POD)
    assert where(one)[2] == "ifindex 2 in pod shop/shut"
    assert one.proof is not None
    assert one.proof.kind is EvidenceKind.KERNEL_ONE


@pytest.mark.parametrize("kind", ["macvlan", "ipvlan", "vlan", "vxlan"])
def test_a_link_on_another_names_its_parent(kind: str) -> None:
    """IFLA_LINK of these is the lower device on the node, and no peer."""
    node = Cluster()
    node.pod(1)
    parent = node.lone(0, 2, "ens3")
    facts = {"kind": kind, "peer_index": 2, "peer_netns": HOST, "nsid": 0}
    node.lone(1, 2, "net1", **facts)
    one = node.interface("pod1", "net1")
    assert where(one) == (Relation.PARENT, Whereabouts.HOST, "")
    assert one.counterpart is not None
    assert one.counterpart.link == parent
    assert (one.host, one.port) == (None, "")
    assert node.joined("pod1").reason == f"no veth: {kind}"


def test_a_vlan_on_the_pods_own_eth0_is_told_so() -> None:
    """The parent may be in the pod itself."""
    node = Cluster()
    node.pod(1)
    node.pair(1, 12, "vethA")
    facts = {"kind": "vlan", "peer_index": 2, "peer_netns": netns(1), "vlan": 7}
    node.lone(1, 3, "eth0.7", **facts)
    one = node.interface("pod1", "eth0.7")
    assert where(one) == (Relation.PARENT, Whereabouts.SAME, "")


def test_a_pod_inside_a_node_container_is_wired_to_that() -> None:
    """Below kind, a pod's veths end in the node container's namespace."""
    engine = container(50, "kind-worker")
    inner = Cluster()
    inner.pod(1, "deep")
    outer_end, inner_end = (
        link(9, "vethdeep", 50, kind="veth", peer_index=2, nsid=1, peer_netns=netns(1)),
        link(2, "eth0", 1, kind="veth", peer_index=9, nsid=0, peer_netns=netns(50)),
    )
    inner.links += [outer_end, inner_end]
    inner.lone(0, 9, "veth-decoy", kind="veth", peer_index=2, peer_netns=netns(8))
    nested = NestedFacts((replace(cri(*inner.boxes), within=engine.id),))
    inner.boxes, inner.more = [], [docker(engine), nested]
    one = inner.interface("deep", "eth0")
    assert where(one)[:2] == (Relation.PEER, Whereabouts.ENGINE)
    assert one.counterpart is not None
    assert (one.counterpart.owner, one.outer) == (engine.id, outer_end)
    assert "kind-worker" in where(one)[2]
    assert inner.joined("deep").reason == ""
