"""What somebody names as the target of a packet -> the routes to trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from ocnetview.collectors.base import Stop
from ocnetview.errors import BlindError, NotFoundError, ProbeAbsentError, ProbeError
from ocnetview.facts.cluster import Endpoint, ServiceFacts, ServicePort
from ocnetview.frozen import dataclass
from ocnetview.match.openflow import Layout, layout_of
from ocnetview.match.scraps import address_in
from ocnetview.match.trace_ends import (
    DOING,
    End,
    end_of_address,
    end_of_node,
    end_of_pod,
)
from ocnetview.match.trace_flow import Protocol, Wanted
from ocnetview.match.trace_ways import Route
from ocnetview.match.who import find_pod
from ocnetview.model import NodeModel, Pod
from ocnetview.probes.base import Cluster

MOST = 8
"""Endpoints of a service that are traced."""
NODE = "node"
"""What the node itself is called, as a source or a target."""
_USUAL = 80
"""The port where none is said."""
_LAST_PORT = 65535
_BRACKETED = re.compile(r"\[([^\]]*)\](?::([0-9]{1,5}))?")
_NAMED = re.compile(r"(.*?)(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Aim:
    """What is traced, and what has to be said of that."""

    routes: tuple[Route, ...]
    notes: tuple[str, ...] = ()
    """Untrusted text."""


def split_target(text: str) -> tuple[str, int | None]:
    """Return the name or address of TARGET[:PORT], and the port.

    Raises:
        NotFoundError: it is written in another way.
    """
    text = text.strip()
    if address := address_in(text):
        return str(address), None
    found = _BRACKETED.fullmatch(text) or _NAMED.fullmatch(text)
    if found is None or not found[1]:
        raise NotFoundError("a target is NAME, NAME:PORT, ADDRESS:PORT or [IPV6]:PORT")
    port = int(found[2]) if found[2] else None
    if port is not None and not 0 < port <= _LAST_PORT:
        raise NotFoundError(f"there is no port {port}")
    return found[1], port


class Aiming:
    """Finds what is named, here or in the cluster."""

    def __init__(self, model: NodeModel, cluster: Cluster, stop: Stop) -> None:
        """Take the node as it is, whom to ask for services, and what ends that."""
        self._model = model
        self._cluster = cluster
        self._stop = stop

    def aim(self, source: Pod | None, target: str, protocol: Protocol) -> Aim:
        """Return what to trace from a pod, or from the node itself, to a target.

        Raises:
            NotFoundError: nothing answers to the target.
            BlindError: the API could not be asked whether it is a service.
            ProbeError: nothing can be traced there, or from there.
        """
        name, port = split_target(target)
        wanted = Wanted(protocol, port or _USUAL)
        if name == NODE:
            return Aim((Route(self._from(source), end_of_node(self._model), wanted),))
        if address_in(name):
            return self._address(source, name, port, wanted)
        try:
            pod, _ = find_pod(self._model, name)
        except NotFoundError as error:
            return self._service(source, name, port, protocol, error)
        end = end_of_pod(self._model, pod)
        towards = next(iter(end.addresses), "")
        return Aim((Route(self._from(source, towards), end, wanted),))

    def _from(self, source: Pod | None, towards: str = "") -> End:
        if source is None:
            return end_of_node(self._model)
        return end_of_pod(self._model, source, towards)

    def _address(
        self, source: Pod | None, address: str, port: int | None, wanted: Wanted
    ) -> Aim:
        """Return the route to an address, which may be a service's.

        Of one that the internet may have nobody is asked: no cluster IP is like that.
        """
        end = end_of_address(self._model, address)
        notes: tuple[str, ...] = ()
        if end.port is None and not ip_address(address).is_global:
            try:
                if facts := self._cluster.service_at(address, self._stop):
                    return self._to_service(source, facts, port, wanted.protocol)
            except ProbeError as error:
                notes = (str(error),)
        return Aim((Route(self._from(source, address), end, wanted),), notes)

    def _service(
        self,
        source: Pod | None,
        name: str,
        port: int | None,
        protocol: Protocol,
        unknown: NotFoundError,
    ) -> Aim:
        """Return the routes to a service, and to what is behind it."""
        namespace, slash, service = name.rpartition("/")
        if not slash:
            if source is None or not source.namespace:
                raise unknown
            namespace = source.namespace
        try:
            facts = self._cluster.service(namespace, service, self._stop)
        except ProbeAbsentError as error:
            raise NotFoundError(f"{unknown}; {error}") from None
        except ProbeError as error:
            raise BlindError(f"{unknown}; {error}") from None
        return self._to_service(source, facts, port, protocol)

    def _to_service(
        self,
        source: Pod | None,
        facts: ServiceFacts,
        port: int | None,
        protocol: Protocol,
    ) -> Aim:
        """Return the routes to a service's address and to its endpoints."""
        served = _port_of(facts, port, protocol)
        begin = self._from(source, next(iter(facts.addresses), ""))
        return Aim(
            tuple(self._routes(begin, facts, served)), tuple(_notes(facts, served))
        )

    def _routes(
        self, source: End, facts: ServiceFacts, served: ServicePort
    ) -> Iterator[Route]:
        """Yield the route to the service's address, then those to its endpoints."""
        title = f"service {facts.namespace}/{facts.name}"
        wanted = Wanted(Protocol(served.protocol), served.port)
        if facts.addresses:
            why = "it comes from one of the endpoints" if facts.endpoints else ""
            yield Route(source, End(title, facts.addresses), wanted, one_way=why)
        by_node = bool(facts.addresses) and self._hands_over(source)
        for endpoint in _ready(facts, served)[:MOST]:
            end = end_of_address(self._model, endpoint.address, endpoint.pod)
            behind = Wanted(wanted.protocol, endpoint.port)
            yield Route(source, end, behind, by_node=by_node and not source.host)

    def _hands_over(self, source: End) -> bool:
        """Claim that the node's iptables choose the endpoint: OVN does it itself."""
        bridge = self._model.bridges_by_name.get(
            source.port.bridge if source.port else ""
        )
        return bridge is not None and layout_of(bridge) is not Layout.OVN_INT


def _port_of(facts: ServiceFacts, port: int | None, protocol: Protocol) -> ServicePort:
    """Return the service's port that is meant, its first one where none is said.

    Raises:
        ProbeError: it has no such port.
    """
    fitting = [one for one in facts.ports if one.protocol == protocol]
    found = next((one for one in fitting if port in (None, one.port)), None)
    if found is None:
        wanted = f"{protocol}/{port}" if port else f"port of {protocol}"
        has = ", ".join(f"{one.protocol}/{one.port}" for one in facts.ports) or "none"
        who = f"service {facts.namespace}/{facts.name}"
        raise ProbeError(who, DOING, f"it has no {wanted}", f"its ports: {has}")
    return found


def _ready(facts: ServiceFacts, served: ServicePort) -> list[Endpoint]:
    """Return the endpoints of a port that get packets."""
    return [
        one
        for one in facts.endpoints
        if one.ready
        and (one.service_port, one.protocol) == (served.port, served.protocol)
    ]


def _notes(facts: ServiceFacts, served: ServicePort) -> Iterator[str]:
    """Yield what has to be known of a service's endpoints."""
    ready = len(_ready(facts, served))
    who = f"service {facts.namespace}/{facts.name}"
    if not ready:
        yield f"{who} has no ready endpoint for {served.protocol}/{served.port}"
    if ready > MOST:
        yield f"{who} has {ready} ready endpoints; the first {MOST} are traced"
