"""The way from a process to the other nodes, hop by hop, in words."""

from __future__ import annotations

from ocnetview.facts import Container, Netns
from ocnetview.match.names import container_name
from ocnetview.model import (
    LOCAL_OFPORT,
    Bridge,
    BridgeKind,
    Interface,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    Relation,
    TreeProcess,
    Whereabouts,
)
from ocnetview.units import printable

_SITS = {Relation.PARENT: "sits on", Relation.REPRESENTOR: "representor"}
_EXITS = (PortRole.TUNNEL, PortRole.GATEWAY, PortRole.UPLINK, PortRole.PATCH)


def spell_path(  # noqa: PLR0913 - one a part of a selection
    model: NodeModel,
    *,
    pod: Pod | None = None,
    port: Port | None = None,
    process: TreeProcess | None = None,
    container: Container | None = None,
    interface: Interface | None = None,
) -> tuple[str, ...]:
    """Return the hops of a selection, from the process outwards, safe to print.

    What the selection does not name is left out: a pod's path begins at the pod.
    A port's path begins at the pod behind it, where there is one. Without an
    interface it is the one behind the port, else the pod's main one.
    """
    pod = pod or _pod_of(model, port, process)
    hops: list[str] = []
    if process:
        hops.append(f"{process.process.name} ({process.process.pid})")
    inside = _container_hop(process, container)
    if inside:
        hops.append(inside)
    if pod and not (inside and pod.kind is PodKind.CONTAINER):
        hops.append(pod.title)
    strayed = astray(pod, process, container)
    if strayed:
        hops.append(f"left the pod's network for {strayed}")
        pod, interface = network_of(model, strayed), None
        if pod:
            hops.append(pod.title)
        elif strayed == model.host:
            hops.append("the node's own namespace")
    interface = interface or _interface(pod, port)
    if pod:
        hops += _pod_hops(model, pod, interface)
    port = port or (model.ports_by_key.get(interface.port) if interface else None)
    if port:
        hops += _port_hops(model, port, named=interface is not None)
    return tuple(map(printable, hops))


def astray(
    pod: Pod | None, process: TreeProcess | None, container: Container | None
) -> Netns | None:
    """Return the namespace that a pod's process or container is in, if not the pod's.

    Both may leave it (setns, unshare): then the pod's interfaces are not theirs.
    """
    it = process.process.netns if process else container.netns if container else None
    elsewhere = pod is not None and it is not None and pod.netns not in (None, it)
    return it if elsewhere else None


def network_of(model: NodeModel, netns: Netns) -> Pod | None:
    """Return the row of the pod, container or namespace whose network this is."""
    if netns == model.host:
        return None
    return next((pod for pod in model.pods if pod.netns == netns), None)


def _container_hop(process: TreeProcess | None, container: Container | None) -> str:
    """Return the container that is named; empty for none."""
    if process:
        return process.container
    return container_name(container) if container else ""


def _pod_of(
    model: NodeModel, port: Port | None, process: TreeProcess | None
) -> Pod | None:
    """Return the pod that a port or a process belongs to."""
    key = process.pod if process else port.pod if port else ""
    return model.pods_by_key.get(key)


def _interface(pod: Pod | None, port: Port | None) -> Interface | None:
    """Return the pod's interface behind the port, else its main one."""
    if pod is None:
        return None
    behind = [i for i in pod.interfaces if port and i.port == port.key]
    return behind[0] if behind else pod.main


def _pod_hops(
    model: NodeModel, pod: Pod, interface: Interface | None, engines: int = 3
) -> list[str]:
    """Return eth0@netns and where it leads, or why it leads nowhere."""
    if pod.host_network:
        return ["host network: the node's own namespace"]
    if interface is None:
        return [pod.reason] if pod.reason else []
    inside = f"@{interface.link.netns}" if interface.link else ""
    hops = [f"{interface.name}{inside}", *_counterpart_hops(interface)]
    if len(hops) == 1 and pod.reason:
        hops.append(pod.reason)
    other = interface.counterpart
    engine = model.pods_by_key.get(other.owner) if other else None
    if other and engine and other.where is Whereabouts.ENGINE and engines:
        # The way goes on from the container that the pod's engine runs in.
        hops += _pod_hops(model, engine, engine.main, engines - 1)
        port = model.ports_by_key.get(engine.main.port) if engine.main else None
        hops += _port_hops(model, port, named=True) if port else []
    return hops


def _counterpart_hops(interface: Interface) -> list[str]:
    """Return the link that belongs to an interface, and where that is."""
    other = interface.counterpart
    if other is None:
        return []
    if other.link is None:
        return [other.text or str(other.where)]
    hop = f"{other.link.name} ({other.link.ifindex})"
    if other.relation is not Relation.PEER:
        hop = f"{_SITS[other.relation]} {hop}"
    if other.where is Whereabouts.HOST:
        # A parent carries links of others, too: it is said whose it is.
        return [hop if other.relation is Relation.PEER else f"{hop} on the node"]
    return [f"{hop} in {other.text}" if other.text else f"{hop} {other.where}"]


def _port_hops(model: NodeModel, port: Port, *, named: bool) -> list[str]:
    """Return the port on its bridge, and the ways that lead out of it."""
    shown = "LOCAL" if port.ofport == LOCAL_OFPORT else port.ofport
    number = "no ofport" if shown is None else f"ofport {shown}"
    parts = [] if named else [port.name]
    if port.datapath is BridgeKind.OVS:
        parts.append(number if named else f"({number})")
    hops = [" ".join([*parts, "on", port.bridge])]
    bridge = model.bridges_by_name.get(port.bridge)
    if port.role is PortRole.STALE:
        return [*hops, port.purpose]
    if bridge and port.role not in _EXITS:
        exits = _exits(bridge)
        hops += [exits] if exits else []
    elif port.purpose:
        hops.append(port.purpose)
    return hops


def _exits(bridge: Bridge) -> str:
    """Return the ports that lead off the bridge, and where each leads."""
    ways = [
        f"{port.name} ({port.role})" for port in bridge.ports if port.role in _EXITS
    ]
    if not ways and bridge.link and bridge.link.addresses:
        ways = [f"{bridge.name} {bridge.link.addresses[0]} (gateway)"]
    shown = ways[:3]
    return " | ".join(shown) + (f" | +{len(ways) - 3}" if len(ways) > 3 else "")  # noqa: PLR2004 - three fit a line
