"""Paired links, proved from both ends, in whatever namespaces the ends are."""

from __future__ import annotations

from collections.abc import Mapping

from ocnetview.facts import PAIRED_KINDS, Link, LinkFacts, Netns

Key = tuple[Netns, int]
"""A link's identity: the namespace that it is in, and its ifindex there."""


def points_at(link: Link, other: Link) -> bool:
    """Claim that what the kernel says of `link` names `other` as its peer."""
    return link.peer_index == other.ifindex and link.peer_netns == other.netns


def are_peers(one: Link, other: Link) -> bool:
    """Claim that both are the ends of one pair: kind, index and namespace agree.

    Indexes repeat in every namespace, so that an index which fits from one side
    is no proof; each end must name the other.
    """
    return (
        one is not other
        and one.kind in PAIRED_KINDS
        and one.kind == other.kind
        and points_at(one, other)
        and points_at(other, one)
    )


def peers(facts: LinkFacts) -> Mapping[Key, Link]:
    """Return the peer of each paired link, by the link's namespace and ifindex.

    Of every namespace: between the host and a pod, between two pods, inside one.
    An end whose other end cannot be read, or does not point back, has none.
    """
    everything = (facts.links, *(n.links or () for n in facts.namespaces))
    return peers_among(
        {(link.netns, link.ifindex): link for links in everything for link in links}
    )


def peers_among(links: Mapping[Key, Link]) -> Mapping[Key, Link]:
    """Return the peer of each paired link among these."""
    found: dict[Key, Link] = {}
    for key, link in links.items():
        there, number = link.peer_netns, link.peer_index
        if number is None or there is None or key in found:
            continue
        other = links.get((there, number))
        if other is not None and are_peers(link, other):
            found[key] = other
            found[there, number] = link
    return found
