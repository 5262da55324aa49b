"""A scrap -> the network namespace that answers to it, and who is in it."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.facts import Netns
from ocnetview.match.answers import Answer
from ocnetview.match.scraps import inode_in, names_namespace, pid_in, pin_in
from ocnetview.model import NodeModel


def by_netns(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield who is in the namespace of this inode, path, or name of a pin."""
    inode = inode_in(scrap)
    if inode is not None:
        found = {n for n in _all(model) if n.dev and n.ino == inode}
        what = "inode"
    elif names_namespace(scrap):
        pid = pid_in(scrap)
        rows = [row.process for row in model.processes]
        found = {p.netns for p in rows if p.netns and pid in (p.pid, *p.tids)}
        what = "path"
    else:
        found = _pinned(model, scrap)
        what = "path"
    for netns in sorted(found):
        yield from _of_netns(what, model, netns)


def _all(model: NodeModel) -> Iterator[Netns]:
    """Yield every namespace that is known."""
    if model.host:
        yield model.host
    yield from (inside.netns for inside in model.namespaces)
    for pod in model.pods:
        parts = (pod, *pod.members)
        yield from (part.netns for part in parts if part.netns)


def _pinned(model: NodeModel, scrap: str) -> set[Netns]:
    """Return the namespaces that a file of this path, or of this name, pins."""
    path = pin_in(scrap, model.place.host_root if model.place else "")
    found = {
        inside.netns
        for inside in model.namespaces
        for pin in inside.pins
        if scrap and (pin_in(pin) == path or pin.rpartition("/")[2] == scrap)
    }
    if found:
        return found
    boxes = [pod.sandbox for pod in model.pods if pod.sandbox and path]
    said = {box.netns for box in boxes if pin_in(box.netns_path) == path}
    return {netns for netns in said if netns}


def _of_netns(what: str, model: NodeModel, netns: Netns) -> list[Answer]:
    """Return the answers that a namespace is: one for each pod or container in it.

    In the node's own are all host-network pods: it stands for itself.
    """
    if netns == model.host:
        return [Answer(what, of=f"{netns}, the node's own", netns=netns)]
    spelled = str(netns)
    found = [
        Answer(what, pod, of=spelled, netns=netns)
        for pod in model.pods
        if pod.netns == netns
    ]
    found += [
        Answer(what, pod, container, of=spelled, netns=netns)
        for pod in model.pods
        for container in pod.containers
        if container.netns == netns and pod.netns != netns
    ]
    if found:
        return found
    space = next((n for n in model.namespaces if n.netns == netns), None)
    who = ", ".join(map(str, space.pids[:4])) if space else ""
    return [Answer(what, of=f"{netns}, pids {who}" if who else spelled, netns=netns)]
