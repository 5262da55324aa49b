"""Sandbox and containers <-> pod."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ocnetview.facts import (
    Container,
    ContainerFacts,
    ContainerState,
    NamespaceMode,
    Sandbox,
)
from ocnetview.model import Pod, PodKind

_LABEL = "io.kubernetes.pod."
_CONTAINER_NAME = "io.kubernetes.container.name"
_DOCKER_TYPE = "io.kubernetes.docker.type"
_NAME_FIELDS = 5
"""k8s_CONTAINER_POD_NAMESPACE_UID, then the attempt and a suffix after a clash."""


@dataclass(frozen=True, slots=True)
class PodName:
    """What a container says of the pod it belongs to."""

    namespace: str
    name: str
    uid: str
    container: str
    """The container's name in the pod; POD for the sandbox."""

    @property
    def sandbox(self) -> bool:
        """Claim that the container only holds the pod's namespaces."""
        return self.container == "POD"


@dataclass(slots=True)
class _Members:
    """The containers of one pod, as they are found."""

    names: list[PodName] = field(default_factory=list)
    sandboxes: list[Container] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)


def pod_name(container: Container) -> PodName | None:
    """Return the pod that a container belongs to; None for a plain one.

    The labels that kubelet gives (kuberuntime/labels.go) before the name that
    dockershim and cri-dockerd give: `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`,
    in old versions with a hash, `k8s_CONTAINER.HASH_…`.
    """
    labels = container.labels
    uid, name = labels.get(f"{_LABEL}uid"), labels.get(f"{_LABEL}name")
    if uid and name:
        inner = labels.get(_CONTAINER_NAME, "")
        if labels.get(_DOCKER_TYPE) == "podsandbox":
            inner = "POD"
        return PodName(labels.get(f"{_LABEL}namespace", ""), name, uid, inner)
    prefix, *fields = container.name.split("_")
    if prefix != "k8s" or len(fields) < _NAME_FIELDS:
        return None
    inner, name, namespace, uid = fields[:4]
    return PodName(namespace, name, uid, inner.partition(".")[0])


def container_name(container: Container) -> str:
    """Return a container's name in its pod, or its own when it is in none."""
    name = pod_name(container)
    return (name and name.container) or container.name


def match_pods(facts: Iterable[ContainerFacts]) -> tuple[Pod, ...]:
    """Return every pod with its containers, and every container without one.

    No container is lost or in two rows; the order of the input does not matter.
    Pods come first, then by title. Interfaces are not joined yet.
    """
    members: dict[str, _Members] = {}
    plain: dict[str, Container] = {}
    for container in (c for one in facts for c in one.containers):
        name = pod_name(container)
        if name is None:
            plain[container.id] = container
            continue
        pod = members.setdefault(name.uid, _Members())
        pod.names.append(name)
        (pod.sandboxes if name.sandbox else pod.containers).append(container)
    pods = [_pod(uid, found) for uid, found in members.items()]
    pods += [_container(container) for container in plain.values()]
    order = (PodKind.POD, PodKind.CONTAINER)
    return tuple(sorted(pods, key=lambda p: (order.index(p.kind), p.title, p.key)))


def _running(container: Container) -> bool:
    return container.state is ContainerState.RUNNING


def _newest(containers: list[Container]) -> Container:
    """Return the live attempt: a running one before others, the newest first."""
    return max(containers, key=lambda c: (_running(c), c.created, c.id))


def _live_containers(containers: list[Container]) -> tuple[Container, ...]:
    """Return each container's live attempt; a restart leaves dead ones behind."""
    attempts: dict[str, list[Container]] = defaultdict(list)
    for container in containers:
        attempts[container_name(container)].append(container)
    return tuple(_newest(attempts[name]) for name in sorted(attempts))


def _pod(uid: str, members: _Members) -> Pod:
    """Return the row of a pod."""
    sandbox = _newest(members.sandboxes) if members.sandboxes else None
    # Labels can be made up: the sandbox's are taken, else the same in any order.
    name = min(members.names, key=lambda n: (not n.sandbox, n.namespace, n.name))
    containers = _live_containers(members.containers)
    everyone = (*((sandbox,) if sandbox else ()), *containers)
    return Pod(
        key=uid,
        kind=PodKind.POD,
        name=name.name,
        namespace=name.namespace,
        uid=uid,
        containers=containers,
        sandbox=_sandbox(sandbox, name) if sandbox else None,
        netns=next((c.netns for c in everyone if c.netns), None),
        host_network=any(c.network_mode == "host" for c in everyone),
        addresses=tuple(dict.fromkeys(a for c in everyone for a in c.addresses)),
    )


def _sandbox(container: Container, name: PodName) -> Sandbox:
    """Return Docker's sandbox container as the sandbox that it is."""
    host = container.network_mode == "host"
    return Sandbox(
        id=container.id,
        runtime=container.runtime,
        name=name.name,
        namespace=name.namespace,
        uid=name.uid,
        ready=_running(container),
        created=container.created,
        labels=container.labels,
        pid=container.pid,
        started=container.started,
        netns=container.netns,
        network=NamespaceMode.NODE if host else NamespaceMode.POD,
        addresses=container.addresses,
        container=container,
    )


def _container(container: Container) -> Pod:
    """Return the row of a container that belongs to no pod."""
    return Pod(
        key=container.id,
        kind=PodKind.CONTAINER,
        name=container.name,
        containers=(container,),
        netns=container.netns,
        host_network=container.network_mode == "host",
        addresses=container.addresses,
    )
