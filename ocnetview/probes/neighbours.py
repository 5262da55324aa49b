"""Who answers to the addresses that a namespace sends to."""

from __future__ import annotations

import time

from ocnetview.collectors.netlink import NETLINK_ROUTE
from ocnetview.facts.inside import NeighboursFacts
from ocnetview.probes import errand
from ocnetview.probes.links import LINKS, names
from ocnetview.probes.route_messages import (
    ALL_NEIGHBOURS,
    RTM_GETNEIGH,
    RTM_NEWNEIGH,
    decode_neighbours,
)
from ocnetview.probes.visit import Visit

_NEIGHBOURS = errand.dump(NETLINK_ROUTE, RTM_GETNEIGH, ALL_NEIGHBOURS, RTM_NEWNEIGH)


def read_neighbours(visit: Visit) -> NeighboursFacts:
    """Return the neighbours of the target's namespace.

    Raises:
        ProbeError: they are not to be seen from here.
        OSError: what hinders.
    """
    answers, netns = visit.read({"links": LINKS, "neighbours": _NEIGHBOURS})
    found = decode_neighbours(answers.bodies("neighbours"), names(answers))
    return NeighboursFacts(f"rtnetlink in {netns}", time.time(), tuple(found))
