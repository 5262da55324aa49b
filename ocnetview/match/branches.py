"""The node's processes by pod and container: the branches of its tree. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ocnetview.match.names import SHORT
from ocnetview.model import Branch, Pod, PodKind, TreeProcess
from ocnetview.records import changed

Place = tuple[str, str]
"""The key of a pod and the id of a container; either may be empty."""
NODE: Place = ("", "")
"""What is in no container."""
_SIGN = "branch:"


def branch_key(place: Place) -> str:
    """Return what tells a branch from every other row."""
    pod, container = place
    return f"{_SIGN}{container}:{pod}"


def place_of_branch(key: str) -> Place | None:
    """Return what a branch stands for; None where the key is no branch's."""
    if not key.startswith(_SIGN):
        return None
    container, _, pod = key.removeprefix(_SIGN).partition(":")
    return (pod, container)


def grow_branches(
    rows: Iterable[TreeProcess],
    pods: Mapping[str, Pod],
    add: Callable[[TreeProcess, int | None], int],
) -> Mapping[Place, int]:
    """Add a branch for each pod, and below it for each container with processes.

    They come in the order of the rows, and last what is in no container. Returns the
    number of the branch that a process is below, by its pod and container: just one.
    """
    first: dict[Place, TreeProcess] = {}
    for row in rows:
        first.setdefault((row.pod, row.process.container_id), row)
    numbers: dict[Place, int] = {}
    for place in sorted(first, key=lambda place: place == NODE):
        row = first[place]
        pod = pods.get(row.pod)
        above = None
        if row.pod:
            top = (row.pod, "")
            if top not in numbers:
                numbers[top] = add(_branch(top, row, pod), None)
            above = numbers[top]
            if pod and pod.kind is PodKind.CONTAINER and pod.key == place[1]:
                numbers[place] = above
        if place not in numbers:
            numbers[place] = add(_branch(place, row, pod), above)
    return numbers


def _branch(place: Place, first: TreeProcess, pod: Pod | None) -> TreeProcess:
    """Return the row of a branch, which stands for its first process."""
    key, container = place
    if place == NODE:
        kind, title = "node", "the node itself"
    elif key and not container:
        kind, title = (pod.kind, pod.title) if pod else ("pod", key)
    else:
        kind, title = "container", first.container or container[:SHORT]
    branch = Branch(branch_key(place), title, kind)
    name = "" if key and not container else first.container
    return changed(first, branch=branch, container=name, note="", threads=())
