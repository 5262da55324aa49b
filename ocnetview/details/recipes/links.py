"""Recipes that lead from an interface in a pod to its end on the node."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.facts import Link
from ocnetview.model import Interface, Pod, Port, Relation
from ocnetview.units import printable

_SYSFS = "/sys/class/net"


def of_interface(
    pod: Pod, interface: Interface, door: tuple[str, ...] | None, desk: Desk
) -> Iterator[Recipe]:
    """Yield how the end on the node is found by hand: by index, then by name."""
    link, other = interface.link, interface.counterpart
    if link is None or other is None or door is None or not link.peer_index:
        return
    name, number = printable(link.name), link.peer_index
    paired = other.relation is Relation.PEER
    it = "the veth" if paired else "the link below"
    yield Recipe(
        f"number of {it} of {name}",
        desk.inside(door, "ip", "-o", "link", "show", "dev", link.name),
        f"@if{number}, or @NAME where that is in the same namespace",
        "ip",
    )
    pid = _pid(pod)
    if pid:
        path = f"/proc/{pid}/root{_SYSFS}/{link.name}/iflink"
        yield Recipe(
            f"iflink of {name}",
            desk.run("cat", path),
            str(number),
            "cat",
        )
    if interface.host:
        yield Recipe(
            f"{it} with that number",
            f"{desk.net('ip', '-o', 'link', 'show')} | grep '^{number}: '",
            f"{printable(interface.host.name)}; a number alone is no proof: it counts"
            " in its own namespace only",
            "ip",
        )


def _pid(pod: Pod) -> int | None:
    """Return a process whose sysfs shows the pod's own links."""
    if pod.host_network:
        return None
    pids = (one.pid for one in pod.members if one.pid and one.netns == pod.netns)
    return next(pids, None)


def of_link(link: Link, desk: Desk, what: str = "") -> Iterator[Recipe]:
    """Yield a link of the node with the namespace of its other end."""
    name = printable(link.name)
    yield Recipe(
        f"{what or 'link'} {name}",
        desk.net("ip", "-d", "-s", "link", "show", "dev", link.name),
        f"index {link.ifindex}, master, MTU, state, counters; link-netnsid of its peer",
        "ip",
    )


def of_linux_port(port: Port, desk: Desk) -> Iterator[Recipe]:
    """Yield what a Linux bridge knows of its port."""
    name, bridge = printable(port.name), printable(port.bridge)
    yield Recipe(
        f"port {name} of the Linux bridge {bridge}",
        desk.net("bridge", "-d", "link", "show", "dev", port.name),
        f"master {bridge}, state forwarding",
        "bridge",
    )
    yield Recipe(
        f"MAC addresses that {bridge} knows behind {name}",
        desk.net("bridge", "fdb", "show", "dev", port.name),
        "those without `permanent` were learned",
        "bridge",
    )
    if port.tag or port.trunks:
        yield Recipe(
            f"VLANs of {name}",
            desk.net("bridge", "vlan", "show", "dev", port.name),
            f"{port.tag} is the PVID: that of untagged frames",
            "bridge",
        )
