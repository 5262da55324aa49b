"""What is said of an interface: what is taken, and what disagrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import HOST, netns
from cluster import Cluster

from ocnetview.facts import CniInterface, Netns
from ocnetview.model import EvidenceKind, PortRole, Relation, Whereabouts

SID = f"{1:064x}"


def told(node: Cluster, pod: str, name: str) -> list[tuple[EvidenceKind, str, bool]]:
    """Return an interface's evidence in short."""
    return [(e.kind, e.says, e.agrees) for e in node.interface(pod, name).evidence]


def test_all_pieces_stand_strongest_first() -> None:
    """Kernel, OVS, CNI and addresses, each with its values and its source."""
    node = Cluster()
    node.pod(1, cni=(CniInterface("vethA"), CniInterface("eth0", "/run/netns/x")))
    node.pair(1, 12, "vethA")
    node.row("vethA", sandbox=SID, ip="10.128.0.1")
    one = node.interface("pod1", "eth0")
    assert [(e.kind, e.source) for e in one.evidence] == [
        (EvidenceKind.KERNEL, "rtnetlink"),
        (EvidenceKind.OVS, "ovsdb"),
        (EvidenceKind.CNI, "cri"),
        (EvidenceKind.ADDRESS, "ovsdb"),
    ]
    assert SID in one.evidence[1].detail
    assert "10.128.0.1" in one.evidence[3].detail
    assert one.port == "br0/vethA"
    assert not node.joined("pod1").disputed


def test_the_kernels_proof_wins_and_both_pods_are_marked() -> None:
    """A row that names a pod while its device leads to another is told at both."""
    node = Cluster()
    node.pod(1)
    node.pod(2)
    node.pair(1, 12, "vethA")
    node.pair(2, 13, "vethB")
    node.row("vethB", sandbox=SID)
    assert told(node, "pod1", "eth0") == [
        (EvidenceKind.KERNEL, "vethA", True),
        (EvidenceKind.OVS, "vethB", False),
    ]
    pods = {pod.name: pod for pod in node.model().pods}
    assert all(pod.disputed for pod in pods.values())
    assert "shop/pod1" in pods["pod2"].disputes[0]
    port = node.model().ports_by_key["br0/vethB"]
    assert (port.pod, port.role) == ("uid-2", PortRole.POD)


@pytest.mark.parametrize(
    "facts",
    [
        {"peer_netns": netns(2), "peer_index": 2},
        {"peer_netns": netns(9), "peer_index": 2},
        {"peer_netns": HOST, "peer_index": 77},
        {"nsid": 9, "peer_index": 2},
        {"peer_index": 3},
        {"kind": "netkit", "peer_index": 2},
        {"kind": "bridge"},
        {"kind": ""},
    ],
    ids=["pod", "netns", "host", "nsid", "index", "netkit", "bridge", "nic"],
)
def test_no_claim_is_taken_against_the_kernel(facts: dict[str, Any]) -> None:
    """A link that leads elsewhere, or is no such end, is shown and not matched."""
    node = Cluster()
    node.pod(1)
    node.pod(2)
    node.lone(1, 2, "eth0", kind="veth", peer_index=12)
    node.lone(0, 12, "vethA", **{"kind": "veth", **facts})
    node.row("vethA", sandbox=SID)
    one = node.interface("pod1", "eth0")
    assert one.host is None
    assert told(node, "pod1", "eth0") == [(EvidenceKind.OVS, "vethA", False)]
    assert node.joined("pod1").disputed
    assert node.model().ports_by_key["br0/vethA"].pod != "uid-1"


def test_a_claim_for_a_pair_is_not_for_a_macvlan() -> None:
    """The kernel knows that a macvlan has no peer, whoever names one."""
    node = Cluster()
    node.pod(1)
    node.lone(0, 3, "ens3")
    facts = {"kind": "macvlan", "peer_index": 3, "peer_netns": HOST}
    node.lone(1, 2, "eth0", **facts)
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    node.row("vethA", sandbox=SID)
    one = node.interface("pod1", "eth0")
    assert one.counterpart is not None
    assert (one.counterpart.relation, one.host) == (Relation.PARENT, None)


def test_the_stronger_of_two_claims_is_taken() -> None:
    """Where OVS and CNI name different links, OVS's is shown and the row marked."""
    node = Cluster()
    node.pod(1, netns=None, cni=(CniInterface("vethB"), CniInterface("eth0", "/x")))
    for index, name in ((12, "vethA"), (13, "vethB")):
        node.lone(0, index, name, kind="veth", peer_index=2)
    node.row("vethA", sandbox=SID, pod__if__name="eth0")
    (one,) = node.joined("pod1").interfaces
    assert one.host is not None
    assert one.host.name == "vethA"
    assert one.evidence[1].says == "vethB"
    assert one.disputed


def test_a_link_that_two_pods_are_said_to_have_is_neithers() -> None:
    """Two results of one strength for one link: nobody can tell whose it is."""
    node = Cluster()
    for number in (1, 2):
        cni = (CniInterface("vethA"), CniInterface("eth0", f"/run/netns/{number}"))
        node.pod(number, netns=None, cni=cni)
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    for number in (1, 2):
        (one,) = node.joined(f"pod{number}").interfaces
        assert one.host is None
        assert "too" in one.evidence[0].detail


def test_a_stronger_claim_of_another_pod_goes_before() -> None:
    """OVS gives the link to one pod; the other's old CNI result does not get it."""
    node = Cluster()
    node.pod(1, netns=None)
    cni = (CniInterface("vethA"), CniInterface("eth0", "/run/netns/2"))
    node.pod(2, netns=None, cni=cni)
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    node.row("vethA", sandbox=SID)
    assert [bool(i.host) for i in node.joined("pod1").interfaces] == [True]
    assert [bool(i.host) for i in node.joined("pod2").interfaces] == [False]


def test_who_joins_a_namespace_has_the_same_evidence() -> None:
    """Of two in one namespace both show what is said of it."""
    node = Cluster()
    node.pod(1)
    node.pod(2, netns=netns(1), netns_path="/run/netns/cni-1")
    node.pair(1, 12, "vethA")
    node.row("vethA", sandbox=SID)
    assert told(node, "pod1", "eth0") == told(node, "pod2", "eth0")
    assert not any(pod.disputed for pod in node.model().pods)


def test_an_unknown_place_is_worse_than_a_claim() -> None:
    """Where the kernel only says that a peer is somewhere, OVS says where."""
    node = Cluster()
    node.pod(1)
    node.lone(1, 2, "eth0", kind="veth", peer_index=12, nsid=0)
    node.lone(0, 12, "vethA", kind="veth")
    assert node.interface("pod1", "eth0").counterpart is not None
    node.row("vethA", sandbox=SID)
    one = node.interface("pod1", "eth0")
    assert one.counterpart is not None
    assert one.counterpart.where is Whereabouts.HOST
    assert [e.kind for e in one.evidence] == [EvidenceKind.OVS]


def test_a_namespace_known_by_its_id_alone_contradicts_nobody() -> None:
    """Without a right the node's end leads to an id; that may be any pod's without one.

    But not that of a pod whose own id is another.
    """
    node = Cluster(unread={1: "no", 2: "no"})
    hidden = Netns(0, 7)
    for number in (1, 2):
        node.pod(number)
        facts = {"kind": "veth", "peer_index": 2, "nsid": 7, "peer_netns": hidden}
        node.lone(0, 10 + number, f"veth{number}", **facts)
        node.row(f"veth{number}", sandbox=f"{number:064x}")
    told = node.facts()
    first, second = told.namespaces
    node.more.append(replace(told, namespaces=(replace(first, nsid=None), second)))
    node.silent = True
    found = {
        pod.name: [i.host and i.host.name for i in pod.interfaces]
        for pod in node.model().pods
        if pod.uid
    }
    assert found == {"pod1": ["veth1"], "pod2": [None]}
    assert [node.joined(name).disputed for name in ("pod1", "pod2")] == [False, True]


@pytest.mark.parametrize("there", [0, 2])
def test_who_has_no_known_namespace_gets_no_link_of_anothers(there: int) -> None:
    """A pair within the node, or with another pod, is not of a pod without one."""
    node = Cluster()
    node.pod(1, netns=None)
    node.pod(2)
    facts = {"kind": "veth", "peer_index": 9, "peer_netns": netns(there)}
    node.lone(0, 12, "vethA", **facts)
    node.row("vethA", sandbox=SID)
    (one,) = node.joined("pod1").interfaces
    assert (one.host, one.disputed) == (None, True)


def test_a_link_that_is_there_goes_before_one_that_is_gone() -> None:
    """OVS's row is left of a device that does not exist; the result's does."""
    node = Cluster()
    cni = (CniInterface("vethB"), CniInterface("eth0", "/run/netns/1"))
    node.pod(1, netns=None, cni=cni)
    node.lone(0, 12, "vethB", kind="veth", peer_index=2)
    node.row("vethA", sandbox=SID)
    (one,) = node.joined("pod1").interfaces
    assert one.host is not None
    assert one.host.name == "vethB"


def test_a_name_on_the_node_is_not_the_same_name_elsewhere() -> None:
    """A peer in another pod may be called as the link that OVS means on the node."""
    node = Cluster()
    node.pod(1)
    node.pod(2)
    for here, far, name in ((1, 2, "eth0"), (2, 1, "vethA")):
        facts = {"kind": "veth", "peer_index": 2, "peer_netns": netns(far)}
        node.lone(here, 2, name, **facts)
    node.row("vethA", sandbox=SID)
    assert told(node, "pod1", "eth0") == [
        (EvidenceKind.KERNEL, "vethA", True),
        (EvidenceKind.OVS, "vethA", False),
    ]
