"""Links as they were read -> links as facts, made once for each change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ocnetview.collectors.decode import RawLink
from ocnetview.collectors.namespaces import Inside, Namespace
from ocnetview.facts import Link, NamespaceLinks, Netns

_Parts = tuple[RawLink, Netns | None, int | None, tuple[str, ...]]
"""What a link's fact is made of, beside its namespace: the link, where its peer is, the
VLAN of a port, and addresses."""

_made = Link._make


class _Made(NamedTuple):
    """The facts of one namespace, and what they were made of."""

    inside: Inside
    theirs: tuple[Netns | None, ...]
    """Where the peers of its links are, as far as it is known."""
    parts: Mapping[int, tuple[_Parts, Link]]
    links: tuple[Link, ...]


class LinkFactory:
    """Makes facts; what did not change is the same object as before."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._made: dict[Netns, _Made] = {}
        self._spaces: dict[Netns, NamespaceLinks] = {}

    def links(
        self, inside: Inside, netns: Netns, owners: Mapping[int, Netns]
    ) -> tuple[Link, ...]:
        """Return links with addresses, and the identity of each peer's namespace."""
        unsure = inside.unsure
        # A link's peer is beside it, or where the id surely leads.
        theirs = tuple(
            [
                netns
                if (nsid := raw.nsid) is None
                else None
                if raw.ifindex in unsure
                else owners.get(nsid)
                for raw in inside.links
            ]
        )
        last = self._made.get(netns)
        if last and last.inside is inside and last.theirs == theirs:
            return last.links
        known = last.parts if last else {}
        parts: dict[int, tuple[_Parts, Link]] = {}
        addresses, pvids = inside.addresses, inside.pvids
        for raw, there in zip(inside.links, theirs, strict=True):
            index = raw.ifindex
            made = (raw, there, pvids.get(index), addresses.get(index, ()))
            before = known.get(index)
            if before is None or before[0] != made:
                before = made, _link(netns, made)
            parts[index] = before
        links = tuple([link for _, link in parts.values()])
        self._made[netns] = _Made(inside, theirs, parts, links)
        return links

    def namespace(
        self, namespace: Namespace, owners: Mapping[int, Netns]
    ) -> NamespaceLinks:
        """Return a namespace as a fact; what was entered knows its ids itself."""
        inside, netns = namespace.inside, namespace.netns
        if inside and inside.owners is not None:
            owners = inside.owners
        made = NamespaceLinks(
            netns=netns,
            nsid=namespace.nsid,
            pins=tuple(namespace.pins),
            pids=namespace.pids,
            holders=tuple(namespace.holders),
            links=self.links(inside, netns, owners) if inside else None,
            reason=namespace.reason,
        )
        before = self._spaces.get(netns)
        if before is not None and before == made:
            return before
        self._spaces[netns] = made
        return made

    def forget_others(self, there: Collection[Netns]) -> None:
        """Keep the facts of these namespaces only."""
        for netns in self._made.keys() - there:
            del self._made[netns]
        for netns in self._spaces.keys() - there:
            del self._spaces[netns]


def _link(netns: Netns, parts: _Parts) -> Link:
    """Return one link as a fact."""
    raw, there, pvid, addresses = parts
    there = there if raw.peer_index else None
    return _made((netns, *raw[:-1], there, pvid, addresses))
