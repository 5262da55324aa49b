"""Paired links, proved from both ends, in whatever namespaces the ends are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ocnetview.facts import PAIRED_KINDS, Link, LinkFacts, Netns


@dataclass(frozen=True, slots=True)
class VethPair:
    """Two links that are the ends of one pair."""

    host: Link
    """The end in our namespace."""
    inner: Link
    """The end in another namespace, or our own link of the higher ifindex."""


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


def peers(facts: LinkFacts) -> Mapping[tuple[Netns, int], Link]:
    """Return the peer of each paired link, by the link's namespace and ifindex.

    Of every namespace: between the host and a pod, between two pods, inside one.
    An end whose other end cannot be read, or does not point back, has none.
    """
    by_key = {
        (link.netns, link.ifindex): link
        for links in (facts.links, *(n.links or () for n in facts.namespaces))
        for link in links
    }
    found: dict[tuple[Netns, int], Link] = {}
    for key, link in by_key.items():
        if link.peer_netns is not None and link.peer_index is not None:
            other = by_key.get((link.peer_netns, link.peer_index))
            if other is not None and are_peers(link, other):
                found[key] = other
    return found


def one_ended(facts: LinkFacts) -> tuple[Link, ...]:
    """Return our paired links whose peer is in a namespace that cannot be read.

    The namespace is proved, the peer's index in it is the kernel's word from this
    end alone: less than a pair, more than a guess.
    """
    unread = {n.netns for n in facts.namespaces if n.links is None}
    return tuple(
        link
        for link in facts.links
        if link.kind in PAIRED_KINDS and link.peer_netns in unread and link.peer_index
    )


def match_veths(facts: LinkFacts) -> tuple[VethPair, ...]:
    """Return every pair with an end in our namespace, each once, by ifindex."""
    found = peers(facts)
    pairs = (
        VethPair(link, found[key])
        for link in sorted(facts.links, key=lambda link: link.ifindex)
        if (key := (link.netns, link.ifindex)) in found
    )
    return tuple(
        pair
        for pair in pairs
        if pair.inner.netns != facts.host or pair.host.ifindex < pair.inner.ifindex
    )
