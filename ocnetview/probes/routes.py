"""The routing tables and rules of a namespace."""

from __future__ import annotations

import time

from ocnetview.collectors.netlink import NETLINK_ROUTE
from ocnetview.facts.inside import RoutesFacts
from ocnetview.probes import errand
from ocnetview.probes.links import LINKS, names
from ocnetview.probes.route_messages import (
    ALL_ROUTES,
    RTM_GETROUTE,
    RTM_GETRULE,
    RTM_NEWROUTE,
    RTM_NEWRULE,
    decode_routes,
    decode_rules,
)
from ocnetview.probes.visit import Visit

_TASKS = {
    "links": LINKS,
    "routes": errand.dump(NETLINK_ROUTE, RTM_GETROUTE, ALL_ROUTES, RTM_NEWROUTE),
    "rules": errand.dump(NETLINK_ROUTE, RTM_GETRULE, ALL_ROUTES, RTM_NEWRULE),
}


def read_routes(visit: Visit) -> RoutesFacts:
    """Return all routes, in the kernel's order, and all rules.

    Raises:
        ProbeError: they are not to be seen from here.
        OSError: what hinders.
    """
    answers, netns = visit.read(_TASKS)
    return RoutesFacts(
        f"rtnetlink in {netns}",
        time.time(),
        tuple(decode_routes(answers.bodies("routes"), names(answers))),
        tuple(decode_rules(answers.bodies("rules"))),
    )
