"""Where packets pass on the node itself: its uplinks and its tunnels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from ocnetview.facts import Link
from ocnetview.facts.inside import Socket, SocketsFacts
from ocnetview.facts.packets import Spot
from ocnetview.match.roles import TUNNEL_TYPES
from ocnetview.model import NodeModel, Pod, Port, PortRole

_NOTHING = "less 0"
"""A filter that nothing passes: no packet has no bytes."""
_DEVICES = {
    "vxlan": ("vxlan_sys_", "4789"),
    "geneve": ("genev_sys_", "6081"),
    "gre": ("gre_sys", ""),
    "stt": ("stt_sys_", "7471"),
}
"""How the kernel's OVS names the device that all tunnels of a type share."""
_INWARD = frozenset({"bridge", "veth"})
"""Kinds whose addresses are for what is on this node; a bond or VLAN leads out."""
_LOOPBACK = ("127.", "::1")
_LINK_LOCAL = "fe80:"
_MOST_PORTS = 200
"""A filter of more takes more instructions than the kernel lets one have."""


def node_spots(
    model: NodeModel, title: str, key: str, sockets: SocketsFacts | None
) -> Iterator[Spot]:
    """Yield the node's own links that lead somewhere, uplinks with addresses first.

    What passes there is the whole node's: the filter lets through what is of these
    sockets, and nothing where they are not known.
    """
    wanted, how = _of_sockets(sockets)
    for _, link, what in sorted(_leading(model)):
        yield Spot(
            link.name,
            owner=title,
            owner_key=key,
            inwards=True,
            filter=wanted,
            why=f"{what} of the node, whose network it uses; {how}",
        )


def _leading(model: NodeModel) -> Iterator[tuple[int, Link, str]]:
    """Yield links with addresses, and those that lead out, with their rank."""
    ports = {
        port.link.ifindex: port
        for bridge in model.bridges
        for port in bridge.ports
        if port.link
    }
    for link in model.links:
        port = ports.get(link.ifindex)
        if not link.up or link.name == "lo":
            continue
        out = port is not None and port.role is PortRole.UPLINK
        # A pod's veth has an address of its own, too, which leads nowhere else.
        addressed = any(not one.startswith(_LINK_LOCAL) for one in link.addresses)
        if addressed and (out or not link.kind):
            yield 0, link, "an uplink"
        elif out:
            yield 1, link, "an uplink"
        elif addressed:
            rank = 3 if link.kind in _INWARD else 2
            yield rank, link, "a link with an address"


def _of_sockets(sockets: SocketsFacts | None) -> tuple[str, str]:
    """Return the filter for the packets of sockets, and what it is in words."""
    if sockets is None:
        return _NOTHING, "its sockets are not known, so nothing passes the filter"
    ports = sorted({(s.protocol, s.local_port) for s in sockets.sockets if _leads(s)})
    if not ports:
        return _NOTHING, "it has no sockets that lead out: nothing passes the filter"
    if len(ports) > _MOST_PORTS:
        return _NOTHING, f"it has {len(ports)} ports, too many for a filter"
    each = (f"{protocol} port {number}" for protocol, number in ports)
    many = "s" if len(ports) > 1 else ""
    return " or ".join(each), f"the filter is its {len(ports)} port{many} as of now"


def _leads(socket: Socket) -> bool:
    """Claim that packets of a socket leave the node's loopback."""
    has_ports = socket.protocol in {"tcp", "udp"} and socket.local_port
    return bool(has_ports) and not socket.local.startswith(_LOOPBACK)


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
    return " or ".join(f"host {one}" for one in _plain(addresses))


def _plain(addresses: Iterable[str]) -> Iterator[str]:
    """Yield what is an address, and can be no other part of a filter."""
    for address in addresses:
        try:
            yield str(ip_address(address.partition("/")[0].partition("%")[0]))
        except ValueError:
            continue
