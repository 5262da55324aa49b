"""The counters of our own namespace's links, by the cheaper way the kernel has."""

from __future__ import annotations

import errno
import time
from collections.abc import Collection, Mapping

from ocnetview.collectors.decode import (
    GETLINK_FAMILY,
    decode_counters,
    decode_link_counters,
    stats_request,
)
from ocnetview.collectors.netlink import (
    RTM_GETLINK,
    RTM_GETSTATS,
    RTM_NEWLINK,
    RTM_NEWSTATS,
    Netlink,
)
from ocnetview.facts import Counters

_UNKNOWN = frozenset({errno.EOPNOTSUPP, errno.EINVAL})
"""What a kernel answers to a request that it does not know."""
_FEW = 200
"""So many links are asked for one by one; for more the list of all costs less."""


class CounterReader:
    """Reads all counters at once, at most twice a tick."""

    def __init__(self, refresh: float) -> None:
        """Count for readers that come every `refresh` seconds."""
        self._pause = refresh / 2
        self._counters: Mapping[int, Counters] = {}
        self._at = 0.0
        self._has_getstats: bool | None = None
        """None until the kernel was asked."""

    def read(
        self, netlink: Netlink, wanted: Collection[int] | None = None
    ) -> tuple[Mapping[int, Counters], float]:
        """Return counters by ifindex and when they were read, monotonic seconds.

        Of the links that are wanted, or of all: after a second of sleep it is what
        the kernel has to touch for each of them that costs.

        Raises:
            OSError: the kernel refuses the dump.
        """
        now = time.monotonic()
        if not self._at or now - self._at >= self._pause:
            self._counters, self._at = self._now(netlink, wanted), now
        return self._counters, self._at

    def _now(
        self, netlink: Netlink, wanted: Collection[int] | None
    ) -> Mapping[int, Counters]:
        """Ask for those that are wanted, in one request where they are few."""
        if wanted is None:
            return self._dump(netlink)
        if not wanted:
            return {}
        if len(wanted) > _FEW or not self._has_getstats:
            return {i: c for i, c in self._dump(netlink).items() if i in wanted}
        requests = [stats_request(index) for index in sorted(wanted)]
        return decode_counters(netlink.get_each(RTM_GETSTATS, requests, RTM_NEWSTATS))

    def _dump(self, netlink: Netlink) -> Mapping[int, Counters]:
        """Ask RTM_GETSTATS (since 4.7), else a whole link dump, at ten times the cost.

        Which of them is found out at the first counting.
        """
        if self._has_getstats is not False:
            try:
                found = netlink.dump(RTM_GETSTATS, stats_request(0), RTM_NEWSTATS)
            except OSError as error:
                if self._has_getstats or error.errno not in _UNKNOWN:
                    raise
                self._has_getstats = False
            else:
                self._has_getstats = True
                return decode_counters(found)
        links = netlink.dump(RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)
        return decode_link_counters(links)
