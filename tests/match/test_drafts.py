"""Which interface of a pod it is that somebody speaks of."""

from __future__ import annotations

from cluster import Cluster

from ocnetview.facts import CniInterface, OvsInterface
from ocnetview.model import EvidenceKind

SID = f"{1:064x}"


def test_what_is_said_names_an_interface_that_cannot_be_seen() -> None:
    """From outside an interface has no name; OVS, CNI or Multus give it one."""
    node = Cluster(unread={1: "no"})
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.pair(1, 13, "vethB", "net1", 3)
    node.row("vethA", sandbox=SID, **{"pod-if-name": "eth0"})
    ids = {"pod-if-name": "net1", "k8s.ovn.org/nad": "shop/blue"}
    node.row("vethB", sandbox=SID, **ids)
    found = node.joined("pod1").interfaces
    assert [(i.name, i.network, i.host and i.host.name) for i in found] == [
        ("eth0", "", "vethA"),
        ("net1", "shop/blue", "vethB"),
    ]
    assert [i.evidence[0].kind for i in found] == [EvidenceKind.KERNEL_ONE] * 2


def test_networks_without_a_link_are_listed_by_their_name() -> None:
    """Of a namespace that cannot be read, Multus still tells of a macvlan."""
    node = Cluster(unread={1: "no"})
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.row("vethA", sandbox=SID, **{"pod-if-name": "eth0"})
    status = '[{"name":"ovn-kubernetes","interface":"eth0","default":true},'
    status += '{"name":"shop/lan","interface":"net1"}]'
    node.annotate(1, "pod1", status=status)
    found = node.joined("pod1").interfaces
    assert [(i.name, i.network) for i in found] == [
        ("eth0", "ovn-kubernetes"),
        ("net1", "shop/lan"),
    ]
    assert found[1].counterpart is None


def test_an_internal_port_in_a_pod_has_its_row() -> None:
    """OVS made the device; it has no peer, but the port is the pod's."""
    node = Cluster()
    node.pod(1)
    node.lone(1, 9, "tap0", kind="openvswitch", mac="02:00:00:00:00:09")
    row = OvsInterface("tap0", "internal", 7, mac="02:00:00:00:00:09", link_state="up")
    node.rows.append(row)
    model = node.model()
    (one,) = model.pods[0].interfaces
    assert (one.counterpart, one.port) == (None, "br0/tap0")
    assert model.ports_by_key["br0/tap0"].pod == "uid-1"
    assert one.proof is not None
    assert one.proof.says == "tap0"


def test_a_claim_is_the_interfaces_that_the_kernel_leads_to() -> None:
    """An eth0 that is called otherwise by now still confirms its CNI result."""
    node = Cluster()
    node.pod(1, cni=(CniInterface("vethA"), CniInterface("eth0", "/run/netns/1")))
    node.pair(1, 12, "vethA", "outside0")
    node.lone(1, 3, "eth0", kind="dummy")
    assert [e.agrees for e in node.interface("pod1", "outside0").evidence] == [True] * 2
    assert node.interface("pod1", "eth0").evidence == ()
    assert node.joined("pod1").interfaces[0].name == "outside0"


def test_a_pod_that_only_the_api_tells_of_may_still_have_its_port() -> None:
    """Without any runtime OVS's iface-id leads from the port to the API's pod."""
    node = Cluster()
    node.annotate(1, "web", status='[{"name":"ovn","interface":"eth0"}]')
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    node.row("vethA", iface__id="shop_web")
    pod = node.joined("web")
    (one,) = pod.interfaces
    assert (one.name, one.network) == ("eth0", "ovn")
    assert one.host is not None
    assert pod.reason == "no runtime says which network namespace it has"


def test_one_link_is_not_of_two_interfaces() -> None:
    """What OVS gives to one, a derived name does not give to another."""
    node = Cluster()
    sid = "12ab34cd56ef7890" * 4
    node.pod(1, sid=sid)
    name = f"{sid[:13]}_3"
    node.lone(1, 2, "eth0", kind="veth")
    node.lone(1, 3, "net1", kind="veth")
    node.lone(0, 12, name, kind="veth")
    node.row(name, sandbox=sid, **{"pod-if-name": "eth0"})
    assert node.interface("pod1", "eth0").host is not None
    assert node.interface("pod1", "net1").host is None
    assert node.interface("pod1", "net1").disputed


def test_a_claim_for_another_interface_than_the_kernels_disagrees() -> None:
    """Kernel and row name the same pod, but not the same interface in it."""
    node = Cluster()
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.pair(1, 13, "vethB", "net1", 3)
    node.row("vethB", sandbox=SID, **{"pod-if-name": "eth0"})
    assert [
        (e.kind, e.says, e.agrees) for e in node.interface("pod1", "eth0").evidence
    ][1:] == [(EvidenceKind.OVS, "vethB", False)]
    assert not node.interface("pod1", "net1").disputed


def test_a_claim_for_eth0_is_not_the_dummys_in_its_place() -> None:
    """KubeVirt's dummy is called eth0; the veth that was is eth0-nic."""
    node = Cluster()
    node.pod(1)
    node.lone(1, 5, "k6t-eth0", kind="bridge")
    node.lone(1, 4, "eth0-nic", kind="veth", master=5)
    node.lone(1, 7, "eth0", kind="dummy")
    node.lone(0, 12, "vethA", kind="veth")
    node.row("vethA", sandbox=SID, **{"pod-if-name": "eth0"})
    one = node.interface("pod1", "eth0-nic")
    assert one.host is not None
    assert one.host.name == "vethA"
    assert node.interface("pod1", "eth0").evidence == ()
