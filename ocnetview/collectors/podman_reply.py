"""What Podman's own API says of its pods, as facts."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.facts import (
    Container,
    ContainerFacts,
    Sandbox,
)
from ocnetview.frozen import dataclass
from ocnetview.untyped import object_of, objects_of, text_of

POD_NAME = "io.podman.pod.name"
"""The label that we give a pod's containers: Podman writes the name into none."""


@dataclass(frozen=True, slots=True)
class PodmanPod:
    """A group of containers that share namespaces (libpod ListPodsReport)."""

    id: str
    name: str
    """Untrusted text."""
    infra: str
    """InfraId, of the container that holds the namespaces; empty for none."""
    containers: frozenset[str]
    """The ids of all of them."""


def read_pods(reply: object) -> tuple[PodmanPod, ...]:
    """Return the pods of a `GET /libpod/pods/json` reply.

    Raises:
        ValueError: the reply is not what the API says.
    """
    if not isinstance(reply, list):
        raise ValueError("the list of pods is no list")  # noqa: TRY004 - input
    return tuple(_pod(entry) for entry in reply)


def _pod(entry: object) -> PodmanPod:
    fields = object_of(entry)
    members = (text_of(one.get("Id")) for one in objects_of(fields.get("Containers")))
    return PodmanPod(
        text_of(fields.get("Id")),
        text_of(fields.get("Name")),
        text_of(fields.get("InfraId")),
        frozenset(filter(None, members)),
    )


def with_pods(facts: ContainerFacts, pods: tuple[PodmanPod, ...]) -> ContainerFacts:
    """Return the facts with each pod's infra container as its sandbox.

    Its other containers bear the sandbox's id; those of a pod without an infra
    container share no namespace, and bear the pod's name alone.
    """
    by_id = {one.id: one for one in facts.containers}
    pod_of = {member: pod for pod in pods for member in pod.containers}
    infras = {pod.infra: pod for pod in pods if pod.infra in by_id}
    return replace(
        facts,
        containers=tuple(
            _member(one, pod_of[one.id], infras) if one.id in pod_of else one
            for one in facts.containers
            if one.id not in infras
        ),
        sandboxes=tuple(
            Sandbox.held_by(by_id[one], pod.name, pod.id) for one, pod in infras.items()
        ),
    )


def _member(
    container: Container, pod: PodmanPod, infras: dict[str, PodmanPod]
) -> Container:
    labels = {**container.labels, POD_NAME: pod.name}
    sandbox = pod.infra if pod.infra in infras else ""
    return replace(container, labels=labels, sandbox_id=sandbox)
