"""One whole reading of the node's links, joined across its namespaces."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from ocnetview.collectors.decode import GETSTATS_FAMILY, RawLink, decode_counters
from ocnetview.collectors.namespaces import (
    Inside,
    Namespace,
    netns_of,
    opened,
    owned_by_processes,
    pinned,
    read_links,
    read_pvids,
    visit,
)
from ocnetview.collectors.netlink import RTM_GETSTATS, RTM_NEWSTATS, Netlink
from ocnetview.config import Settings
from ocnetview.facts import (
    PAIRED_KINDS,
    Counters,
    Link,
    LinkFacts,
    NamespaceLinks,
    Netns,
)


class LinkReader:
    """Reads the node's links; remembers what makes the next reading cheaper."""

    def __init__(self, settings: Settings) -> None:
        self._proc = settings.proc
        self._directories = settings.netns_dirs
        self._refresh = settings.refresh
        self._own = f"{settings.proc}/self/ns/net"
        self._pin_list: list[tuple[str, object]] = []
        self._unowned: set[tuple[int, int]] = set()
        self._counters: Mapping[int, Counters] = {}
        self._counted = 0.0

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
        found, leftovers = self._pinned(host)
        for namespace in found.values():
            visit(netlink, namespace, self._own)
        self._add_unpinned(netlink, host, outside, found)
        self._visit_unnumbered(netlink, found)
        owners = self._owners(netlink, host, found)
        counters, at = self._count(netlink)
        namespaces = (n for n in found.values() if not n.gone)
        return LinkFacts(
            host=host,
            links=_joined(outside, host, owners),
            namespaces=tuple(_facts(n, host, owners) for n in namespaces),
            counters=counters,
            at=at,
            not_netns=tuple(leftovers),
        )

    def count(self, netlink: Netlink, facts: LinkFacts) -> LinkFacts:
        """Return the same links with counters read now."""
        counters, at = self._count(netlink)
        return replace(facts, counters=counters, at=at)

    def pins_changed(self) -> bool:
        """Claim that pins came or went since the last reading; no event tells it."""
        return self._pin_list != self._list_pins()

    def _list_pins(self) -> list[tuple[str, object]]:
        nsfs = os.stat(self._own).st_dev
        return [
            (path, status and netns_of(status))
            for path, status in pinned(self._directories, nsfs)
        ]

    def _count(self, netlink: Netlink) -> tuple[Mapping[int, Counters], float]:
        """Return counters and when they were read, at most twice a tick."""
        now = time.monotonic()
        if now - self._counted >= self._refresh / 2:
            bodies = netlink.dump(RTM_GETSTATS, GETSTATS_FAMILY, RTM_NEWSTATS)
            self._counters, self._counted = decode_counters(bodies), now
        return self._counters, self._counted

    def _pinned(self, host: Netns) -> tuple[dict[Netns, Namespace], list[str]]:
        """Return the pinned namespaces but our own, and files that pin nothing."""
        self._pin_list = self._list_pins()
        found: dict[Netns, Namespace] = {}
        leftovers: list[str] = []
        for path, netns in self._pin_list:
            if not isinstance(netns, Netns):
                leftovers.append(path)
            elif netns != host:
                found.setdefault(netns, Namespace(netns, path)).pins.append(path)
        return found, leftovers

    def _add_unpinned(
        self,
        netlink: Netlink,
        host: Netns,
        outside: Inside,
        found: dict[Netns, Namespace],
    ) -> None:
        """Look among the processes for the namespaces that our veths lead to.

        Only while some veth leads to none that is known; what no process has
        either (held by a descriptor alone) is not looked for again.
        """
        known = {namespace.nsid for namespace in found.values()}
        missing = {
            (link.ifindex, link.nsid)
            for link in outside.links
            if link.kind in PAIRED_KINDS and link.nsid not in (None, *known)
        }
        if not missing - self._unowned:
            self._unowned &= missing
            return
        for pid, path, netns in owned_by_processes(self._proc):
            if netns == host:
                continue
            if netns not in found:
                found[netns] = Namespace(netns, path)
                visit(netlink, found[netns], self._own)
            found[netns].pids.append(pid)
        known = {namespace.nsid for namespace in found.values()}
        self._unowned = {
            (index, nsid or 0) for index, nsid in missing if nsid not in known
        }

    def _visit_unnumbered(
        self, netlink: Netlink, found: dict[Netns, Namespace]
    ) -> None:
        """Read again what reading the others has given an id.

        A link between two pods gives each an id when the other is read, and only
        by that id can the one end be told to lead to the other.
        """
        for namespace in found.values():
            if namespace.nsid is None and not namespace.gone:
                with suppress(OSError), opened(namespace.path) as fd:
                    namespace.nsid = netlink.nsid(fd)
                if namespace.nsid is not None:
                    visit(netlink, namespace, self._own)

    def _owners(
        self, netlink: Netlink, host: Netns, found: dict[Netns, Namespace]
    ) -> Mapping[int, Netns]:
        """Return the namespace behind each id; we have an id for ourselves, too."""
        owners = {n.nsid: n.netns for n in found.values() if n.nsid is not None}
        with opened(self._own) as fd:
            own = netlink.nsid(fd)
        if own is not None:
            owners[own] = host
        return owners


def _joined(
    inside: Inside, netns: Netns, owners: Mapping[int, Netns]
) -> tuple[Link, ...]:
    """Return links with their addresses and the identity of each peer's namespace."""
    return tuple(_link(raw, inside, netns, owners) for raw in inside.links)


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
        pids=tuple(sorted(namespace.pids)),
        links=_joined(inside, namespace.netns, owners) if inside else None,
        reason=namespace.reason,
    )
