"""Pod -> the names that CNIs derive."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from builders import netns
from cluster import Cluster

from ocnetview.match import derived
from ocnetview.model import EvidenceKind, Pod, PodKind

SID = "12ab34cd56ef7890" * 4
REAL = Path(__file__).parents[2] / "../shared/realdata"


def digest(text: str) -> str:
    """Return the first digits of a text's sha1."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("name", "inside", "index"),
    [
        (SID[:15], "eth0", 2),
        (f"{SID[:13]}_3", "net1", 3),
        (f"{SID[:11]}_145", "ovn-udn1", 145),
        (f"cali{digest('shop.web')[:11]}", "eth0", 2),
        (f"eni{digest('shop.web')[:11]}", "eth0", 2),
        (f"{SID[:12]}_h", "eth0", 2),
        (f"{SID[:8]}_net1_h", "net1", 2),
        (f"web-{digest(SID)[:6]}", "eth0", 2),
    ],
)
@pytest.mark.parametrize("proved", [True, False])
def test_a_link_called_after_the_pod_is_its_own(
    name: str, inside: str, index: int, *, proved: bool
) -> None:
    """The name confirms the kernel's proof, and stands for it where there is none."""
    node = Cluster()
    node.pod(1, "web", sid=SID)
    outer, inner = node.pair(1, 40, name, inside, index)
    if not proved:
        node.change(outer, peer_netns=None, peer_index=None)
        node.change(inner, peer_netns=None, peer_index=None)
    one = node.interface("web", inside)
    kinds = [EvidenceKind.KERNEL, EvidenceKind.NAME]
    assert [e.kind for e in one.evidence] == (kinds if proved else kinds[1:])
    assert one.host is not None
    assert one.host.name == name
    assert not one.disputed


@pytest.mark.parametrize(
    "name",
    [
        SID[:14],
        f"{SID[:12]}_3",
        f"{SID[:13]}_x",
        f"{SID[1:13]}_h",
        f"cali{digest('shop.other')[:11]}",
        f"12345{digest('shop.web')[:10]}",
        "web-000000",
    ],
)
def test_a_name_that_only_looks_so_says_nothing(name: str) -> None:
    """Another length, another pod's digest, no number: not derived."""
    node = Cluster()
    node.pod(1, "web", sid=SID, netns=None)
    node.lone(0, 40, name, kind="veth", peer_index=2)
    assert node.joined("web").interfaces == ()


@pytest.mark.skipif(not REAL.exists(), reason="the recorded table is not here")
def test_the_names_that_calico_gave_are_found() -> None:
    """A table of four real pods with the links that Calico made for them."""
    (table,) = REAL.glob("45-*")
    pods = [line.split() for line in table.read_text().splitlines()[1:] if line]
    assert len(pods) == 4
    names = derived.Names(frozenset(), {row[4][4:15]: row[4][:15] for row in pods}, {})
    for row in pods:
        _, _, name, namespace, *_ = row[2].split("_")
        pod = Pod(name, PodKind.POD, name, namespace, netns=netns(1))
        (claim,) = derived.claims(pod, names)
        assert claim.says == row[4].partition("@")[0]
