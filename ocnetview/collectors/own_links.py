"""The links and addresses of our own namespace, kept up to date one by one."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterable

from ocnetview.collectors.decode import RawLink, decode_link
from ocnetview.collectors.link_events import Changes
from ocnetview.collectors.namespaces import (
    Inside,
    link_request,
    list_addresses,
    list_links,
    read_pvids,
)
from ocnetview.collectors.netlink import RTM_GETLINK, RTM_NEWLINK, Netlink

_FEW = 32
"""So many links are asked for one by one however few there are in all."""
_PART = 4
"""But no more than one in so many: then one dump of all costs less."""


class OwnLinks:
    """What is inside our own namespace, as of the last reading."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._links: dict[int, RawLink] = {}
        self._addresses: dict[int, tuple[str, ...]] = {}
        self.inside = Inside((), {})
        """The links, by ifindex."""

    def read(self, netlink: Netlink) -> None:
        """Read all.

        Raises:
            OSError: the kernel refuses a dump.
        """
        self._list(netlink)
        self._list_addresses(netlink)
        self._settle(netlink)

    def _list(self, netlink: Netlink) -> None:
        """Read all links; of what changes meanwhile the events tell."""
        links = list_links(netlink, torn=True)
        self._links = {link.ifindex: link for link in links}

    def _list_addresses(self, netlink: Netlink) -> None:
        """Read all addresses; the same."""
        found = list_addresses(netlink, torn=True)
        self._addresses = {i: tuple(dict.fromkeys(some)) for i, some in found.items()}

    def update(
        self, netlink: Netlink, changes: Changes, leading: Collection[int]
    ) -> None:
        """Read again what changed, and what leads to namespaces with these ids.

        Of a link whose peer went elsewhere nothing is announced here.

        Raises:
            OSError: the kernel refuses a request.
        """
        led = (i for i, link in self._links.items() if link.nsid in leading)
        touched = {*changes.links, *led}
        before = self._links.keys() & touched
        if len(touched) > max(_FEW, len(self._links) // _PART):
            self._list(netlink)
        else:
            for index in touched:
                self._ask(netlink, index)
        addressed = changes.addresses | (touched - before)
        if len(addressed) > max(_FEW, len(self._links) // _PART) or not netlink.strict:
            self._list_addresses(netlink)
        else:
            self._ask_addresses(netlink, addressed)
        for index in self._addresses.keys() - self._links.keys():
            del self._addresses[index]
        self._settle(netlink)

    def _ask(self, netlink: Netlink, index: int) -> None:
        """Read one link again; without it if it is gone."""
        try:
            answer = netlink.get(RTM_GETLINK, link_request(index), RTM_NEWLINK)
        except OSError as error:
            if error.errno != errno.ENODEV:
                raise
            self._links.pop(index, None)
        else:
            self._links[index] = decode_link(answer)

    def _ask_addresses(self, netlink: Netlink, indexes: Iterable[int]) -> None:
        """Read these links' addresses again."""
        for index in indexes:
            self._addresses.pop(index, None)
            if index in self._links:
                try:
                    self._addresses |= list_addresses(netlink, index=index)
                except OSError as error:
                    if error.errno != errno.ENODEV:
                        raise

    def _settle(self, netlink: Netlink) -> None:
        """Give what is there by now."""
        links = tuple([self._links[index] for index in sorted(self._links)])
        filtered = any(link.filters_vlans for link in links)
        pvids = read_pvids(netlink) if filtered else {}
        self.inside = Inside(links, dict(self._addresses), pvids)
