"""A scrap -> the processes, containers and pods that answer to it."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.facts import Container, Sandbox
from ocnetview.match.answers import Answer, ambiguous, as_container, owners, title
from ocnetview.match.names import SHORT, container_name, member_name
from ocnetview.match.scraps import (
    containers_in,
    id_in,
    names_namespace,
    pid_in,
    pod_in,
    uid_in,
)
from ocnetview.model import NodeModel, Pod, PodKind


def by_pid(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the process with this pid, or with a thread of this id."""
    number = pid_in(scrap)
    if number is None or names_namespace(scrap):
        return
    known = owners(model)
    for row in model.processes:
        process = row.process
        if number not in (process.pid, *process.tids):
            continue
        _, part = known.get(process.container_id, (None, None))
        what = "pid" if process.pid == number else "tid"
        yield Answer(what, model.pods_by_key.get(row.pod), as_container(part), row)


def by_name(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the pod or the container of this name or uid, if it is a single one.

    Raises:
        AmbiguousError: there are several.
    """
    if not scrap:
        return []
    pods = [pod for pod in model.pods if scrap in _names(pod)]
    found = [
        (pod, container)
        for pod in model.pods
        if pod not in pods
        for container in pod.containers
        if scrap in _container_names(pod, container)
    ]
    if len(pods) + len(found) > 1:
        titles = [f"{pod.kind} {title(model, pod)}" for pod in pods]
        titles += [
            f"container {container_name(one)} of {title(model, pod)}"
            for pod, one in found
        ]
        raise ambiguous(scrap, titles)
    return [
        *(Answer("uid" if scrap in _uids(pod) else "name", pod) for pod in pods),
        *(Answer("name", pod, container) for pod, container in found),
    ]


def _uids(pod: Pod) -> set[str]:
    """Return a pod's uids: the API's, and of a static pod that of its file."""
    boxes = (pod.sandbox, *pod.attempts) if pod.sandbox else ()
    return {pod.uid, *(box.uid for box in boxes)} - {""}


def _names(pod: Pod) -> set[str]:
    """Return what names a pod; a namespace's row is found as the namespace it is."""
    if pod.kind is PodKind.NETNS:
        return set()
    return {pod.name, pod.title, *_uids(pod)} | ({pod.key} if pod.engine else set())


def _container_names(pod: Pod, container: Container) -> set[str]:
    name = container_name(container)
    return {name, container.name, f"{pod.title}/{name}"}


def by_cgroup(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the container, else the pod, whose cgroup this path names.

    Containers nest: the innermost that is known is meant.
    """
    if id_in(scrap):
        return []
    known = owners(model)
    for found in containers_in(scrap):
        if found in known:
            pod, part = known[found]
            return [Answer("cgroup", pod, as_container(part))]
    uid = pod_in(scrap)
    if not uid or containers_in(scrap):
        return []
    # Kubelet writes a hyphen as _, and the hash of a static pod's file has none.
    return [Answer("cgroup", pod) for pod in model.pods if uid in _uids(pod)]


def by_id(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the container, sandbox or pod whose id or uid begins so.

    Raises:
        AmbiguousError: several do.
    """
    prefix, uid = id_in(scrap), uid_in(scrap)
    parts = [
        found
        for key, found in owners(model).items()
        if prefix and key.startswith(prefix)
    ]
    pods = [
        pod
        for pod in model.pods
        if uid and any(one.startswith(uid) for one in _uids(pod))
    ]
    if len(parts) + len(pods) > 1:
        titles = [
            f"{part.id[:SHORT]} {member_name(part)} of {title(model, pod)}"
            for pod, part in parts
        ]
        raise ambiguous(scrap, titles + [f"pod {title(model, pod)}" for pod in pods])
    return [
        *(_of_part(pod, part) for pod, part in parts),
        *(Answer("uid", pod) for pod in pods),
    ]


def _of_part(pod: Pod, part: Sandbox | Container) -> Answer:
    """Return the answer that a sandbox or container is."""
    what = "sandbox id" if isinstance(part, Sandbox) else "container id"
    return Answer(what, pod, as_container(part))
