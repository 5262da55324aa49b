"""The interfaces inside a namespace, with addresses and counters."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from ocnetview.collectors.addresses import address_request, decode_addresses
from ocnetview.collectors.decode import (
    GETLINK_FAMILY,
    decode_link,
    decode_link_counters,
)
from ocnetview.collectors.netlink import (
    NETLINK_ROUTE,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_NEWADDR,
    RTM_NEWLINK,
)
from ocnetview.facts import Link, Netns
from ocnetview.facts.inside import InsideLink, InterfacesFacts
from ocnetview.probes import errand
from ocnetview.probes.visit import Visit

LINKS = errand.dump(NETLINK_ROUTE, RTM_GETLINK, GETLINK_FAMILY, RTM_NEWLINK)
"""The task to dump all links."""
_ADDRESSES = errand.dump(NETLINK_ROUTE, RTM_GETADDR, address_request(), RTM_NEWADDR)


def read_interfaces(visit: Visit) -> InterfacesFacts:
    """Return every interface of the target's namespace.

    Raises:
        ProbeError: it is not to be seen from here.
        OSError: what hinders.
    """
    answers, netns = visit.read({"links": LINKS, "addresses": _ADDRESSES})
    found = _links(answers, netns)
    return InterfacesFacts(f"rtnetlink in {netns}", time.time(), tuple(found))


def _links(answers: errand.Answers, netns: Netns) -> Iterator[InsideLink]:
    """Yield the links in the order of their indexes."""
    bodies = answers.bodies("links")
    addresses = decode_addresses(answers.bodies("addresses"))
    counters = decode_link_counters(bodies)
    for raw in sorted(map(decode_link, bodies)):
        link = Link(netns, *raw[:-1])._replace(
            nsid=None, addresses=addresses.get(raw.ifindex, ())
        )
        yield InsideLink(link, counters.get(raw.ifindex))


def names(answers: errand.Answers) -> Mapping[int, str]:
    """Return the names of all links by their index, where they were asked for."""
    return {raw.ifindex: raw.name for raw in map(decode_link, answers.bodies("links"))}
