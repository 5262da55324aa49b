"""A reading of the hard topologies, found by what was written down by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from node.spaces import End

from ocnetview.facts import Link, LinkFacts, NamespaceLinks
from ocnetview.match.veths import peers
from ocnetview.record import from_json


class Reading:
    """What ocnetview read, found by the inodes that were written down by hand."""

    def __init__(self, line: Mapping[str, Any], ends: Mapping[str, End]) -> None:
        (self.facts,) = from_json(json.dumps(line)).of(LinkFacts)
        self.peers = peers(self.facts)
        self._inodes = {name.partition(":")[0]: end.inode for name, end in ends.items()}
        self._ends = ends

    def space(self, name: str) -> NamespaceLinks:
        """Return the namespace of a space."""
        inode = self._inodes[name]
        (found,) = (n for n in self.facts.namespaces if n.netns.ino == inode)
        return found

    def links(self, name: str) -> tuple[Link, ...]:
        """Return what is inside a space."""
        if name == "host":
            return self.facts.links
        inside = self.space(name)
        assert inside.links is not None, inside.reason
        return inside.links

    def link(self, where: str) -> Link:
        """Return the link with the namespace and ifindex of SPACE:NAME by hand."""
        space, _, name = where.partition(":")
        index = self._ends[where].ifindex
        (found,) = (link for link in self.links(space) if link.ifindex == index)
        assert found.name == name
        return found

    def leads_to(self, link: Link, where: str) -> bool:
        """Claim that IFLA_LINK of a link is said to be this one's."""
        other = self._ends[where]
        said = link.peer_netns.ino if link.peer_netns else None
        return (link.peer_index, said) == (other.ifindex, other.inode)
