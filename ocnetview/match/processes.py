"""Process -> container and pod; trees by parent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ocnetview.facts import Netns, Process
from ocnetview.frozen import dataclass
from ocnetview.match.names import SHORT, member_name
from ocnetview.model import Pod, TreeProcess


def _age(process: Process) -> tuple[int, int]:
    return (process.start_time, process.pid)


def grow_trees(
    processes: Iterable[Process],
) -> Iterator[tuple[Process, tuple[bool, ...]]]:
    """Yield every process once, parents before children, siblings oldest first.

    With each comes, for every level above it, whether that branch is the last of
    its siblings. A process whose parent is not among these is a root: what
    `docker exec` starts has its parent outside the container, and must not be lost.
    """
    by_pid = {process.pid: process for process in processes}
    children: dict[int, list[Process]] = defaultdict(list)
    roots: list[Process] = []
    oldest_first = sorted(by_pid.values(), key=_age)
    for process in oldest_first:
        parent = by_pid.get(process.ppid)
        # A child cannot be older than its parent: that pid was reused meanwhile.
        if parent is None or parent.start_time > process.start_time:
            roots.append(process)
        else:
            children[parent.pid].append(process)
    seen: set[int] = set()
    # After the roots, whatever two reads apart made a ring of: nothing is lost.
    for root in (*roots, *oldest_first):
        if root.pid not in seen:
            yield from _walk(root, children, seen)


def _walk(
    root: Process, children: Mapping[int, list[Process]], seen: set[int]
) -> Iterator[tuple[Process, tuple[bool, ...]]]:
    """Yield a tree depth first, without recursion: trees may be very deep."""
    pending: list[tuple[Process, tuple[bool, ...]]] = [(root, ())]
    while pending:
        process, last = pending.pop()
        seen.add(process.pid)
        yield process, last
        below = [c for c in children.get(process.pid, ()) if c.pid not in seen]
        pending.extend(
            (child, (*last, index == 0)) for index, child in enumerate(reversed(below))
        )


class Owner(NamedTuple):
    """What processes of a cgroup belong to."""

    place: int
    """Where it stands among all, as the pods are ordered."""
    pod: str
    """The pod's key."""
    name: str
    """The container's, as the tree shows it."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Whom processes may belong to, by what tells that."""

    members: Mapping[str, Owner]
    """By the ids of containers and sandboxes, earlier runs among them."""
    spaces: Mapping[Netns | None, str]
    """The keys of the pods that have a network namespace of their own."""


def owners_of(pods: Sequence[Pod]) -> Owners:
    """Return whom processes may belong to on a node with these pods."""
    members: dict[str, Owner] = {}
    for pod in pods:
        for member in (*pod.members, *pod.attempts, *pod.earlier):
            owner = Owner(len(members), pod.key, member_name(member))
            members.setdefault(member.id, owner)
    spaces = {pod.netns: pod.key for pod in reversed(pods) if not pod.host_network}
    spaces.pop(None, None)
    return Owners(members, spaces)


def match_processes(
    processes: Iterable[Process], owners: Owners
) -> tuple[TreeProcess, ...]:
    """Return the trees of each container, pod by pod, as the pods are ordered.

    A process belongs to the innermost container that its cgroup names: what runs in
    a container of an engine in a container is of the inner one. One of no known
    container belongs to the pod whose network namespace it is in, where that is not
    the node's own; it comes after all others when there is none.
    """
    by_container: dict[str, list[Process]] = defaultdict(list)
    for process in processes:
        by_container[process.container_id].append(process)
    known = [
        (owners.members[one], one) for one in by_container if one in owners.members
    ]
    rows: list[TreeProcess] = []
    for owner, one in sorted(known):
        rows += _trees(by_container.pop(one), {}, owner.pod, owner.name)
    for one in sorted(by_container):
        rows += _trees(by_container[one], owners.spaces, "", one[:SHORT])
    return tuple(rows)


def _trees(
    processes: Iterable[Process],
    owners: Mapping[Netns | None, str],
    pod: str,
    container: str,
) -> Iterator[TreeProcess]:
    """Yield the trees of a container, each process with its owner, else `pod`."""
    for process, last in grow_trees(processes):
        owner = owners.get(process.netns, pod)
        yield TreeProcess(process, len(last), last, owner, container)


def note_on(process: Process, parent: Process | None) -> str:
    """Return in words what is amiss with a process; empty for nothing.

    A zombie has ended; what is left of it waits for its parent's wait(2). What is in
    state D cannot be interrupted, by no signal at all.
    """
    if process.state == "Z":
        name = f"{parent.name} ({parent.pid})" if parent else f"parent {process.ppid}"
        return f"zombie: {name} does not reap it"
    if process.state == "D":
        return f"waits in {process.wchan}" if process.wchan else "waits for the kernel"
    return ""
