"""Links and addresses of the node, and of each network namespace on it."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator

from ocnetview.collectors.base import Stop
from ocnetview.collectors.entry import within
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.namespaces import opened
from ocnetview.collectors.netlink import (
    RTNLGRP_IPV4_IFADDR,
    RTNLGRP_IPV6_IFADDR,
    RTNLGRP_LINK,
    RTNLGRP_NSID,
    Netlink,
)
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import LinkFacts, SourceKind
from ocnetview.units import printable

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
    kind = SourceKind.LINKS

    def __init__(self, settings: Settings) -> None:
        self._netns = settings.netns
        self.where = "AF_NETLINK" + f" of {self._netns}" * bool(self._netns)
        self._refresh = settings.refresh
        self._reader = LinkReader(settings)

    def watch(self, stop: Stop) -> Iterator[LinkFacts]:
        """Yield all links, then again after each burst of events and each tick.

        Between bursts only the counters are read.

        Raises:
            CollectorError: the kernel refuses the socket or a dump of our own links.
        """
        try:
            with self._opened() as events, self._opened() as netlink:
                everywhere = events.subscribe(_GROUPS)
                yield from self._follow(stop, events, netlink, everywhere=everywhere)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, "read links", reason) from error

    def _opened(self) -> Netlink:
        """Return a socket of the node's network namespace, which may not be ours.

        Raises:
            OSError: the kernel refuses it.
            CollectorError: that namespace cannot be entered.
        """
        if not self._netns:
            return Netlink()
        try:
            with opened(self._netns) as fd:
                return within(fd, Netlink)
        except PermissionError as error:
            # Its file takes the one right, entering it the other.
            opening = error.filename is not None
            hint = "needs CAP_SYS_PTRACE" if opening else "needs CAP_SYS_ADMIN"
            doing = f"enter the node's network namespace {printable(self._netns)}"
            reason = "permission denied"
            raise CollectorError(self.name, doing, reason, hint) from error

    def _follow(
        self, stop: Stop, events: Netlink, netlink: Netlink, *, everywhere: bool
    ) -> Iterator[LinkFacts]:
        """Yield facts until stopped."""
        reader = self._reader
        while not stop:
            began = time.monotonic()
            facts = reader.read(netlink)
            took = time.monotonic() - began
            yield facts
            whole = began + (_DEAF if not everywhere else float("inf"))
            while not stop and not _wait(stop, events, self._refresh):
                if time.monotonic() >= whole or reader.namespaces_changed():
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
