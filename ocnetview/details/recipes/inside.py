"""Recipes that look into a pod's network namespace, and at its processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocnetview.details.recipes.desk import Desk, address_of
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.facts import Container
from ocnetview.match.names import container_name
from ocnetview.model import Pod, TreeProcess
from ocnetview.units import printable


def of_processes(desk: Desk, containers: Sequence[Container]) -> Iterator[Recipe]:
    """Yield the tree of each of these containers that runs."""
    for one in containers:
        if one.pid:
            yield Recipe(
                printable(f"processes of {container_name(one)}"),
                desk.run("pstree", "-p", str(one.pid)),
                "all that its main process started; not what was started by exec",
                "pstree",
            )


def of_process(row: TreeProcess, desk: Desk) -> Iterator[Recipe]:
    """Yield where a process stands, and which container and namespace it is in."""
    pid = str(row.process.pid)
    yield Recipe(
        f"parents and children of process {pid}",
        desk.run("pstree", "-p", "-s", pid),
        "from the node's first process down",
        "pstree",
    )
    yield Recipe(
        f"container of process {pid}",
        desk.run("cat", f"/proc/{pid}/cgroup"),
        printable(f"the paths hold the id {row.process.container_id}")
        if row.process.container_id
        else "no path holds a container's id",
        "cat",
    )
    yield Recipe(
        f"network namespace of process {pid}",
        desk.run("readlink", f"/proc/{pid}/ns/net"),
        str(row.process.netns or "not known here"),
        "readlink",
    )


def of_inside(pod: Pod, door: tuple[str, ...] | None, desk: Desk) -> Iterator[Recipe]:
    """Yield what shows the network inside; nothing where nothing leads there."""
    if door is None:
        return
    whose = "of the node's own network" if pod.host_network else "inside"

    def made(title: str, shows: str, *words: str) -> Recipe:
        asked = desk.inside(door, *words)
        return Recipe(f"{title} {whose}", asked, shows, words[0])

    shown = ", ".join(map(printable, pod.addresses)) or "addresses, MTU, state"
    yield made("interfaces", shown, "ip", "-d", "address", "show")
    yield made("routes", "the default route above all", "ip", "route", "show")
    yield made("neighbours", "who answered to ARP", "ip", "neighbour", "show")
    yield made("sockets", "listeners and connections, with processes", "ss", "-tuanp")
    address = address_of(pod)
    if address:
        family = f"ipv{address.version}"
        yield Recipe(
            "conntrack of the pod",
            desk.net("conntrack", "-L", "-f", family, "-s", str(address)),
            "the flows that it began, with what NAT made of them",
            "conntrack",
        )
