"""Recipes that show packets: at the veth, inside, in the tunnel and below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from ocnetview.details.exits import uplinks_of
from ocnetview.details.recipes.desk import Desk, address_of
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.facts import Link
from ocnetview.match.libpcap import is_link
from ocnetview.model import Bridge, Interface, NodeModel, Pod, Port, PortRole
from ocnetview.units import printable

_OUTER = {"vxlan": 4789, "geneve": 6081}
"""The UDP port of tunnels, where their options name none."""
_DEVICES = ("vxlan_sys_", "genev_sys_")
"""What Open vSwitch's kernel datapath calls the devices of its tunnels."""
_DUMP = ("timeout", "10", "tcpdump", "-p", "-nn", "-l", "-c", "20", "-i")
"""Twenty packets, or those of ten seconds: whatever is pasted goes on by itself.

Not promiscuous, for that changes the link.
"""


def of_packets(
    pod: Pod, interface: Interface, door: tuple[str, ...] | None, desk: Desk
) -> Iterator[Recipe]:
    """Yield the capture at both ends of an interface."""
    if _is_heard(interface.host):
        name = printable(interface.host.name)
        yield Recipe(
            f"packets at {name}",
            desk.net(*_DUMP, interface.host.name),
            "the same frames as inside; In is what the pod sends",
            "tcpdump",
        )
    inside = interface.link if door is not None and not pod.host_network else None
    if _is_heard(inside):
        yield Recipe(
            f"packets at {printable(inside.name)} inside",
            desk.inside(door or (), *_DUMP, inside.name),
            "by the node's own tcpdump: nothing of the container is run",
            "tcpdump",
        )


def _is_heard(link: Link | None) -> TypeGuard[Link]:
    """Claim that tcpdump hears a link under its name."""
    return link is not None and link.up and is_link(link.name)


def of_port_packets(model: NodeModel, port: Port, desk: Desk) -> Iterator[Recipe]:
    """Yield the capture at a port, and of what a tunnel wraps its packets into."""
    if _is_heard(port.link):
        yield Recipe(
            f"packets at {printable(port.name)}",
            desk.net(*_DUMP, port.link.name),
            "twenty of them, or those of ten seconds",
            "tcpdump",
        )
    if port.role is PortRole.TUNNEL:
        yield from of_tunnel(model, port, "", desk)


def of_tunnels(
    model: NodeModel, bridge: Bridge | None, pod: Pod, desk: Desk
) -> Iterator[Recipe]:
    """Yield the capture of a pod's packets in the tunnel of its bridge."""
    ports = bridge.ports if bridge else ()
    tunnels = (port for port in ports if port.role is PortRole.TUNNEL)
    first = next(tunnels, None)
    if first:
        address = address_of(pod)
        text = str(address) if address else ""
        yield from of_tunnel(model, first, text, desk)


def of_tunnel(
    model: NodeModel, port: Port, address: str, desk: Desk
) -> Iterator[Recipe]:
    """Yield the capture inside a tunnel, and of the node's network below it."""
    only = ("host", address) if address else ()
    whose = "of the pod " if address else ""
    inner = [one for one in model.links if one.name.startswith(_DEVICES)]
    for link in inner:
        yield Recipe(
            f"packets {whose}in the tunnel",
            desk.net(*_DUMP, link.name, *only),
            "already unwrapped: what goes to other nodes and comes from there",
            "tcpdump",
        )
    number = _outer(port)
    for link in (one for one in uplinks(model) if is_link(one.name)):
        yield Recipe(
            f"packets of all tunnels at {printable(link.name)}",
            desk.net(*_DUMP, link.name, "udp", "port", str(number)),
            f"wrapped into {printable(port.type)}; tcpdump shows what is in them",
            "tcpdump",
        )


def _outer(port: Port) -> int:
    """Return the UDP port that a tunnel's packets go to."""
    given = port.ovs.options.get("dst_port", "") if port.ovs else ""
    valid = given.isascii() and given.isdecimal()
    return int(given) if valid else _OUTER.get(port.type, _OUTER["vxlan"])


def uplinks(model: NodeModel) -> tuple[Link, ...]:
    """Return the links that lead off the node."""
    ports = model.ports_by_key.values()
    indexes = {p.link.ifindex for p in ports if p.role is PortRole.UPLINK and p.link}
    indexes = indexes or {hop.link[1] for hop in uplinks_of(model) if hop.link}
    return tuple(link for link in model.links if link.ifindex in indexes)
