"""The counters of single links that are watched, here and in other namespaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from ocnetview.collectors.attributes import number
from ocnetview.collectors.decode import (
    IFLA_TARGET_NETNSID,
    decode_link_counters,
    one_link,
)
from ocnetview.collectors.netlink import RTM_GETLINK, RTM_NEWLINK, Netlink
from ocnetview.facts import LinkCounters, LinkFacts, Netns


class WatchedReader:
    """Reads them from our own socket, by the ids that we have for the namespaces."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._last: tuple[LinkCounters, ...] = ()
        self._read: tuple[object, ...] = ()
        """Which ones they are, and when our own were read."""

    def read(
        self, netlink: Netlink, watched: Collection[tuple[Netns, int]], facts: LinkFacts
    ) -> tuple[LinkCounters, ...]:
        """Return the counters of these links, as far as they can be read.

        `facts` have the counters of our own, read just now: where these are the ones
        of the last time, so are all others that were asked for. A namespace without an
        id is left out, and so is one that we may not look into.

        Raises:
            TimeoutError: the kernel did not answer.
        """
        asked = (facts.at, frozenset(watched))
        if asked != self._read:
            self._last = tuple(_read(netlink, watched, facts))
            self._read = asked
        return self._last


def _read(
    netlink: Netlink, watched: Collection[tuple[Netns, int]], facts: LinkFacts
) -> Iterator[LinkCounters]:
    """Yield our own, then those of each other namespace."""
    others: dict[Netns, list[int]] = defaultdict(list)
    for netns, ifindex in sorted(watched):
        if netns != facts.host:
            others[netns].append(ifindex)
        elif ifindex in facts.counters:
            yield LinkCounters(netns, ifindex, facts.counters[ifindex])
    ids = {n.netns: n.nsid for n in facts.namespaces if n.netns in others}
    for netns, nsid in ids.items():
        if nsid is not None:
            where = number(IFLA_TARGET_NETNSID, nsid)
            asked = [one_link(ifindex) + where for ifindex in others[netns]]
            answers = netlink.get_each(RTM_GETLINK, asked, RTM_NEWLINK)
            for ifindex, counters in decode_link_counters(answers).items():
                yield LinkCounters(netns, ifindex, counters)
