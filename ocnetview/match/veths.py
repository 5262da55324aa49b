"""Host veth <-> pod end, proved from both."""

from __future__ import annotations

from collections.abc import Iterator
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
        one.kind in PAIRED_KINDS
        and one.kind == other.kind
        and points_at(one, other)
        and points_at(other, one)
    )


def match_veths(facts: LinkFacts) -> tuple[VethPair, ...]:
    """Return every pair with an end in our namespace, each once, by ifindex.

    An end whose other end cannot be read, or does not point back, is in none.
    """
    by_key = {
        (link.netns, link.ifindex): link
        for links in (facts.links, *(n.links or () for n in facts.namespaces))
        for link in links
    }
    return tuple(_pairs(sorted(facts.links, key=lambda link: link.ifindex), by_key))


def _pairs(
    hosts: list[Link], by_key: dict[tuple[Netns, int], Link]
) -> Iterator[VethPair]:
    """Yield the pairs of these links that both ends prove."""
    for host in hosts:
        if host.peer_netns is None or host.peer_index is None:
            continue
        inner = by_key.get((host.peer_netns, host.peer_index))
        if inner is None or not are_peers(host, inner):
            continue
        if inner.netns != host.netns or host.ifindex < inner.ifindex:
            yield VethPair(host, inner)
