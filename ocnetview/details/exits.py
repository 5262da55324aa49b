"""The ways that lead off a bridge, and off the node."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.hops import Hop, HopKind, link_hop
from ocnetview.facts import PAIRED_KINDS, Link
from ocnetview.model import Bridge, BridgeKind, NodeModel, Port, PortRole
from ocnetview.records import changed
from ocnetview.units import printable

_KINDS = {
    PortRole.TUNNEL: HopKind.TUNNEL,
    PortRole.GATEWAY: HopKind.GATEWAY,
    PortRole.UPLINK: HopKind.UPLINK,
    PortRole.PATCH: HopKind.PATCH,
}
_MANY = 4
"""So many ports of a role that leads out are shown one by one."""
_BRIDGES = 3
"""Bridges that are followed by patch ports."""
_WIRES = frozenset({"", "bond", "team", "vlan", "macvlan", "ipvlan", "ipoib", "wwan"})
"""Kinds of links by which a node reaches a wire; of a NIC it is empty."""
_OWN = ("127.", "::1/", "fe80:", "169.254.")
"""Beginnings of addresses that nobody outside knows."""


def exits_of(model: NodeModel, bridge: Bridge, port: Port | None) -> Iterator[Hop]:
    """Yield a bridge, the ways out of it but the one that led here, and the node's."""
    yield _bridge(bridge)
    if port and port.role in _KINDS and port.role is not PortRole.PATCH:
        return
    found = [*_ways(model, bridge, port, frozenset())]
    yield from found
    if not any(hop.kind is HopKind.UPLINK for hop in found):
        yield from uplinks_of(model)


def _bridge(bridge: Bridge, depth: int = 0) -> Hop:
    """Return a bridge as a hop."""
    facts = [
        "Open vSwitch bridge" if bridge.kind is BridgeKind.OVS else "Linux bridge",
        f"fail_mode {bridge.fail_mode}" if bridge.fail_mode else "",
        f"{len(bridge.ports)} ports",
    ]
    wrong: tuple[str, ...] = ()
    link = bridge.link
    if link and not link.up and bridge.kind is BridgeKind.LINUX:
        # The device of an OVS bridge is its LOCAL port only, and often left down.
        wrong = ("it is set down",)
    said = tuple(printable(fact) for fact in facts if fact)
    return Hop(HopKind.BRIDGE, printable(bridge.name), said, depth=depth, wrong=wrong)


def _ways(
    model: NodeModel, bridge: Bridge, came: Port | None, seen: frozenset[str]
) -> Iterator[Hop]:
    """Yield the ports that lead off a bridge, and what is behind patch ports."""
    seen |= {bridge.name}
    depth = len(seen)
    for role, kind in _KINDS.items():
        ports = [p for p in bridge.ports if p.role is role]
        ports = [p for p in ports if came is None or p.key != came.key]
        for port in ports[:_MANY]:
            yield _exit(port, kind, depth)
            peer = _peer(model, port)
            if peer and peer.bridge not in seen and depth < _BRIDGES:
                other = model.bridges_by_name[peer.bridge]
                yield _bridge(other, depth)
                yield from _ways(model, other, peer, seen)
        if len(ports) > _MANY:
            text = f"{len(ports) - _MANY} more of this kind"
            yield Hop(kind, text, depth=depth)
    if bridge.kind is BridgeKind.LINUX and bridge.link and _known(bridge.link):
        said = f"the bridge's own address {', '.join(_known(bridge.link))}"
        yield changed(link_hop(HopKind.GATEWAY, bridge.link, said), depth=depth)


def _exit(port: Port, kind: HopKind, depth: int) -> Hop:
    """Return a port that leads off its bridge as a hop."""
    purpose = (printable(port.purpose),) if port.purpose else ()
    wrong: tuple[str, ...] = (printable(port.error),) if port.error else ()
    if port.link is None:
        if port.state == "down":
            wrong += ("it is down",)
        return Hop(kind, printable(port.name), purpose, depth=depth, wrong=wrong)
    hop = link_hop(
        kind, port.link, *purpose, name=port.name, inner=kind is not HopKind.GATEWAY
    )
    return changed(hop, depth=depth, wrong=(*hop.wrong, *wrong))


def _peer(model: NodeModel, port: Port) -> Port | None:
    """Return the other end of a patch port."""
    name = port.ovs.options.get("peer", "") if port.ovs else ""
    if port.role is not PortRole.PATCH or not name:
        return None
    ports = model.ports_by_key.values()
    return next((p for p in ports if p.name == name and p.type == "patch"), None)


def uplinks_of(model: NodeModel) -> Iterator[Hop]:
    """Yield the links by which the node itself reaches others.

    Which of several its routes choose is not known here.
    """
    ports = {p.link.ifindex: p for p in model.ports_by_key.values() if p.link}
    bridges = {b.link.ifindex for b in model.bridges if b.link}
    found: dict[int, tuple[Link, tuple[str, ...]]] = {
        index: (port.link, (printable(f"port of {port.bridge}"),))
        for index, port in ports.items()
        if port.link and port.role is PortRole.UPLINK
    }
    inner = {one.netns for one in model.namespaces} | {model.host}
    hosts = [
        link
        for link in model.links
        if _known(link)
        and link.name != "lo"
        and not {link.ifindex, _beside(link)} & {*ports, *bridges}
        and not (link.kind in PAIRED_KINDS and link.peer_netns in inner)
    ]
    wires = [link for link in hosts if link.kind in _WIRES]
    if not found and not wires:
        # Where the node itself is a container, its way out is the end of a pair.
        wires = [link for link in hosts if link.kind in PAIRED_KINDS] or hosts
    found |= {link.ifindex: (link, _known(link)) for link in wires}
    for link, told in [*found.values()][:_MANY]:
        said = ("of the node", *told)
        yield changed(link_hop(HopKind.UPLINK, link, *said, inner=True), depth=1)


def _beside(link: Link) -> int:
    """Return the other end of a pair that is in the same namespace; 0 for none."""
    beside = link.kind in PAIRED_KINDS and link.peer_netns == link.netns
    return link.peer_index or 0 if beside else 0


def _known(link: Link) -> tuple[str, ...]:
    """Return the addresses of a link that others may know."""
    return tuple(a for a in link.addresses if not a.startswith(_OWN))
