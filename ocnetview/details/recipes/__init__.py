"""What is on the screen as shell lines, for a colleague without ocnetview. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.recipes.desk import Desk, door
from ocnetview.details.recipes.inside import of_inside, of_process, of_processes
from ocnetview.details.recipes.links import of_interface, of_link, of_linux_port
from ocnetview.details.recipes.ovs import of_ovs_bridge, of_ovs_pod, of_ovs_port
from ocnetview.details.recipes.packets import (
    of_packets,
    of_port_packets,
    of_tunnels,
    uplinks,
)
from ocnetview.details.recipes.recipe import Recipe, script
from ocnetview.details.recipes.runtime import of_api, of_runtime, runtimes_of
from ocnetview.facts import Container, Link
from ocnetview.model import (
    BridgeKind,
    Interface,
    NodeModel,
    Pod,
    Port,
    TreeProcess,
)

__all__ = ["Recipe", "of_node", "recipes", "script"]


def recipes(  # noqa: PLR0913 - one a kind of row
    model: NodeModel,
    *,
    pod: Pod | None = None,
    container: Container | None = None,
    port: Port | None = None,
    process: TreeProcess | None = None,
    link: Link | None = None,
) -> tuple[Recipe, ...]:
    """Return what shows this row and what belongs to it; without one, the node.

    A process and a port bring the pod that they are known to be of. Each line stands
    there once.
    """
    desk = Desk.of(model)
    found: list[Recipe] = []
    if process:
        found += of_process(process, desk)
    if port:
        found += _of_port(model, port, desk)
    elif link:
        found += of_link(link, desk)
    key = process.pod if process else port.pod if port else ""
    pod = pod or model.pods_by_key.get(key)
    if pod:
        found += _of_pod(model, pod, container, desk)
    if not (process or port or link or pod):
        found += of_node(model)
    once: dict[str, Recipe] = {}
    for one in found:
        once.setdefault(one.command, one)
    return tuple(once.values())


def _of_pod(
    model: NodeModel, pod: Pod, container: Container | None, desk: Desk
) -> Iterator[Recipe]:
    """Yield what shows a pod: who it is, what runs, its network, its way out."""
    containers = (container,) if container else pod.containers
    entry = door(model, pod, desk)
    yield from of_api(model, pod, desk)
    yield from of_runtime(model, pod, desk, containers)
    yield from of_processes(desk, containers)
    yield from of_inside(pod, entry, desk)
    for interface in pod.interfaces if not pod.host_network else ():
        yield from _of_interface(model, pod, interface, desk)
    if pod.host_network:
        for one in uplinks(model):
            yield from of_link(one, desk, "the node's link")


def _of_interface(
    model: NodeModel, pod: Pod, interface: Interface, desk: Desk
) -> Iterator[Recipe]:
    """Yield what shows one interface of a pod, from the inside outwards."""
    entry = door(model, pod, desk)
    yield from of_interface(pod, interface, entry, desk)
    other = interface.counterpart
    if other and other.link and other.link.netns == model.host:
        yield from of_link(other.link, desk)
    port = model.ports_by_key.get(interface.port)
    if port:
        yield from _at_bridge(model, port, desk)
        if port.datapath is BridgeKind.OVS:
            yield from of_ovs_pod(model, interface, port, desk)
    yield from of_packets(pod, interface, entry, desk)
    if port:
        bridge = model.bridges_by_name.get(port.bridge)
        yield from of_tunnels(model, bridge, pod, desk)


def _of_port(model: NodeModel, port: Port, desk: Desk) -> Iterator[Recipe]:
    """Yield what shows a port, and the packets there."""
    yield from _at_bridge(model, port, desk)
    if port.link:
        yield from of_link(port.link, desk)
    yield from of_port_packets(model, port, desk)


def _at_bridge(model: NodeModel, port: Port, desk: Desk) -> Iterator[Recipe]:
    """Yield what a port's bridge says of it."""
    if port.datapath is BridgeKind.OVS:
        yield from of_ovs_port(model, port, desk)
    else:
        yield from of_linux_port(port, desk)


def of_node(model: NodeModel) -> Iterator[Recipe]:
    """Yield what shows the whole node, as far as it has such things."""
    desk = Desk.of(model)
    links = desk.net("ip", "-d", "link", "show")
    yield Recipe("links of the node", links, "name, index, kind, master, peer", "ip")
    spaces = desk.run("lsns", "-t", "net", "-o", "NS,PID,NETNSID,NSFS,COMMAND")
    yield Recipe("network namespaces", spaces, "a line for each that has one", "lsns")
    kinds = {bridge.kind for bridge in model.bridges}
    if BridgeKind.OVS in kinds:
        yield Recipe(
            "bridges and ports of Open vSwitch",
            desk.vsctl("show"),
            "ports with an error stand there, too",
            "ovs-vsctl",
        )
    if BridgeKind.LINUX in kinds:
        asked = desk.net("bridge", "link", "show")
        yield Recipe("ports of Linux bridges", asked, "master and state", "bridge")
    for bridge in model.bridges:
        yield from of_ovs_bridge(bridge, desk)
    for runtime in runtimes_of(model, desk):
        yield runtime.recipe(
            f"containers that {runtime.tool} knows",
            "a line each, those that ended too",
            *("ps", "--all", "--no-trunc"),
        )
        if runtime.tool == "crictl":
            title, shows = "sandboxes of pods", "a line each"
            yield runtime.recipe(title, shows, "pods", "--no-trunc")
