"""What was read inside a pod, as sections: the same on the screen and in reports."""

from __future__ import annotations

from ocnetview.details.inside_containers import (
    containers_detail,
    environment_detail,
    limits_detail,
)
from ocnetview.details.inside_network import (
    dns_detail,
    interfaces_detail,
    neighbours_detail,
    routes_detail,
)
from ocnetview.details.inside_sockets import conntrack_detail, sockets_detail
from ocnetview.details.section import Section
from ocnetview.facts.inside import (
    ConntrackFacts,
    DnsFacts,
    InsideFacts,
    InterfacesFacts,
    NeighboursFacts,
    RoutesFacts,
    SocketsFacts,
)
from ocnetview.facts.inside_containers import (
    ContainersFacts,
    EnvironmentFacts,
    LimitsFacts,
)
from ocnetview.model import NodeModel


def inside_detail(
    model: NodeModel, facts: InsideFacts, *, reveal: bool = False
) -> tuple[Section, ...]:
    """Return what was read, with where it is from; values only where to be revealed.

    Values that look like a secret are never shown.
    """
    match facts:
        case InterfacesFacts():
            found = interfaces_detail(facts)
        case RoutesFacts():
            found = routes_detail(facts)
        case NeighboursFacts():
            found = neighbours_detail(facts)
        case DnsFacts():
            found = dns_detail(facts)
        case SocketsFacts():
            found = sockets_detail(facts)
        case ConntrackFacts():
            found = conntrack_detail(model, facts)
        case ContainersFacts():
            found = containers_detail(model, facts)
        case LimitsFacts():
            found = limits_detail(facts)
        case EnvironmentFacts():
            found = environment_detail(facts, reveal=reveal)
    return found
