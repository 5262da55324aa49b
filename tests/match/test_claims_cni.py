"""CNI result -> the pod's link on the node."""

from __future__ import annotations

from typing import Any

import pytest
from builders import HOST
from cluster import Cluster
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import CniInterface, CniResult
from ocnetview.model import EvidenceKind, Relation

PATH = "/run/netns/cni-1"
SID = f"{1:064x}"
BRIDGED = (
    CniInterface("cni0", mac="aa:00:00:00:00:01"),
    CniInterface("vethA", mac="aa:00:00:00:00:02"),
    CniInterface("eth0", PATH, "0a:58:0a:80:00:01", ("10.128.0.1/23",)),
    CniInterface("lo", PATH),
)
BARE = (CniInterface("vethA"), CniInterface("eth0"), CniInterface("lo"))
"""As Calico's results and old containerd's are: no namespace is said."""


def bridged(node: Cluster) -> None:
    """Add the bridge that the results name, too."""
    node.lone(0, 5, "cni0", kind="bridge")


@pytest.mark.parametrize("kept", [BRIDGED, BARE, BRIDGED[::-1]])
def test_a_result_confirms_the_kernels_proof(kept: tuple[CniInterface, ...]) -> None:
    """Of what is on the node's side only the pair's end is taken, not the bridge."""
    node = Cluster()
    bridged(node)
    node.pod(1, cni=kept)
    node.pair(1, 12, "vethA")
    one = node.interface("pod1", "eth0")
    assert [(e.kind, e.says, e.source, e.agrees) for e in one.evidence] == [
        (EvidenceKind.KERNEL, "vethA", "rtnetlink", True),
        (EvidenceKind.CNI, "vethA", "cri", True),
    ]


@pytest.mark.parametrize("kept", [BRIDGED, BARE, BARE[:1]])
def test_the_interface_is_eth0_where_no_result_names_it(
    kept: tuple[CniInterface, ...],
) -> None:
    """Calico tells the node's side only; runtimes call the first interface eth0."""
    node = Cluster()
    bridged(node)
    node.pod(1, cni=kept, netns=None)
    node.lone(0, 12, "vethA", kind="veth", peer_index=3)
    (one,) = node.joined("pod1").interfaces
    assert one.host
    assert (one.name, one.host.name) == ("eth0", "vethA")


def test_the_cache_says_it_of_the_interface_in_its_name() -> None:
    """A file of the cache is of one interface, and found by its sandbox."""
    node = Cluster()
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.pair(1, 13, "vethB", "net1", 3)
    inside = CniInterface("net1", PATH)
    found = (CniInterface("vethB"), inside)
    node.results.append(CniResult("/results/x", "x", SID, "net1", found))
    node.results.append(CniResult("/results/y", "y", "f" * 64, "net1", found))
    one = node.interface("pod1", "net1")
    assert [e.kind for e in one.evidence] == [EvidenceKind.KERNEL, EvidenceKind.CNI]
    assert "/results/x" in one.evidence[1].detail
    assert len(node.interface("pod1", "eth0").evidence) == 1


@pytest.mark.parametrize("silent", [True, False])
def test_a_result_stands_in_for_the_kernel(*, silent: bool) -> None:
    """Where the namespace is not known, the result's link is the pod's.

    Which of two names is the bridge's is told by its being in every result.
    """
    node = Cluster(silent=silent)
    bridged(node)
    for number, name in ((1, "vethA"), (2, "vethB")):
        inner = CniInterface("eth0", f"/run/netns/cni-{number}")
        cni = (CniInterface("cni0"), CniInterface(name), inner)
        node.pod(number, netns=None, cni=cni)
        node.lone(0, 10 + number, name, kind="veth", peer_index=2)
    for number, name in ((1, "vethA"), (2, "vethB")):
        (one,) = node.joined(f"pod{number}").interfaces
        assert one.name == "eth0"
        assert [(e.kind, e.says) for e in one.evidence] == [(EvidenceKind.CNI, name)]
        assert (one.host is None) is silent


def test_the_cache_names_an_interface_that_cannot_be_seen() -> None:
    """A result without a link on the node still has the name inside."""
    node = Cluster(unread={1: "no"})
    node.pod(1)
    node.pair(1, 12, "vethA")
    inner = (CniInterface("eth0", PATH),)
    node.results.append(CniResult("/results/x", "x", SID, "eth0", inner))
    (one,) = node.joined("pod1").interfaces
    assert (one.name, one.host and one.host.name) == ("eth0", "vethA")


def test_a_renamed_link_disagrees_with_the_result() -> None:
    """A result is never brought up to date: the kernel's name stands, marked."""
    node = Cluster()
    bridged(node)
    node.pod(1, cni=BRIDGED)
    node.pair(1, 12, "renamed0")
    one = node.interface("pod1", "eth0")
    assert [(e.says, e.agrees) for e in one.evidence] == [
        ("renamed0", True),
        ("vethA", False),
    ]
    assert one.host is not None
    assert one.host.name == "renamed0"
    assert node.joined("pod1").disputed


def test_an_alternative_name_is_the_same_link() -> None:
    """Who keeps its old name as an altname does not disagree."""
    node = Cluster()
    node.pod(1, cni=BRIDGED[1:])
    outer, _ = node.pair(1, 12, "renamed0")
    node.change(outer, altnames=("vethA",))
    assert not node.joined("pod1").disputed


def test_results_of_dead_sandboxes_say_nothing() -> None:
    """A completed pod has no interfaces, whatever was noted at its start."""
    node = Cluster()
    node.pod(1, cni=BRIDGED, ready=False, netns=None)
    node.lone(0, 12, "vethA", kind="veth", peer_index=2)
    pod = node.joined("pod1")
    assert (pod.interfaces, pod.disputes) == ((), ())


def test_results_of_earlier_sandboxes_say_nothing() -> None:
    """What was noted for a pod's first attempt is not the second's."""
    node = Cluster()
    node.pod(1, "web", sid="aa" * 32, ready=False, netns=None)
    node.pod(1, "web", sid="bb" * 32, attempt=1, created=200.0)
    node.pair(1, 12, "vethB")
    found = (CniInterface("vethA"), CniInterface("eth0", PATH))
    node.results.append(CniResult("/results/x", "x", "aa" * 32, "eth0", found))
    assert [e.kind for e in node.interface("web", "eth0").evidence] == [
        EvidenceKind.KERNEL
    ]


@pytest.mark.parametrize(
    "host",
    [
        {"phys_port": "pf0vf3", "phys_switch": "ab"},
        {"phys_port": "", "phys_switch": ""},
    ],
)
def test_multus_names_a_functions_representor(host: dict[str, Any]) -> None:
    """A VF has no peer; device-info leads from its PCI address to the switch's port."""
    node = Cluster()
    node.pod(1, "web")
    node.lone(1, 7, "net1", parent_dev="0000:3b:10.5")
    node.lone(0, 40, "rep3", **host)
    node.row("rep3")
    node.annotate(
        1,
        "web",
        status='[{"name":"shop/vf","interface":"net1","device-info":{"type":"pci",'
        '"pci":{"pci-address":"0000:3b:10.5","representor-device":"rep3"}}}]',
    )
    model = node.model()
    (one,) = model.pods[0].interfaces
    assert one.counterpart is not None
    assert one.counterpart.relation is Relation.REPRESENTOR
    assert one.host is not None
    assert (one.host.name, one.network, one.port) == ("rep3", "shop/vf", "br0/rep3")
    assert "0000:3b:10.5" in one.note
    assert model.ports_by_key["br0/rep3"].pod == "uid-1"


names = st.sampled_from(["vethA", "cni0", "eth0", "lo", "", "\x1b[31m", "net1"])
entry = st.builds(CniInterface, names, st.sampled_from(["", PATH, "x"]), st.text())


@given(st.lists(entry, max_size=5), st.lists(entry, max_size=5), names)
def test_hostile_results_never_raise_nor_beat_the_kernel(
    kept: list[CniInterface], cached: list[CniInterface], ifname: str
) -> None:
    """Whatever a result holds, the kernel's pair stands."""
    node = Cluster()
    bridged(node)
    node.pod(1, cni=tuple(kept))
    node.results.append(CniResult("/r", "x", SID, ifname, tuple(cached)))
    outer, _ = node.pair(1, 12, "vethA")
    node.lone(0, 13, "net1", kind="veth", peer_index=9, peer_netns=HOST)
    one = node.interface("pod1", "eth0")
    assert one.host == outer
