"""The way from a process to the other nodes, hop by hop, with what moves on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocnetview.details.exits import exits_of, uplinks_of
from ocnetview.details.hops import Hop, HopKind, judged, link_hop
from ocnetview.facts import Link, Netns
from ocnetview.match.names import container_name
from ocnetview.match.paths import astray, network_of
from ocnetview.model import (
    LOCAL_OFPORT,
    BridgeKind,
    Counterpart,
    Interface,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    Relation,
    Traffic,
    TreeProcess,
    Whereabouts,
)
from ocnetview.records import changed
from ocnetview.units import printable

_ENGINES = 3
"""Containers in containers that the way is followed through."""
_SITS = {
    Relation.PEER: "peer",
    Relation.PARENT: "sits on",
    Relation.REPRESENTOR: "representor",
}
"""Before the name of the link that belongs to an interface."""
_CARRIES = {
    Relation.PARENT: "carries the pod's interface",
    Relation.REPRESENTOR: "stands for the pod's interface",
}


def way_out(
    model: NodeModel,
    *,
    pod: Pod | None = None,
    port: Port | None = None,
    process: TreeProcess | None = None,
) -> tuple[Hop, ...]:
    """Return the hops from what is given outwards, with traffic and what is wrong.

    Of a port it is the way from the pod behind it, where there is one.
    """
    key = process.pod if process else port.pod if port else ""
    pod = pod or model.pods_by_key.get(key)
    hops = [*_inner(model, pod, process)]
    strayed = astray(pod, process, None)
    if strayed:
        text = f"left the pod's network for {strayed}"
        hops.append(Hop(HopKind.NETNS, text, wrong=("its network is not the pod's",)))
        pod = network_of(model, strayed)
        if strayed == model.host:
            hops += _by_the_node(model)
    if pod:
        hops += _from_pod(model, pod, port, _ENGINES)
    elif port:
        hops += _from_port(model, port)
    return judged([changed(hop, traffic=_traffic(model, hop)) for hop in hops])


def links_of(hops: Sequence[Hop]) -> frozenset[tuple[Netns, int]]:
    """Return the links that the hops are, so that they are counted."""
    return frozenset(hop.link for hop in hops if hop.link)


def _traffic(model: NodeModel, hop: Hop) -> Traffic | None:
    """Return what goes through a hop's link, as far as it was read.

    Of a link of the node without a rate of its own it is that of its port.
    """
    if hop.link is None:
        return None
    watched = model.traffic.get(hop.link)
    if watched and watched.rate:
        return watched
    netns, ifindex = hop.link
    if netns != model.host:
        return watched
    for port in model.ports_by_key.values():
        if port.link and port.link.ifindex == ifindex and port.counters:
            return Traffic(port.counters, port.rate)
    total = model.counters.get(ifindex)
    return watched or (Traffic(total) if total else None)


def _inner(
    model: NodeModel, pod: Pod | None, process: TreeProcess | None
) -> Iterator[Hop]:
    """Yield the process, or those that the pod runs, and the pod."""
    if process:
        one = process.process
        within = (f"container {process.container}",) if process.container else ()
        name = printable(f"{one.name} ({one.pid})")
        yield Hop(HopKind.PROCESS, name, tuple(map(printable, within)))
    elif pod:
        yield _processes(model, pod)
    if pod:
        facts = [] if pod.kind is PodKind.NETNS else [pod.status]
        yield Hop(HopKind.POD, printable(pod.title), tuple(map(printable, facts)))


def _processes(model: NodeModel, pod: Pod) -> Hop:
    """Return what runs in a pod as a hop."""
    runs = [f"{container_name(c)} ({c.pid})" for c in pod.containers if c.pid]
    if not runs and pod.kind is PodKind.NETNS:
        space = next((n for n in model.namespaces if n.netns == pod.netns), None)
        runs = [f"pid {pid}" for pid in space.pids] if space else []
    if not runs:
        return Hop(HopKind.PROCESS, "no process runs")
    first, *others = map(printable, runs)
    return Hop(HopKind.PROCESS, first, tuple(others))


def _from_pod(
    model: NodeModel, pod: Pod, port: Port | None, engines: int
) -> Iterator[Hop]:
    """Yield the hops from a pod's interface outwards."""
    if pod.host_network:
        yield from _by_the_node(model)
        return
    behind = [i for i in pod.interfaces if port and i.port == port.key]
    interface = behind[0] if behind else pod.main
    if interface is None:
        if pod.reason:
            wrong = (printable(pod.reason),) if pod.running else ()
            yield Hop(HopKind.END, "no way out", (printable(pod.reason),), wrong=wrong)
        return
    yield _inside(interface)
    for other in pod.interfaces:
        if other is not interface and other.link:
            yield _besides(other, other.link)
    yield from _outside(model, pod, interface, engines)


def _inside(interface: Interface) -> Hop:
    """Return the interface in the pod as a hop."""
    if interface.link is None:
        name = printable(interface.name) or "an interface"
        return Hop(HopKind.INSIDE, name, ("cannot be looked at inside",))
    said = (*_addresses(interface.link), interface.network)
    other = interface.counterpart
    peer = other.link if other and other.relation is Relation.PEER else None
    hop = link_hop(HopKind.INSIDE, interface.link, *said, inner=True, peer=peer)
    if interface.link.addresses:
        return hop
    return changed(hop, wrong=(*hop.wrong, "it has no address"))


def _addresses(link: Link) -> tuple[str, ...]:
    """Return a link's addresses; those that each link gives itself where no others."""
    others = tuple(a for a in link.addresses if not a.startswith("fe80:"))
    return others or link.addresses or ("no address",)


def _besides(interface: Interface, link: Link) -> Hop:
    """Return another interface of the pod: a way of its own, told in short."""
    other = interface.counterpart
    said = [*_addresses(link)[:1], interface.network]
    if other and other.link:
        said.append(f"{_SITS[other.relation]} {other.link.name}")
    return changed(link_hop(HopKind.INSIDE, link, *said, inner=True), depth=1)


def _outside(
    model: NodeModel, pod: Pod, interface: Interface, engines: int
) -> Iterator[Hop]:
    """Yield the hops from what belongs to an interface outwards."""
    other = interface.counterpart
    if interface.link:
        yield Hop(HopKind.NETNS, str(interface.link.netns))
    port = model.ports_by_key.get(interface.port)
    if other is None or other.link is None:
        reason = other and (other.text or str(other.where))
        if port is None:
            text = printable(
                reason or pod.reason or "nothing is known of the other end"
            )
            yield Hop(HopKind.END, text)
            return
    else:
        yield _counterpart(interface, other.link)
    if port:
        yield from _from_port(model, port, named=True)
    elif other and other.where is Whereabouts.ENGINE and engines:
        engine = model.pods_by_key.get(other.owner)
        if engine:
            yield Hop(HopKind.POD, printable(engine.title), ("runs the engine",))
            yield from _from_pod(model, engine, None, engines - 1)
    elif other and other.link:
        yield from _beyond(model, other, other.link)


def _counterpart(interface: Interface, link: Link) -> Hop:
    """Return the link outside that belongs to an interface as a hop."""
    other = interface.counterpart
    assert other  # noqa: S101 - its link was given
    peer = interface.link if other.relation is Relation.PEER else None
    said = _CARRIES.get(other.relation, "")
    where = other.text if other.where is not Whereabouts.HOST else ""
    # A parent's counters are of all that sits on it; out is what it sends.
    inner = other.relation is Relation.PARENT
    hop = link_hop(HopKind.LINK, link, said, where, inner=inner, peer=peer)
    return changed(hop, paired=peer is not None)


def _beyond(model: NodeModel, other: Counterpart, link: Link) -> Iterator[Hop]:
    """Yield what comes after a link that is no bridge's port."""
    if other.where is not Whereabouts.HOST:
        owner = model.pods_by_key.get(other.owner)
        if owner:
            yield Hop(HopKind.POD, printable(owner.title))
    elif other.relation is Relation.PARENT:
        yield Hop(HopKind.END, "the network outside, no bridge between")
    else:
        yield Hop(
            HopKind.END,
            f"on no bridge: the node's routes lead to {printable(link.name)}",
        )
        yield from uplinks_of(model)


def _by_the_node(model: NodeModel) -> Iterator[Hop]:
    """Yield the way of what uses the node's own network."""
    text = "the node's own namespace"
    yield Hop(HopKind.NETNS, text, ("host network: no veth, no bridge port",))
    yield from uplinks_of(model)


def _from_port(model: NodeModel, port: Port, *, named: bool = False) -> Iterator[Hop]:
    """Yield a port, its bridge and the ways out of it.

    `named`: its link is a hop already.
    """
    shown = "LOCAL" if port.ofport == LOCAL_OFPORT else port.ofport
    wrong = [printable(port.error)] if port.error else []
    facts = [port.type, f"VLAN {port.tag}" if port.tag else ""]
    name = port.name
    if port.datapath is BridgeKind.OVS:
        facts.insert(0, f"ofport {shown}" if shown is not None else "no ofport")
        if shown is None and not wrong:
            wrong.append("Open vSwitch gave it no ofport")
    if port.role is PortRole.STALE and not wrong:
        wrong.append(printable(port.purpose))
    elif port.state == "down" and port.link is None:
        wrong.append("it is down")
    hop = Hop(HopKind.PORT, printable(f"{name} of {port.bridge}"))
    if port.link and not named:
        inner = port.role in (PortRole.TUNNEL, PortRole.UPLINK)
        hop = link_hop(HopKind.PORT, port.link, name=hop.name, inner=inner)
    said = tuple(printable(fact) for fact in facts if fact)
    yield changed(hop, facts=(*said, *hop.facts), wrong=(*hop.wrong, *wrong))
    bridge = model.bridges_by_name.get(port.bridge)
    if bridge and port.role is not PortRole.STALE:
        yield from exits_of(model, bridge, port)
