"""One whole reading of the node's links, joined across its namespaces."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace

from ocnetview.collectors.counters import CounterReader
from ocnetview.collectors.decode import RawLink
from ocnetview.collectors.inhabited import Inhabited
from ocnetview.collectors.namespaces import (
    Inside,
    Namespace,
    entrance,
    list_links,
    netns_of,
    opened,
    pinned,
    read_links,
    read_pvids,
    visit,
)
from ocnetview.collectors.netlink import Netlink
from ocnetview.config import Settings
from ocnetview.facts import Link, LinkFacts, NamespaceLinks, Netns

_PIDS = 8
"""So many processes of a namespace are named, and tried as a way into it."""


class LinkReader:
    """Reads the node's links; remembers what makes the next reading cheaper."""

    def __init__(self, settings: Settings) -> None:
        """Look for namespaces in the settings' folders of pins, and in their proc."""
        self._proc = settings.proc
        self._directories = settings.netns_dirs
        self._own = settings.netns or f"{settings.proc}/self/ns/net"
        self._pin_list: list[tuple[str, object]] = []
        self._inhabited = Inhabited(settings.proc)
        self._counters = CounterReader(settings.refresh)

    def read(self, netlink: Netlink) -> LinkFacts:
        """Return all links of this namespace, and of every other that is found.

        The order matters: the dump gives the namespaces of our veths' other ends
        their ids, after which the ids can be asked for.

        Raises:
            OSError: our own namespace cannot be read.
        """
        host = netns_of(os.stat(self._own))
        outside = read_links(netlink)
        if any(link.filters_vlans for link in outside.links):
            outside = replace(outside, pvids=read_pvids(netlink))
        found, leftovers = self._found(host)
        for namespace in found.values():
            visit(netlink, namespace, self._own)
        self._visit_unnumbered(netlink, found)
        owners = self._owners(netlink, host, found)
        unsure = _unsure(outside.links, netlink)
        counters, at = self._counters.read(netlink)
        there = [n for n in found.values() if not n.gone and not n.foreign]
        foreign = [pin for n in found.values() if n.foreign for pin in n.pins]
        return LinkFacts(
            host=host,
            links=_joined(outside, host, owners, unsure),
            namespaces=tuple(_facts(n, host, owners) for n in there),
            counters=counters,
            at=at,
            not_netns=tuple(sorted([*leftovers, *foreign])),
        )

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

    def _found(self, host: Netns) -> tuple[dict[Netns, Namespace], list[str]]:
        """Return all namespaces but our own, and files that pin nothing."""
        self._pin_list = self._list_pins()
        found: dict[Netns, Namespace] = {}
        leftovers: list[str] = []
        for path, netns in self._pin_list:
            if isinstance(netns, Netns):
                found.setdefault(netns, Namespace(netns)).pins.append(path)
            else:
                leftovers.append(path)
        for netns, pids in self._inhabited.read().items():
            found.setdefault(netns, Namespace(netns)).pids = tuple(pids[:_PIDS])
        found.pop(host, None)
        for namespace in found.values():
            namespace.paths += namespace.pins
            namespace.paths += [f"{self._proc}/{p}/ns/net" for p in namespace.pids]
        return found, leftovers

    def _visit_unnumbered(
        self, netlink: Netlink, found: dict[Netns, Namespace]
    ) -> None:
        """Read again what reading the others has given an id.

        A link between two pods gives each an id when the other is read, and only
        by that id can the one end be told to lead to the other.
        """
        for namespace in found.values():
            if namespace.nsid is None and not namespace.gone and not namespace.foreign:
                with suppress(OSError), entrance(namespace) as fd:
                    namespace.nsid = netlink.nsid(fd)
                if namespace.nsid is not None:
                    visit(netlink, namespace, self._own)

    def _owners(
        self, netlink: Netlink, host: Netns, found: dict[Netns, Namespace]
    ) -> Mapping[int, Netns]:
        """Return the namespace behind each id; we have an id for ourselves, too.

        An id that two had in the course of one reading stands for neither.
        """
        ids = [(n.nsid, n.netns) for n in found.values() if n.nsid is not None]
        with opened(self._own) as fd:
            own = netlink.nsid(fd)
        if own is not None:
            ids.append((own, host))
        times = Counter(nsid for nsid, _ in ids)
        return {nsid: netns for nsid, netns in ids if times[nsid] == 1}


def _unsure(before: Collection[RawLink], netlink: Netlink) -> frozenset[int]:
    """Return the indexes of our links whose id may have come to mean another's.

    An id is free as soon as its namespace ends, and the next one gets it. But while
    a link's peer is there, so is the peer's namespace: who is still as it was when
    all ids had been asked for, had the same namespace behind its id all the time.

    Raises:
        OSError: the kernel refuses the dump.
    """
    numbered = {link.ifindex: link for link in before if link.nsid is not None}
    if not numbered:
        return frozenset()
    after = {link.ifindex: link for link in list_links(netlink)}
    return frozenset(i for i, link in numbered.items() if not _same(link, after.get(i)))


def _same(before: RawLink, after: RawLink | None) -> bool:
    """Claim that a link is the one it was, its peer in the namespace it was in."""
    return after is not None and (
        (before.kind, before.mac, before.nsid, before.peer_index)
        == (after.kind, after.mac, after.nsid, after.peer_index)
    )


def _joined(
    inside: Inside,
    netns: Netns,
    owners: Mapping[int, Netns],
    unsure: Collection[int] = (),
) -> tuple[Link, ...]:
    """Return links with their addresses and the identity of each peer's namespace."""
    return tuple(
        _link(raw, inside, netns, {} if raw.ifindex in unsure else owners)
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


def _facts(
    namespace: Namespace, host: Netns, owners: Mapping[int, Netns]
) -> NamespaceLinks:
    """Return a namespace as a fact."""
    inside = namespace.inside
    if inside and inside.entered:
        # Its ids are in its own numbering, of which only ours was asked for.
        own = inside.host_nsid
        owners = {} if own is None else {own: host}
    return NamespaceLinks(
        netns=namespace.netns,
        nsid=namespace.nsid,
        pins=tuple(namespace.pins),
        pids=namespace.pids,
        links=_joined(inside, namespace.netns, owners) if inside else None,
        reason=namespace.reason,
    )
