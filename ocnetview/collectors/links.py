"""One whole reading of the node's links, joined across its namespaces."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from ocnetview.collectors.counters import CounterReader
from ocnetview.collectors.decode import RawLink
from ocnetview.collectors.hidden import Hidden
from ocnetview.collectors.inhabited import Inhabited
from ocnetview.collectors.namespaces import (
    Inside,
    Namespace,
    netns_of,
    pinned,
    read_links,
    read_pvids,
    unreadable,
)
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.numbering import Numbering, Sign
from ocnetview.collectors.signs import shows_our_pid
from ocnetview.collectors.unseen import add_unseen
from ocnetview.config import Settings
from ocnetview.facts import Link, LinkFacts, NamespaceLinks, Netns

Found = dict[Netns, Namespace]
_PIDS = 8
"""So many processes of a namespace are named, and tried as a way into it."""


class LinkReader:
    """Reads the node's links; remembers what makes the next reading cheaper."""

    def __init__(self, settings: Settings) -> None:
        """Look for namespaces in the settings' folders of pins, and in their proc."""
        self._proc = settings.proc
        self._directories = settings.netns_dirs
        self._named = settings.of_host
        self._own = settings.netns or f"{settings.proc}/self/ns/net"
        self._pin_list: list[tuple[str, object]] = []
        self._inhabited = Inhabited(settings.proc)
        self._hidden = Hidden(settings.proc)
        self._counters = CounterReader(settings.refresh)

    def read(self, netlink: Netlink) -> LinkFacts:
        """Return all links of this namespace, and of every other that is found.

        Raises:
            OSError: our own namespace cannot be read.
        """
        host = netns_of(os.stat(self._own))
        outside = read_links(netlink)
        if any(link.filters_vlans for link in outside.links):
            outside = replace(outside, pvids=read_pvids(netlink))
        found, leftovers = self._found(host)
        home = Namespace(host, [self._own])
        numbering = Numbering(netlink, home, outside, found)
        numbering.resolve(lambda signs: self._search(signs, host, found))
        owners = numbering.owners()
        owners = add_unseen(netlink, self._unseen(), owners, found, home)
        outside = numbering.doubt()
        counters, at = self._counters.read(netlink)
        there = [n for n in found.values() if not n.gone and not n.foreign]
        foreign = [pin for n in found.values() if n.foreign for pin in n.pins]
        return LinkFacts(
            host=host,
            links=_joined(outside, host, owners),
            namespaces=tuple(_facts(n, owners) for n in there),
            counters=counters,
            at=at,
            not_netns=tuple(sorted([*leftovers, *foreign])),
            troubles=tuple(unreadable(self._directories)),
        )

    def _search(
        self, signs: frozenset[Sign], host: Netns, found: Found
    ) -> list[Namespace]:
        """Return the namespaces that nothing known leads to, as far as they differ."""
        known = {host, *found}
        return self._hidden.read(signs, self._inhabited.pids, host.dev, known)

    def _unseen(self) -> frozenset[int]:
        """Return the processes whose namespace may not be seen, if others may ask.

        The kernel takes a pid as one of our own pid namespace.
        """
        return self._inhabited.unseen if shows_our_pid(self._proc) else frozenset()

    def count(self, netlink: Netlink, facts: LinkFacts) -> LinkFacts:
        """Return the same links with counters read now.

        Raises:
            OSError: the kernel refuses the dump.
        """
        counters, at = self._counters.read(netlink)
        return replace(facts, counters=counters, at=at)

    def namespaces_changed(self) -> bool:
        """Claim that pins or inhabited namespaces came or went; no event tells it."""
        return self._pin_list != self._list_pins() or self._inhabited.changed()

    def _list_pins(self) -> list[tuple[str, object]]:
        nsfs = os.stat(self._own).st_dev
        return [
            (path, status and netns_of(status))
            for path, status in pinned(self._directories, nsfs)
        ]

    def _found(self, host: Netns) -> tuple[Found, list[str]]:
        """Return all namespaces but our own, and files that pin nothing."""
        self._pin_list = self._list_pins()
        found: Found = {}
        leftovers: list[str] = []
        for path, netns in self._pin_list:
            if isinstance(netns, Netns):
                found.setdefault(netns, Namespace(netns)).pins.append(path)
            else:
                leftovers.append(self._named(path))
        for netns, pids in self._inhabited.read().items():
            found.setdefault(netns, Namespace(netns)).pids = tuple(pids[:_PIDS])
        found.pop(host, None)
        for namespace in found.values():
            namespace.paths += namespace.pins
            namespace.pins = [self._named(pin) for pin in namespace.pins]
            namespace.paths += [f"{self._proc}/{p}/ns/net" for p in namespace.pids]
        return found, leftovers


def _joined(
    inside: Inside, netns: Netns, owners: Mapping[int, Netns]
) -> tuple[Link, ...]:
    """Return links with their addresses and the identity of each peer's namespace."""
    return tuple(
        _link(raw, inside, netns, {} if raw.ifindex in inside.unsure else owners)
        for raw in inside.links
    )


def _link(
    raw: RawLink, inside: Inside, netns: Netns, owners: Mapping[int, Netns]
) -> Link:
    """Return one link as a fact."""
    peer = raw.peer_index or None
    return Link(
        netns=netns,
        ifindex=raw.ifindex,
        name=raw.name,
        kind=raw.kind,
        peer_index=peer,
        nsid=raw.nsid,
        peer_netns=_peer_netns(raw, netns, owners) if peer else None,
        master=raw.master,
        pvid=inside.pvids.get(raw.ifindex),
        mtu=raw.mtu,
        up=raw.up,
        operstate=raw.operstate,
        mac=raw.mac,
        addresses=inside.addresses.get(raw.ifindex, ()),
        altnames=raw.altnames,
        vlan=raw.vlan,
        parent_dev=raw.parent_dev,
        phys_port=raw.phys_port,
        phys_switch=raw.phys_switch,
    )


def _peer_netns(
    raw: RawLink, netns: Netns, owners: Mapping[int, Netns]
) -> Netns | None:
    """Return where a link's peer is: beside it, or where the id leads."""
    return netns if raw.nsid is None else owners.get(raw.nsid)


def _facts(namespace: Namespace, owners: Mapping[int, Netns]) -> NamespaceLinks:
    """Return a namespace as a fact; what was entered knows its ids itself."""
    inside = namespace.inside
    if inside and inside.owners is not None:
        owners = inside.owners
    return NamespaceLinks(
        netns=namespace.netns,
        nsid=namespace.nsid,
        pins=tuple(namespace.pins),
        pids=namespace.pids,
        holders=tuple(namespace.holders),
        links=_joined(inside, namespace.netns, owners) if inside else None,
        reason=namespace.reason,
    )
