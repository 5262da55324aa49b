"""A scrap -> the links and ports that answer to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from ocnetview.facts import Link
from ocnetview.match.answers import Answer, inside, of_interface, of_link
from ocnetview.match.scraps import address_in, id_in, mac_in, number_in, ofport_in
from ocnetview.model import Interface, NodeModel, Pod

_SANDBOX_KEYS = ("sandbox", "container-id", "container_id")
"""Keys of external_ids: OpenShift SDN's and OVN-Kubernetes's, then Antrea's."""
_ID_DIGITS = 8
"""Fewer are likely to begin an id of what is gone by chance."""
_IPROUTE = re.compile(r"@(if\d+|NONE)$")
"""What iproute2 writes behind a name: the lower link's or peer's index."""


def by_ifindex(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the host's link with this index; those of pods repeat and mean nothing."""
    number = number_in(scrap)
    for link in model.links:
        if link.ifindex == number:
            yield from of_link("ifindex", model, link)


def by_ifname(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the host's link, or the port without a link, of this name or altname."""
    wanted = {scrap, _IPROUTE.sub("", scrap)} - {""}
    links = [link for link in model.links if link.name in wanted]
    for link in links:
        yield from of_link("ifname", model, link)
    for link in model.links:
        if wanted.intersection(link.altnames):
            yield from of_link("altname", model, link)
    for port in model.ports_by_key.values():
        if port.name in wanted and not links:
            yield Answer("port", model.pods_by_key.get(port.pod), port=port)


def by_inner_name(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the interfaces inside pods of this name, or altname.

    Many pods have one of the same name; `NAME@POD` and `NAME@net:[INODE]`, as paths
    have it, mean one.
    """
    name, at, where = scrap.partition("@")
    every = list(inside(model))
    named = [one for one in every if _named(one[2], scrap)]
    if not named and at:
        named = [
            (pod, interface, link)
            for pod, interface, link in every
            if _named(link, name)
            and where in (pod.title, pod.name, pod.uid, pod.key, str(link.netns))
        ]
    return [
        of_interface("ifname", model, pod, interface) for pod, interface, _ in named
    ]


def _named(link: Link, name: str) -> bool:
    return bool(name) and (link.name == name or name in link.altnames)


def by_ofport(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the port of BRIDGE:OFPORT, BRIDGE:LOCAL or BRIDGE/NAME."""
    wanted = ofport_in(scrap)
    for port in model.ports_by_key.values():
        if scrap == port.key:
            what = "port"
        elif wanted and wanted == (port.bridge, port.ofport):
            what = "ofport"
        else:
            continue
        pod = model.pods_by_key.get(port.pod)
        behind = (i for i in (pod.interfaces if pod else ()) if i.port == port.key)
        yield Answer(
            what,
            pod,
            link=port.link,
            interface=next(behind, None),
            port=port,
            of=port.name,
        )


def by_address(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield every interface and link with this IP address, however it is written."""
    wanted = address_in(scrap)
    if wanted is None:
        return

    def has(link: Link) -> bool:
        return any(_address(text) == wanted for text in link.addresses)

    known: set[str] = set()
    for pod, interface in _first(model, has):
        known.add(pod.key)
        yield of_interface("address", model, pod, interface)
    for link in model.links:
        if has(link):
            yield from of_link("address", model, link)
    for pod in model.pods:
        # Where the kernel does not show it (no right, gVisor), its sources must do.
        # The addresses of host-network pods are the node's, which has them itself.
        said = any(_address(text) == wanted for text in pod.addresses)
        if said and pod.key not in known and not pod.host_network:
            yield Answer("address", pod)


def _first(
    model: NodeModel, fits: Callable[[Link], bool]
) -> Iterator[tuple[Pod, Interface]]:
    """Yield of each pod the first interface that fits."""
    for pod in model.pods:
        for interface in pod.interfaces:
            if interface.link and fits(interface.link):
                yield pod, interface
                break


def _address(text: str) -> object:
    """Return an address as what compares equal however it is written."""
    try:
        return ip_address(text.partition("/")[0])
    except ValueError:
        return None


def by_mac(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield every interface and link with this MAC; duplicates are normal."""
    wanted = mac_in(scrap)
    if not wanted:
        return
    for pod, interface, link in inside(model):
        if link.mac == wanted:
            yield of_interface("mac", model, pod, interface)
    for link in model.links:
        if link.mac == wanted:
            yield from of_link("mac", model, link)


def by_written_id(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the ports that OVS keeps for a sandbox whose id begins so.

    It is the id that one has at hand for a port whose pod is gone.
    """
    prefix = id_in(scrap)
    if len(prefix) < _ID_DIGITS:
        return
    for port in model.ports_by_key.values():
        said = port.ovs.external_ids if port.ovs else {}
        if any(said.get(key, "").startswith(prefix) for key in _SANDBOX_KEYS):
            pod = model.pods_by_key.get(port.pod)
            yield Answer("sandbox id in external_ids", pod, port=port)
