"""Host veth <-> pod end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import HOST, link, link_facts, netns, veth
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import Link, NamespaceLinks
from ocnetview.match.veths import are_peers, match_veths


def test_each_end_names_the_other() -> None:
    """A pair is two ends that name each other's index and namespace."""
    outer, inner = veth(7, 12, "vethA")
    (pair,) = match_veths(link_facts([outer], [inner]))
    assert (pair.host, pair.inner) == (outer, inner)


def test_the_same_index_in_every_pod_confuses_nothing() -> None:
    """Pods whose eth0 all have index 2 keep their own veths."""
    pairs = [veth(number, 10 + number, f"veth{number}") for number in range(1, 40)]
    outers, inners = zip(*pairs, strict=True)
    matched = match_veths(link_facts(outers, inners))
    assert [(p.host, p.inner) for p in matched] == pairs


@pytest.mark.parametrize(
    ("side", "lie"),
    [
        ("inner", {"peer_index": 99}),
        ("inner", {"peer_netns": netns(8)}),
        ("inner", {"peer_netns": None}),
        ("inner", {"kind": "macvlan"}),
        ("outer", {"kind": "macvlan"}),
        ("outer", {"peer_netns": None}),
        ("outer", {"peer_index": None}),
        ("outer", {"peer_index": 3}),
    ],
)
def test_one_end_alone_is_no_proof(side: str, lie: dict[str, Any]) -> None:
    """What only one end says, or a kind whose IFLA_LINK is no peer, never matches."""
    outer, inner = veth(7, 12, "vethA")
    if side == "outer":
        outer = replace(outer, **lie)
    else:
        inner = replace(inner, **lie)
    assert match_veths(link_facts([outer], [inner])) == ()


def test_a_macvlan_is_not_the_peer_of_its_lower_device() -> None:
    """IFLA_LINK of a macvlan is a lower device, whatever index fits by chance."""
    parent = link(2, "ens3", peer_index=2, peer_netns=netns(1))
    child = link(
        2, "net1", inside=1, kind="macvlan", peer_index=2, nsid=0, peer_netns=HOST
    )
    assert match_veths(link_facts([parent], [child])) == ()


def test_a_namespace_that_cannot_be_read_matches_nothing() -> None:
    """Without the right to look inside there is no second end, so no match."""
    outer, _ = veth(7, 12, "vethA")
    facts = link_facts([outer])
    facts = replace(facts, namespaces=(NamespaceLinks(netns(7), 7, reason="no"),))
    assert match_veths(facts) == ()


def test_a_pair_inside_the_host_is_one_pair() -> None:
    """Both ends in one namespace give one pair, the lower index as host end."""
    one = link(5, "gw0", kind="veth", peer_index=6, peer_netns=HOST)
    two = link(6, "tun0", kind="veth", peer_index=5, peer_netns=HOST)
    (pair,) = match_veths(link_facts([two, one]))
    assert (pair.host.name, pair.inner.name) == ("gw0", "tun0")


def test_netkit_pairs_like_veth() -> None:
    """A netkit's IFLA_LINK is a peer, too; a mixed pair is none."""
    outer, inner = (replace(end, kind="netkit") for end in veth(1, 4, "nk0"))
    assert are_peers(outer, inner)
    assert not are_peers(outer, replace(inner, kind="veth"))


names = st.integers(0, 4)
any_link = st.builds(
    lambda where, index, kind, peer, peer_where: Link(
        netns(where),
        index,
        f"l{index}",
        kind,
        peer_index=peer,
        peer_netns=None if peer_where is None else netns(peer_where),
    ),
    names,
    st.integers(1, 4),
    st.sampled_from(["veth", "netkit", "macvlan", ""]),
    st.none() | st.integers(1, 4),
    st.none() | names,
)


@given(st.lists(any_link, unique_by=lambda one: (one.netns, one.ifindex)), st.randoms())
def test_no_pair_is_lost_or_invented(links: list[Link], random: object) -> None:
    """Exactly the pairs that both ends prove come out, in any order of the input."""
    hosts = [one for one in links if one.netns == HOST]
    inner = [one for one in links if one.netns != HOST]
    matched = match_veths(link_facts(hosts, inner))
    proved = {
        frozenset([(a.netns, a.ifindex), (b.netns, b.ifindex)])
        for a in hosts
        for b in links
        if a != b
        and a.kind == b.kind
        and a.kind in ("veth", "netkit")
        and (a.peer_index, a.peer_netns) == (b.ifindex, b.netns)
        and (b.peer_index, b.peer_netns) == (a.ifindex, a.netns)
    }
    found = [
        frozenset([(p.host.netns, p.host.ifindex), (p.inner.netns, p.inner.ifindex)])
        for p in matched
    ]
    assert set(found) == proved
    assert len(found) == len(proved)
    random.shuffle(hosts)  # type: ignore[attr-defined]
    random.shuffle(inner)  # type: ignore[attr-defined]
    assert match_veths(link_facts(hosts, inner)) == matched
