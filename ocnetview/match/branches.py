"""The node's processes by pod and container: the branches of its tree. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocnetview.match.names import SHORT
from ocnetview.model import Branch, Pod, PodKind, TreeProcess
from ocnetview.records import changed

Place = tuple[str, str]
"""The key of a pod and the id of a container; either may be empty."""
NODE: Place = ("", "")
"""What is in no container."""
_SIGN = "branch:"


def place_of(row: TreeProcess) -> Place:
    """Return where a row belongs; a branch's is that which it stands for."""
    if row.branch:
        container, _, pod = row.branch.key.removeprefix(_SIGN).partition(":")
        return (pod, container)
    return (row.pod, row.process.container_id)


def pod_of_branch(key: str) -> str | None:
    """Return the key of a branch's pod, maybe empty; None where it is none's."""
    if not key.startswith(_SIGN):
        return None
    return key.removeprefix(_SIGN).partition(":")[2]


def container_of_branch(key: str) -> str | None:
    """Return the id of a branch's container, maybe empty; None where it is none's."""
    if not key.startswith(_SIGN):
        return None
    return key.removeprefix(_SIGN).partition(":")[0]


def branches_of(
    rows: Iterable[TreeProcess], pods: Mapping[str, Pod]
) -> tuple[TreeProcess, ...]:
    """Return a row for each pod, and one for each container with processes.

    Those of a pod come before those of its containers, all in the order of the rows;
    what is in no container comes last. A process is below that of its container, where
    there is one, else below that of its pod: just one.
    """
    first: dict[Place, TreeProcess] = {}
    for row in rows:
        if row.pod:
            first.setdefault((row.pod, ""), row)
        first.setdefault(place_of(row), row)
    last_first = sorted(first, key=lambda place: place == NODE)
    return tuple(
        _branch(place, first[place], pods.get(place[0]))
        for place in last_first
        if not _is_plain(pods.get(place[0]), place[1])
    )


def _is_plain(pod: Pod | None, container: str) -> bool:
    """Claim that a container is all there is of its row among the pods."""
    if pod is None or pod.kind is not PodKind.CONTAINER:
        return False
    return any(one.id == container for one in pod.containers)


def _branch(place: Place, first: TreeProcess, pod: Pod | None) -> TreeProcess:
    """Return the row of a branch, which stands for its first process."""
    key, container = place
    if place == NODE:
        kind, title = "node", "the node itself"
    elif container:
        kind, title = "container", first.container or container[:SHORT]
    else:
        kind, title = (pod.kind, pod.title) if pod else ("pod", first.container or key)
    branch = Branch(f"{_SIGN}{container}:{key}", title, kind)
    name = first.container if container else ""
    return changed(first, branch=branch, container=name, note="", threads=(), cpu=None)
