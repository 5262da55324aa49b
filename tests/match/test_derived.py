"""Pod -> the names that CNIs derive."""

from __future__ import annotations

import hashlib

import pytest
from cluster import Cluster

from ocnetview.model import EvidenceKind

SID = "12ab34cd56ef7890" * 4


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
