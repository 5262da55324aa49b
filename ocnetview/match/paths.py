"""The way from a process to the other nodes, hop by hop, in words."""

from __future__ import annotations

from ocnetview.facts import Container
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
    TreeProcess,
)
from ocnetview.units import printable

_EXITS = (PortRole.TUNNEL, PortRole.GATEWAY, PortRole.UPLINK, PortRole.PATCH)


def spell_path(
    model: NodeModel,
    *,
    pod: Pod | None = None,
    port: Port | None = None,
    process: TreeProcess | None = None,
    container: Container | None = None,
) -> tuple[str, ...]:
    """Return the hops of a selection, from the process outwards, safe to print.

    What the selection does not name is left out: a pod's path begins at the pod.
    A port's path begins at the pod behind it, where there is one.
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
    interface = _interface(pod, port)
    if pod:
        hops += _pod_hops(pod, interface)
    port = port or (model.ports_by_key.get(interface.port) if interface else None)
    if port:
        hops += _port_hops(model, port, named=interface is not None)
    return tuple(map(printable, hops))


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


def _pod_hops(pod: Pod, interface: Interface | None) -> list[str]:
    """Return eth0@netns and the host's end, or why there is none."""
    if pod.host_network:
        return ["host network: the node's own namespace"]
    if interface is None:
        return [pod.reason] if pod.reason else []
    inside = f"@{interface.link.netns}" if interface.link else ""
    hops = [f"{interface.name}{inside}"]
    if interface.host:
        hops.append(f"{interface.host.name} ({interface.host.ifindex})")
    elif pod.reason:
        hops.append(pod.reason)
    return hops


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
