"""Host veth <-> pod end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import HOST, link, link_facts, netns, veth
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import Link, LinkFacts, NamespaceLinks, Netns
from ocnetview.match.veths import are_peers, peers


def both(one: Link, other: Link) -> dict[tuple[Netns, int], Link]:
    """Return two ends as each other's peers."""
    return {(one.netns, one.ifindex): other, (other.netns, other.ifindex): one}


def test_each_end_names_the_other() -> None:
    """A pair is two ends that name each other's index and namespace."""
    outer, inner = veth(7, 12, "vethA")
    assert peers(link_facts([outer], [inner])) == both(outer, inner)


def test_the_same_index_in_every_pod_confuses_nothing() -> None:
    """Pods whose eth0 all have index 2 keep their own veths."""
    pairs = [veth(number, 10 + number, f"veth{number}") for number in range(1, 40)]
    outers, inners = zip(*pairs, strict=True)
    ends = [both(*pair) for pair in pairs]
    assert peers(link_facts(outers, inners)) == {
        k: v for e in ends for k, v in e.items()
    }


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
        outer = outer._replace(**lie)
    else:
        inner = inner._replace(**lie)
    assert peers(link_facts([outer], [inner])) == {}


def test_a_macvlan_is_not_the_peer_of_its_lower_device() -> None:
    """IFLA_LINK of a macvlan is a lower device, whatever index fits by chance."""
    parent = link(2, "ens3", peer_index=2, peer_netns=netns(1))
    child = link(
        2, "net1", inside=1, kind="macvlan", peer_index=2, nsid=0, peer_netns=HOST
    )
    assert peers(link_facts([parent], [child])) == {}


def test_a_namespace_that_cannot_be_read_matches_nothing() -> None:
    """Without the right to look inside there is no second end, so no match."""
    outer, _ = veth(7, 12, "vethA")
    facts = link_facts([outer])
    facts = replace(facts, namespaces=(NamespaceLinks(netns(7), 7, reason="no"),))
    assert peers(facts) == {}


def test_a_pair_inside_the_host_is_one_pair() -> None:
    """Both ends in one namespace are each other's peers."""
    one = link(5, "gw0", kind="veth", peer_index=6, peer_netns=HOST)
    two = link(6, "tun0", kind="veth", peer_index=5, peer_netns=HOST)
    assert peers(link_facts([two, one])) == both(one, two)


def test_netkit_pairs_like_veth() -> None:
    """A netkit's IFLA_LINK is a peer, too; a mixed pair is none."""
    outer, inner = (end._replace(kind="netkit") for end in veth(1, 4, "nk0"))
    assert are_peers(outer, inner)
    assert not are_peers(outer, inner._replace(kind="veth"))


def test_pods_of_one_another_are_peers() -> None:
    """Two pods, a pod within a pod, and one pod's own two: no host link is theirs."""
    one = link(3, "net1", 1, kind="veth", peer_index=3, peer_netns=netns(2))
    two = link(3, "net1", 2, kind="veth", peer_index=3, peer_netns=netns(1))
    inner = link(4, "x", 3, kind="veth", peer_index=5, peer_netns=netns(3))
    other = link(5, "y", 3, kind="veth", peer_index=4, peer_netns=netns(3))
    ours = link(3, "ens3", kind="veth", peer_index=3, peer_netns=None)
    facts = link_facts([ours], [one, two, inner, other])
    assert peers(facts) == {
        (netns(1), 3): two,
        (netns(2), 3): one,
        (netns(3), 4): other,
        (netns(3), 5): inner,
    }


def test_a_link_is_not_its_own_peer() -> None:
    """A link that names itself, which no kernel says, is half of no pair."""
    odd = link(3, "odd", kind="veth", peer_index=3, peer_netns=HOST)
    assert peers(link_facts([odd])) == {}


End = tuple[int, int]
"""A namespace, 0 for the host's, and an ifindex in it."""


@st.composite
def nodes(draw: st.DrawFn) -> tuple[LinkFacts, dict[End, End]]:
    """Give a node's facts and the peer of each end, as a kernel would make them.

    Indexes collide on purpose: a few small numbers in every namespace. Besides the
    pairs there is what only looks like one: children of a lower link, ends whose
    peer is where nobody looks, and namespaces that cannot be read.
    """
    ends = draw(
        st.lists(
            st.tuples(st.integers(0, 4), st.integers(1, 5)), unique=True, max_size=20
        )
    )
    kind = draw(st.sampled_from(["veth", "netkit"]))
    truth: dict[End, End] = {}
    links: dict[End, Link] = {}
    half = draw(st.integers(0, len(ends) // 2))
    for one, other in zip(ends[:half], ends[half : 2 * half], strict=True):
        truth |= {one: other, other: one}
    for end in ends:
        where, index = truth.get(end) or draw(st.sampled_from(ends))
        hidden = end not in truth and draw(st.booleans())
        links[end] = link(
            end[1],
            draw(st.sampled_from(["eth0", f"l{end}"])),
            end[0],
            kind=kind if end in truth or hidden else "macvlan",
            peer_index=index,
            peer_netns=None if hidden else netns(where),
        )
    unread = draw(st.sets(st.integers(1, 4)))
    known = {
        e: p for e, p in truth.items() if e[0] not in unread and p[0] not in unread
    }
    facts = link_facts(
        [one for (where, _), one in links.items() if where == 0],
        [one for (where, _), one in links.items() if where and where not in unread],
    )
    blind = tuple(NamespaceLinks(netns(n), n, reason="no") for n in sorted(unread))
    return replace(facts, namespaces=facts.namespaces + blind), known


@given(nodes())
def test_exactly_the_true_pairs_are_found(
    node: tuple[LinkFacts, dict[End, End]],
) -> None:
    """On any node each end has the peer that it was made with, and nothing else."""
    facts, truth = node
    found = {key: (one.netns, one.ifindex) for key, one in peers(facts).items()}
    assert found == {keyed(end): keyed(peer) for end, peer in truth.items()}


def keyed(end: End) -> tuple[Netns, int]:
    """Return an end as peers are keyed."""
    return netns(end[0]), end[1]


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
    matched = peers(link_facts(hosts, inner))
    proved = {
        (a.netns, a.ifindex): b
        for a in links
        for b in links
        if a != b
        and a.kind == b.kind
        and a.kind in ("veth", "netkit")
        and (a.peer_index, a.peer_netns) == (b.ifindex, b.netns)
        and (b.peer_index, b.peer_netns) == (a.ifindex, a.netns)
    }
    assert matched == proved
    random.shuffle(hosts)  # type: ignore[attr-defined]
    random.shuffle(inner)  # type: ignore[attr-defined]
    assert peers(link_facts(hosts, inner)) == matched
