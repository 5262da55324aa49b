"""What the Kubernetes API says of other nodes and of services, as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json import loads
from typing import Any

from ocnetview.facts.cluster import Endpoint, OtherNode, ServicePort
from ocnetview.match.scraps import address_in
from ocnetview.untyped import list_of, object_of, objects_of, text_of, texts_of

_SUBNETS = "k8s.ovn.org/node-subnets"
_ENCAPS = "k8s.ovn.org/node-encap-ips"
_DEFAULT = "default"
_NONE = ("", "None")
"""What a headless service has for an address."""


def read_nodes(reply: object) -> tuple[tuple[OtherNode, ...], str]:
    """Return the nodes of a list's page, and what to ask the next one with.

    Raises:
        ValueError: the reply is no list of the API's.
    """
    items, more = _page(reply)
    found = (_node(item) for item in items)
    return tuple(node for node in found if node.name), more


def read_host_subnets(reply: object) -> tuple[tuple[OtherNode, ...], str]:
    """Return the HostSubnets of OpenShift SDN of a list's page, as nodes.

    Raises:
        ValueError: the reply is no list of the API's.
    """
    items, more = _page(reply)
    found = (
        OtherNode(
            text_of(item.get("host")),
            tuple(filter(address_in, [text_of(item.get("hostIP"))])),
            tuple(filter(None, [text_of(item.get("subnet"))])),
            "HostSubnet",
        )
        for item in items
    )
    return tuple(node for node in found if node.name), more


def joined(
    nodes: tuple[OtherNode, ...], others: tuple[OtherNode, ...]
) -> Iterator[OtherNode]:
    """Yield the nodes with what other objects of the same names say."""
    by_name = {one.name: one for one in others}
    for node in nodes:
        other = by_name.pop(node.name, None)
        if other is None:
            yield node
            continue
        addresses = tuple(dict.fromkeys((*other.addresses, *node.addresses)))
        subnets = tuple(dict.fromkeys((*other.subnets, *node.subnets)))
        source = f"{node.source}, {other.source}"
        yield OtherNode(node.name, addresses, subnets, source)
    yield from by_name.values()


def _page(reply: object) -> tuple[list[Mapping[str, Any]], str]:
    """Return the items of a page, and what to ask the next one with."""
    fields = object_of(reply)
    listed = fields.get("items", ())
    if "metadata" not in fields or not isinstance(listed, (list, tuple, type(None))):
        raise ValueError("what answers is not the Kubernetes API")
    items = [object_of(item) for item in listed or ()]
    return items, text_of(object_of(fields["metadata"]).get("continue"))


def _node(item: Mapping[str, Any]) -> OtherNode:
    """Return a Node, with what OVN-Kubernetes notes on it."""
    about = object_of(item.get("metadata"))
    annotations = texts_of(about.get("annotations"))
    told = objects_of(object_of(item.get("status")).get("addresses"))
    internal = (
        text_of(a.get("address")) for a in told if a.get("type") == "InternalIP"
    )
    spec = object_of(item.get("spec"))
    cidrs = (*list_of(spec.get("podCIDRs")), spec.get("podCIDR"))
    encaps = _texts(_json(annotations.get(_ENCAPS)))
    of_ovn = object_of(_json(annotations.get(_SUBNETS))).get(_DEFAULT)
    subnets = (*_texts(of_ovn), *map(text_of, cidrs))
    addresses = filter(address_in, (*encaps, *internal))
    return OtherNode(
        text_of(about.get("name")),
        tuple(dict.fromkeys(addresses)),
        tuple(dict.fromkeys(filter(None, subnets))),
        "Node",
    )


def _json(text: str | None) -> object:
    """Return what an annotation holds; None for what is no JSON."""
    try:
        return loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _texts(value: object) -> tuple[str, ...]:
    """Return a string, or those of an array: older versions have only one."""
    return tuple(filter(None, map(text_of, list_of(value) or [value])))


def read_named(reply: object) -> tuple[str, str] | None:
    """Return namespace and name of a list's first item; None where there is none.

    Raises:
        ValueError: the reply is no list of the API's.
    """
    items, _ = _page(reply)
    about = object_of(items[0].get("metadata")) if items else {}
    found = text_of(about.get("namespace")), text_of(about.get("name"))
    return found if all(found) else None


def read_service(reply: object) -> tuple[tuple[str, ...], tuple[ServicePort, ...]]:
    """Return a Service's cluster IPs and its ports."""
    spec = object_of(object_of(reply).get("spec"))
    said = (*list_of(spec.get("clusterIPs")), spec.get("clusterIP"))
    addresses = (text_of(one) for one in said)
    ports = (
        ServicePort(port, _protocol(one), text_of(one.get("name")))
        for one in objects_of(spec.get("ports"))
        if isinstance(port := one.get("port"), int)
    )
    known = dict.fromkeys(one for one in addresses if one not in _NONE)
    return tuple(known), tuple(ports)


def read_endpoints(reply: object, ports: tuple[ServicePort, ...]) -> Iterator[Endpoint]:
    """Yield the endpoints of a list of EndpointSlices, each with the port it is for.

    Raises:
        ValueError: the reply is no list of the API's.
    """
    items, _ = _page(reply)
    by_name = {(one.name, one.protocol): one.port for one in ports}
    for item in items:
        for port in objects_of(item.get("ports")):
            key = (text_of(port.get("name")), _protocol(port))
            number, served = port.get("port"), by_name.get(key)
            if isinstance(number, int) and served is not None:
                for one in objects_of(item.get("endpoints")):
                    yield from _endpoints(one, number, served, key[1])


def _endpoints(
    item: Mapping[str, Any], port: int, served: int, protocol: str
) -> Iterator[Endpoint]:
    """Yield an endpoint once for each of its addresses; unknown readiness is ready."""
    ready = object_of(item.get("conditions")).get("ready") is not False
    target = object_of(item.get("targetRef"))
    names = (text_of(target.get("namespace")), text_of(target.get("name")))
    pod = "/".join(names) if target.get("kind") == "Pod" and all(names) else ""
    node = text_of(item.get("nodeName"))
    for address in filter(address_in, map(text_of, list_of(item.get("addresses")))):
        yield Endpoint(address, port, served, protocol, node, pod, ready)


def _protocol(item: Mapping[str, Any]) -> str:
    """Return a port's protocol; TCP is what none means."""
    return (text_of(item.get("protocol")) or "TCP").lower()
