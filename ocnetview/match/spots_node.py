"""Where packets pass on the node itself: its uplinks and its tunnels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ocnetview.facts import Link
from ocnetview.facts.inside import SocketsFacts
from ocnetview.facts.packets import Spot
from ocnetview.match.roles import TUNNEL_TYPES
from ocnetview.match.spots_sockets import of_sockets, plain
from ocnetview.model import NodeModel, Pod, Port, PortRole

_DEVICES = {
    "vxlan": ("vxlan_sys_", "4789"),
    "geneve": ("genev_sys_", "6081"),
    "gre": ("gre_sys", ""),
    "stt": ("stt_sys_", "7471"),
}
"""How the kernel's OVS names the device that all tunnels of a type share."""
_INWARD = frozenset({"bridge", "veth"})
"""Kinds whose addresses are for what is on this node; a bond or VLAN leads out."""
_LINK_LOCAL = "fe80:"


def node_spots(
    model: NodeModel, title: str, key: str, sockets: SocketsFacts | None
) -> Iterator[Spot]:
    """Yield the node's own links that lead somewhere, uplinks with addresses first.

    What passes there is the whole node's: the filter lets through what is of these
    sockets, and nothing where they are not known.
    """
    found = sorted(_leading(model))
    lo = [link for link in model.links if link.name == "lo"]
    own = [a for link in (*(one.link for one in found), *lo) for a in link.addresses]
    wanted, how = of_sockets(sockets, dict.fromkeys(own))
    for one in found:
        yield Spot(
            one.link.name,
            owner=title,
            owner_key=key,
            inwards=True,
            filter=wanted,
            why=f"{one.what} of the node, whose network it uses; {how}",
            mac=one.mac,
        )


class _Leading(NamedTuple):
    """A link of the node's own that leads somewhere."""

    rank: int
    link: Link
    what: str
    mac: str
    """What the node's own frames come from there."""


def _leading(model: NodeModel) -> Iterator[_Leading]:
    """Yield links with addresses, and those that lead out, with their rank."""
    ports = {
        port.link.ifindex: (bridge, port)
        for bridge in model.bridges
        for port in bridge.ports
        if port.link
    }
    for link in model.links:
        bridge, port = ports.get(link.ifindex, (None, None))
        if not link.up or link.name == "lo":
            continue
        out = port is not None and port.role is PortRole.UPLINK
        # A pod's veth has an address of its own, too, which leads nowhere else.
        addressed = any(not one.startswith(_LINK_LOCAL) for one in link.addresses)
        if addressed and (out or not link.kind):
            yield _Leading(0, link, "an uplink", link.mac)
        elif out:
            own = bridge.link if bridge else None
            yield _Leading(1, link, "an uplink", own.mac if own else "")
        elif addressed:
            rank = 3 if link.kind in _INWARD else 2
            yield _Leading(rank, link, "a link with an address", link.mac)


def tunnel_spots(
    model: NodeModel, pod: Pod | None = None, bridge: str = ""
) -> Iterator[Spot]:
    """Yield the tunnels that a pod's packets, or a bridge's, leave the node by.

    The kernel's device has them as the pod sent them, before they are wrapped.
    """
    wanted = _of_addresses(pod.addresses) if pod else ""
    if pod and not wanted:
        return
    bridges = {i.port.partition("/")[0] for i in pod.interfaces} if pod else {bridge}
    ports = [p for b in model.bridges if b.name in bridges for p in b.ports]
    found = list(_devices(model, ports))
    if not found and pod:
        found = [one for one in model.links if one.kind in TUNNEL_TYPES and one.up]
    for link in dict.fromkeys(found):
        yield Spot(
            link.name,
            inwards=True,
            filter=wanted,
            why=f"the {link.kind} device that the tunnels to other nodes share",
        )


def _devices(model: NodeModel, ports: Iterable[Port]) -> Iterator[Link]:
    """Yield the kernel's device of each tunnel port, where it has one."""
    by_name = {link.name: link for link in model.links}
    for port in ports:
        if port.role is PortRole.TUNNEL:
            start, number = _DEVICES.get(port.type, ("", ""))
            options = port.ovs.options if port.ovs else {}
            name = f"{start}{options.get('dst_port', number)}"
            link = port.link or by_name.get(name)
            if link:
                yield link


def _of_addresses(addresses: Iterable[str]) -> str:
    """Return the filter for a pod's packets; `host` is of ARP, too (pcap-filter(7))."""
    return " or ".join(f"host {one}" for one in plain(addresses))
