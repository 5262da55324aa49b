"""Row of Open vSwitch -> the pod that its external_ids name."""

from __future__ import annotations

import pytest
from cluster import Cluster
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import OvsInterface
from ocnetview.match.claims_ovs import Named, address_of_mac, read_row
from ocnetview.model import EvidenceKind

SID = "5ca1ab1e" * 8
UID = "uid-1"


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ({}, Named()),
        (
            {"sandbox": SID, "ip": "10.129.0.3"},
            Named(SID, addresses=("10.129.0.3",)),
        ),
        (
            {
                "sandbox": SID,
                "iface-id": "my-ns_my.pod-0",
                "iface-id-ver": UID,
                "attached_mac": "0A:58:0a:f4:00:03",
                "ip_addresses": "10.244.0.3/24,fd00:0::3/64",
                "pod-if-name": "eth0",
                "ovn-installed": "true",
            },
            Named(
                SID,
                UID,
                "my-ns",
                "my.pod-0",
                "eth0",
                "0a:58:0a:f4:00:03",
                ("10.244.0.3", "fd00::3"),
            ),
        ),
        (
            {
                "sandbox": SID,
                "iface-id": "my.ns.l3.network_shop_web-l3",
                "k8s.ovn.org/nad": "my-ns/l3-network",
                "k8s.ovn.org/network": "l3-network",
            },
            Named(SID, namespace="shop", name="web-l3", network="my-ns/l3-network"),
        ),
        (
            {
                "iface-id": "web.shop.net1.shop.ovn",
                "pod_name": "web",
                "pod_namespace": "shop",
                "ip": "10.16.0.9",
                "vendor": "kube-ovn",
            },
            Named(namespace="shop", name="web", addresses=("10.16.0.9",)),
        ),
        (
            {
                "container-id": SID,
                "pod-name": "web",
                "pod-namespace": "shop",
                "attached-mac": "aa:bb:cc:dd:ee:ff",
                "ip-address": "10.10.1.2,fd74::2",
                "if-dev": "eth1",
            },
            Named(
                SID,
                "",
                "shop",
                "web",
                "eth1",
                "aa:bb:cc:dd:ee:ff",
                ("10.10.1.2", "fd74::2"),
            ),
        ),
        (
            {"sandbox": SID, "vf-netdev-name": "eth7"},
            Named(SID, function=True),
        ),
    ],
    ids=["none", "sdn", "ovn-k", "ovn-k-nad", "kube-ovn", "antrea", "vf"],
)
def test_each_cni_is_read_by_its_own_keys(ids: dict[str, str], said: Named) -> None:
    """What external_ids say of the pod is the same thing for all CNIs."""
    assert read_row(OvsInterface("x", external_ids=ids)) == said


@given(st.dictionaries(st.text(), st.text(), max_size=6), st.text(max_size=40))
def test_hostile_external_ids_never_raise(ids: dict[str, str], value: str) -> None:
    """Anybody with the database's socket may write there."""
    known = ("sandbox", "iface-id", "attached_mac", "ip_addresses", "pod-if-name")
    row = OvsInterface("x", external_ids={**ids, **dict.fromkeys(known, value)})
    read_row(row)
    node = Cluster(rows=[row])
    node.pod(1)
    node.pair(1, 12, "x")
    assert node.model().ports_by_key["br0/x"].pod == UID


@pytest.mark.parametrize(
    "ids",
    [
        {"sandbox": f"{1:064x}"},
        {"iface__id__ver": UID},
        {"iface__id": "shop_web"},
        {"iface__id": "a.b_shop_web"},
        {"pod_name": "web", "pod_namespace": "shop"},
        {"container__id": f"{1:064x}"},
        {"ip": "10.128.0.1"},
        {"attached_mac": "0a:58:0a:80:00:01"},
    ],
)
@pytest.mark.parametrize("silent", [True, False])
def test_a_row_alone_finds_its_pod(ids: dict[str, str], *, silent: bool) -> None:
    """Without the kernel's proof each identity leads to the pod, and says how.

    With the kernel unheard the link cannot be shown, but its port can.
    """
    node = Cluster(silent=silent)
    node.pod(1, "web", netns=None, addresses=("10.128.0.1",))
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    node.row("vethA", **ids)
    model = node.model()
    (pod,) = model.pods
    (one,) = pod.interfaces
    by_address = {"ip", "attached_mac"} & {*ids}
    kind = EvidenceKind.ADDRESS if by_address else EvidenceKind.OVS
    assert [(e.kind, e.says, e.agrees) for e in one.evidence] == [(kind, "vethA", True)]
    assert one.port == "br0/vethA"
    assert (one.host.name if one.host else "") == ("" if silent else "vethA")
    assert model.ports_by_key["br0/vethA"].pod == pod.key
    assert pod.reason
    assert not pod.disputed


def test_an_address_that_two_pods_have_says_nothing() -> None:
    """A machine that moves has its address twice for a while."""
    node = Cluster()
    for number in (1, 2):
        node.pod(number, netns=None, addresses=("10.128.0.1",))
    node.row("vethA", ip="10.128.0.1")
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    model = node.model()
    assert [pod.interfaces for pod in model.pods] == [(), ()]
    assert model.ports_by_key["br0/vethA"].pod == ""


def test_a_row_of_an_earlier_sandbox_matches_nothing() -> None:
    """What is left of a pod's first attempt is not the second's port."""
    node = Cluster()
    node.pod(1, "web", sid="aa" * 32, ready=False, netns=None)
    box = node.pod(1, "web", sid="bb" * 32, attempt=1, created=200.0, netns=None)
    node.row("vethold", sandbox="aa" * 32)
    node.row("vethnew", sandbox=box.id)
    for index, name in enumerate(("vethold", "vethnew")):
        node.lone(0, 12 + index, name, kind="veth", peer_index=2)
    model = node.model()
    (pod,) = model.pods
    assert [i.port for i in pod.interfaces] == ["br0/vethnew"]
    assert [e.says for e in pod.interfaces[0].evidence] == ["vethnew"]
    assert model.ports_by_key["br0/vethold"].pod == ""


@pytest.mark.parametrize(
    ("mac", "address"),
    [
        ("0a:58:0a:80:02:2b", "10.128.2.43"),
        ("0a:58:0a:80:02:zz", ""),
        ("02:58:0a:80:02:2b", ""),
        ("", ""),
    ],
)
def test_openshifts_macs_hold_the_address(mac: str, address: str) -> None:
    """0a:58 and the four bytes of the IPv4 address; any other MAC holds none."""
    assert address_of_mac(mac) == address
