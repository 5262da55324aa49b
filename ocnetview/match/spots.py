"""A pod, port or process -> where its packets can be captured, the best place first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ocnetview.facts import Link
from ocnetview.facts.inside import SocketsFacts
from ocnetview.facts.packets import Spot
from ocnetview.frozen import dataclass
from ocnetview.match.leads import leads_to
from ocnetview.match.paths import astray, network_of
from ocnetview.match.spots_node import node_spots, tunnel_spots
from ocnetview.model import (
    LOCAL_OFPORT,
    Interface,
    NodeModel,
    Pod,
    Port,
    PortRole,
    Relation,
    TreeProcess,
    Whereabouts,
)

_NETDEV = "a userspace switch has no kernel device for it"
_MIRROR = "`ovs-tcpdump -i {name}` shows them by a mirror port, which it adds to OVS"


@dataclass(frozen=True, slots=True)
class Spots:
    """Where packets can be captured."""

    spots: tuple[Spot, ...] = ()
    """The best one first."""
    others: tuple[Spot, ...] = ()
    """What the first can be compared with: the tunnels that lead to other nodes."""
    reason: str = ""
    """Why there is none; untrusted text, as the links' names are."""


def spots_of_pod(
    model: NodeModel, pod: Pod, sockets: SocketsFacts | None = None
) -> Spots:
    """Return where the packets of a pod pass, one of its interfaces after the other.

    `sockets` are those of the pod's own processes: what tells a host-network pod's
    packets from all others of the node.
    """
    if pod.host_network:
        found = tuple(node_spots(model, pod.title, pod.key, sockets))
        return Spots(found, reason="" if found else "the node has no link that is up")
    outer = [spot for i in pod.interfaces for spot in _outer(model, pod, i)]
    inner = [spot for i in pod.interfaces for spot in _inner(model, pod, i)]
    ordered = sorted(outer + inner, key=lambda one: _rank(pod, one))
    if not ordered:
        return Spots(reason=_nowhere(pod))
    return Spots(tuple(spot for _, spot in ordered), tuple(tunnel_spots(model, pod)))


def spots_of_port(model: NodeModel, port: Port) -> Spots:
    """Return where the packets of a bridge port pass."""
    pod = model.pods_by_key.get(port.pod)
    if pod and not pod.host_network:
        whole = spots_of_pod(model, pod)
        behind = [i for i in pod.interfaces if i.port == port.key]
        mine = {i.host.name for i in behind if i.host}
        first = [s for s in whole.spots if s.netns is None and s.ifname in mine]
        if first:
            rest = [s for s in whole.spots if s not in first]
            return replace(whole, spots=(*first, *rest))
    link = port.link or _own_device(model, port)
    if link:
        return Spots((Spot(link.name, why=_of_port(link)),))
    if port.role is PortRole.TUNNEL:
        shared = tuple(tunnel_spots(model, bridge=port.bridge))
        return Spots(shared, reason="" if shared else f"of a tunnel {_NETDEV}")
    if port.role is PortRole.STALE:
        return Spots(reason=f"{port.name} is configured in OVS, but has no device")
    hint = _MIRROR.format(name=port.name)
    kind = "a patch port" if port.role is PortRole.PATCH else f"a {port.type} port"
    return Spots(reason=f"{kind} is no device of the kernel's; {hint}")


def spots_of_process(
    model: NodeModel, process: TreeProcess, sockets: SocketsFacts | None = None
) -> Spots:
    """Return where the packets of a process pass: in the network that it is in now."""
    pod = model.pods_by_key.get(process.pod)
    strayed = astray(pod, process, None)
    own = process.process
    if (strayed or own.netns) == model.host or (pod and pod.host_network):
        title = f"process {own.pid} ({own.name})"
        found = tuple(node_spots(model, title, "", sockets))
        return Spots(found, reason="" if found else "the node has no link that is up")
    if own.netns and (strayed or pod is None):
        pod = network_of(model, own.netns)
    if pod is None:
        return Spots(reason="its network namespace cannot be told (CAP_SYS_PTRACE)")
    return spots_of_pod(model, pod)


def _rank(pod: Pod, one: tuple[int, Spot]) -> tuple[bool, int, bool]:
    """Put the main interface first, then the others; each one's outer end first."""
    place, spot = one
    return pod.interfaces[place] is not pod.main, place, spot.inwards


def _outer(
    model: NodeModel, pod: Pod, interface: Interface
) -> Iterator[tuple[int, Spot]]:
    """Yield the link outside that has an interface's packets to itself."""
    link, other = interface.outer, interface.counterpart
    if link is None or other is None:
        return
    spot = Spot(
        link.name,
        owner=pod.title,
        owner_key=pod.key,
        why=_why_outer(interface, other.relation),
        mac=interface.link.mac if interface.link else "",
    )
    if other.where is Whereabouts.ENGINE:
        engine = model.pods_by_key.get(other.owner)
        if engine is None:
            return
        spot = _within(model, engine, spot)
        if not _is_reachable(spot):
            return
    yield pod.interfaces.index(interface), spot


def _why_outer(interface: Interface, relation: Relation) -> str:
    """Return why to capture at an interface's end outside."""
    proof = f", by {interface.proof.kind}" if interface.proof else ""
    if relation is Relation.REPRESENTOR:
        return (
            f"the representor of {interface.name}'s virtual function{proof}; what the"
            " hardware forwards by itself does not pass it"
        )
    return f"the other end of {interface.name}{proof}"


def _inner(
    model: NodeModel, pod: Pod, interface: Interface
) -> Iterator[tuple[int, Spot]]:
    """Yield the interface itself, in the pod's namespace."""
    if interface.link is None:
        return
    spot = Spot(
        interface.link.name,
        owner=pod.title,
        owner_key=pod.key,
        inwards=True,
        why=_why_inner(interface),
        mac=interface.link.mac,
    )
    spot = _within(model, pod, spot)
    if _is_reachable(spot):
        yield pod.interfaces.index(interface), spot


def _why_inner(interface: Interface) -> str:
    """Return why to capture at an interface itself."""
    other = interface.counterpart
    if interface.outer:
        return "the interface itself, as the pod sees it"
    kind = interface.link.kind if interface.link else ""
    if other and other.relation is Relation.PARENT:
        return f"the interface itself: a {kind or 'link'} shares its parent with others"
    return "the interface itself: nothing on the node has its packets alone"


def _within(model: NodeModel, pod: Pod, spot: Spot) -> Spot:
    """Return a spot as one in the namespace of this pod."""
    if pod.host_network:
        return spot
    leads = leads_to(pod, model)
    return replace(
        spot,
        netns=pod.netns,
        pid=leads.pid,
        start_time=leads.start_time,
        pins=leads.pins,
    )


def _is_reachable(spot: Spot) -> bool:
    """Claim that something leads to the namespace of a spot."""
    return spot.netns is None or spot.pid is not None or bool(spot.pins)


def _nowhere(pod: Pod) -> str:
    """Return why no packets of a pod can be captured."""
    if pod.netns is None:
        return pod.reason or "it has no network namespace: nothing of it runs"
    if not any(one.link for one in pod.interfaces):
        return pod.reason or "it has no interface that can be seen"
    return "nothing leads to its network namespace"


def _own_device(model: NodeModel, port: Port) -> Link | None:
    """Return the bridge's own device, for the port that is the bridge itself."""
    bridge = model.bridges_by_name.get(port.bridge)
    return bridge.link if bridge and port.ofport == LOCAL_OFPORT else None


def _of_port(link: Link) -> str:
    """Return why to capture at the link of a port."""
    kind = f"a {link.kind}" if link.kind else "a physical device"
    return f"the port's own device, {kind}"
