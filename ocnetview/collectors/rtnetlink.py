"""Links and addresses of the node, and of each network namespace on it."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ocnetview.collectors.base import Stop
from ocnetview.collectors.decode import GETSTATS_FAMILY, RawLink, decode_counters
from ocnetview.collectors.namespaces import (
    Inside,
    Namespace,
    ask_nsid,
    look_inside,
    netns_of,
    owned_by_processes,
    pinned,
    read_links,
)
from ocnetview.collectors.netlink import (
    RTM_GETSTATS,
    RTM_NEWSTATS,
    RTNLGRP_IPV4_IFADDR,
    RTNLGRP_IPV6_IFADDR,
    RTNLGRP_LINK,
    RTNLGRP_NSID,
    Netlink,
)
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import (
    PAIRED_KINDS,
    Counters,
    Link,
    LinkFacts,
    NamespaceLinks,
    Netns,
)

_GROUPS = (RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_NSID)
_QUIET = 0.05
"""Seconds without an event after which a burst counts as over."""
_SHARE = 4
"""A burst is waited for this many times as long as the last reading took."""
_DEAF = 10.0
"""Seconds between readings where events of other namespaces are not heard."""


class LinkCollector:
    """Gives every link of this namespace and of the others, after each change."""

    name = "rtnetlink"

    def __init__(self, settings: Settings) -> None:
        self.where = "AF_NETLINK"
        self._refresh = settings.refresh
        self._reader_of = LinkReader(settings)

    def watch(self, stop: Stop) -> Iterator[LinkFacts]:
        """Yield all links, then again after each burst of events and each tick.

        Between bursts only the counters are read.

        Raises:
            CollectorError: the kernel refuses the socket or a dump of our own links.
        """
        try:
            with Netlink() as events, Netlink() as netlink:
                everywhere = events.subscribe(_GROUPS)
                yield from self._follow(stop, events, netlink, everywhere=everywhere)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, "read links", reason) from error

    def _follow(
        self, stop: Stop, events: Netlink, netlink: Netlink, *, everywhere: bool
    ) -> Iterator[LinkFacts]:
        """Yield facts until stopped."""
        reader = self._reader_of
        while not stop:
            began = time.monotonic()
            facts = reader.read(netlink)
            took = time.monotonic() - began
            yield facts
            whole = began + (_DEAF if not everywhere else float("inf"))
            while not stop and not _wait(stop, events, self._refresh):
                if time.monotonic() >= whole or reader.pins_changed():
                    break
                facts = reader.count(netlink, facts)
                yield facts
            if not stop:
                _settle(stop, events, took)


def _wait(stop: Stop, events: Netlink, seconds: float) -> bool:
    """Wait for an event, a tick or the end; return whether there was an event."""
    heard = events.fileno()
    ready, _, _ = select.select([stop.fileno(), heard], [], [], seconds)
    return heard in ready


def _settle(stop: Stop, events: Netlink, took: float) -> None:
    """Take all events of a burst, so that one reading serves it."""
    deadline = time.monotonic() + max(4 * _QUIET, _SHARE * took)
    while not stop and events.drain() and time.monotonic() < deadline:
        _wait(stop, events, _QUIET)


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
        found, leftovers = self._pinned(host)
        for namespace in found.values():
            namespace.nsid = ask_nsid(netlink, namespace.path)
        self._add_unpinned(netlink, host, outside, found)
        self._look_inside_all(netlink, found)
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
                found[netns] = Namespace(netns, path, ask_nsid(netlink, path))
            found[netns].pids.append(pid)
        known = {namespace.nsid for namespace in found.values()}
        self._unowned = {
            (index, nsid or 0) for index, nsid in missing if nsid not in known
        }

    def _look_inside_all(self, netlink: Netlink, found: dict[Netns, Namespace]) -> None:
        """Read what is inside each namespace.

        Reading one gives ids to those that it is connected with, and only with
        such an id can a link between two pods be told apart.
        """
        for namespace in found.values():
            look_inside(netlink, namespace, self._own)
        for namespace in found.values():
            if namespace.nsid is None and not namespace.gone:
                namespace.nsid = ask_nsid(netlink, namespace.path)
                if namespace.nsid is not None:
                    look_inside(netlink, namespace, self._own)

    def _owners(
        self, netlink: Netlink, host: Netns, found: dict[Netns, Namespace]
    ) -> Mapping[int, Netns]:
        """Return the namespace behind each id; we have an id for ourselves, too."""
        owners = {n.nsid: n.netns for n in found.values() if n.nsid is not None}
        own = ask_nsid(netlink, self._own)
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
