"""Everything on a node that can be looked for, and how each is found."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from ocnetview.facts import Link
from ocnetview.match.hits import Hit, Kind, Target
from ocnetview.match.names import container_name
from ocnetview.model import Interface, NodeModel, Pod, PodKind, Port, TreeProcess

LONGEST = 200
"""Characters of a command line that are searched."""


class How(Enum):
    """Which part of a text has to be typed for it to be found."""

    LETTERS = "some of its letters, in order"
    BEGINNING = "its beginning"
    WHOLE = "all of it"


class Entry(NamedTuple):
    """Something that can be found."""

    how: How
    key: str
    """What is typed, in small letters."""
    hit: Hit


def findable(model: NodeModel) -> Iterator[Entry]:
    """Yield all of it; one thing may be there several times."""
    for pod in model.pods:
        yield from _of_pod(pod)
        for interface in pod.interfaces:
            yield from _of_interface(pod, interface)
    for bridge in model.bridges:
        target = Target(bridge=bridge.name)
        yield _named(Hit(Kind.BRIDGE, bridge.name, str(bridge.kind), target))
        for port in bridge.ports:
            yield from _of_port(port)
    yield from _of_node(model)
    for row in model.processes:
        yield from _of_process(model, row)


def _named(hit: Hit) -> Entry:
    """Return what is found by some letters of its text."""
    return Entry(How.LETTERS, hit.text.casefold(), hit)


def _ident(hit: Hit) -> Entry:
    """Return what is found by how its text begins."""
    return Entry(How.BEGINNING, hit.text.casefold(), hit)


def _numbered(kind: Kind, number: int, of: str, target: Target) -> Entry:
    """Return what is found by exactly this number."""
    return Entry(How.WHOLE, str(number), Hit(kind, str(number), of, target))


def _address(text: str, of: str, target: Target) -> Entry:
    """Return an IP address, which is found without its prefix length."""
    hit = Hit(Kind.ADDRESS, text, of, target)
    return Entry(How.BEGINNING, text.partition("/")[0].casefold(), hit)


def _of_pod(pod: Pod) -> Iterator[Entry]:
    """Yield a pod's names, ids and addresses, and those of its containers."""
    here = Target(pod=pod.key)
    kind = {PodKind.POD: Kind.POD, PodKind.NETNS: Kind.NETNS}.get(pod.kind)
    yield _named(Hit(kind or Kind.CONTAINER, pod.title, pod.status, here))
    if pod.uid:
        yield _ident(Hit(Kind.POD_ID, pod.uid, pod.title, here))
    for box in (pod.sandbox, *pod.attempts):
        if box:
            yield _ident(Hit(Kind.SANDBOX_ID, box.id, pod.title, here))
    for container in (*pod.containers, *pod.earlier):
        target = Target(pod=pod.key, container=container.id)
        yield _ident(Hit(Kind.CONTAINER_ID, container.id, pod.title, target))
        if pod.kind is PodKind.POD:
            name = container_name(container)
            yield _named(Hit(Kind.CONTAINER, name, pod.title, target))
    if pod.host_network:
        return
    if pod.netns:
        yield _numbered(Kind.INODE, pod.netns.ino, pod.title, here)
    for address in pod.addresses:
        yield _address(address, pod.title, here)


def _of_interface(pod: Pod, interface: Interface) -> Iterator[Entry]:
    """Yield an interface inside, and the veth outside where that is in no bridge."""
    target = Target(pod=pod.key, port=interface.port)
    name, of = interface.name, f"{interface.name} of {pod.title}"
    # Nearly all are eth0: only who types it whole means it.
    inside = Hit(Kind.INSIDE, name, pod.title, target)
    yield Entry(How.WHOLE, name.casefold(), inside)
    if interface.link:
        if interface.link.mac:
            yield _ident(Hit(Kind.MAC, interface.link.mac, of, target))
        known = {address.partition("/")[0] for address in pod.addresses}
        for address in interface.link.addresses:
            if address.partition("/")[0] not in known:
                yield _address(address, of, target)
    if interface.host and not interface.port:
        host = interface.host
        yield _named(Hit(Kind.LINK, host.name, of, target))
        yield _numbered(Kind.IFINDEX, host.ifindex, f"{host.name}: {of}", target)


def _of_port(port: Port) -> Iterator[Entry]:
    """Yield a port's name, number and index."""
    target = Target(pod=port.pod, port=port.key)
    of = f"{port.bridge}: {port.purpose}" if port.purpose else port.bridge
    yield _named(Hit(Kind.PORT, port.name, of, target))
    named = f"{port.name} of {of}"
    if port.ofport is not None:
        entry = _numbered(Kind.OFPORT, port.ofport, named, target)
        yield entry
        yield entry._replace(key=f"{port.bridge}:{port.ofport}".casefold())
    if port.link:
        yield _numbered(Kind.IFINDEX, port.link.ifindex, named, target)


def _of_node(model: NodeModel) -> Iterator[Entry]:
    """Yield the node's own links: addresses, and those that nobody else has."""
    ports = {port.link: port for port in model.ports_by_key.values() if port.link}
    behind = {i.host for pod in model.pods for i in pod.interfaces if i.host}
    for link in model.links:
        port = ports.get(link)
        target = Target(pod=port.pod, port=port.key) if port else Target()
        if not port and link not in behind:
            yield from _of_link(link)
        of = f"{link.name} of the node"
        for address in link.addresses:
            yield _address(address, of, target)
        if link.mac:
            yield _ident(Hit(Kind.MAC, link.mac, of, target))


def _of_link(link: Link) -> Iterator[Entry]:
    """Yield a link of the node that is in no bridge and of no pod."""
    yield _named(Hit(Kind.LINK, link.name, "the node", Target()))
    yield _numbered(Kind.IFINDEX, link.ifindex, f"{link.name} of the node", Target())


def _of_process(model: NodeModel, row: TreeProcess) -> Iterator[Entry]:
    """Yield a process's ids and command."""
    process = row.process
    pod = model.pods_by_key.get(row.pod)
    command = (" ".join(process.command) or process.name)[:LONGEST]
    target = Target(pod=row.pod, process=row.key)
    of = f"{row.container} of {pod.title}".removeprefix(" of ") if pod else "the node"
    named = f"{command} · {of}"
    yield _numbered(Kind.PID, process.pid, named, target)
    for tid in process.tids:
        if tid != process.pid:
            yield _numbered(Kind.TID, tid, named, target)
    yield _named(Hit(Kind.PROCESS, command, of, target))
