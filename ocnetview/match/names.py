"""Container -> its name, and the pod that it says it is in."""

from __future__ import annotations

from ocnetview.facts import Container, ContainerState, Sandbox
from ocnetview.frozen import dataclass

_UID = "io.kubernetes.pod.uid"
_NAME = "io.kubernetes.pod.name"
_NAMESPACE = "io.kubernetes.pod.namespace"
_CONTAINER_NAME = "io.kubernetes.container.name"
_DOCKER_TYPE = "io.kubernetes.docker.type"
_DOCKER_SANDBOX = "io.kubernetes.sandbox.id"
_NAME_FIELDS = 5
"""k8s_CONTAINER_POD_NAMESPACE_UID, then the attempt and a suffix after a clash."""
# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_RUNNING = ContainerState.RUNNING
SHORT = 13
"""Digits of an id that crictl prints, and so do we."""
SANDBOX = "POD"
"""The name that kubelet, dockershim and CRI-O give a pod's sandbox container."""


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
        return self.container == SANDBOX


def pod_name(container: Container) -> PodName | None:
    """Return the pod that a container belongs to; None for a plain one.

    The labels that kubelet gives (kuberuntime/labels.go) before the name that
    dockershim and cri-dockerd give: `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`,
    in old versions with a hash, `k8s_CONTAINER.HASH_…`.
    """
    labels = container.labels
    uid, name = labels.get(_UID), labels.get(_NAME)
    if uid and name:
        inner = labels.get(_CONTAINER_NAME, "")
        if labels.get(_DOCKER_TYPE) == "podsandbox":
            inner = SANDBOX
        return PodName(labels.get(_NAMESPACE, ""), name, uid, inner)
    prefix, *fields = container.name.split("_")
    if prefix != "k8s" or len(fields) < _NAME_FIELDS:
        return None
    inner, name, namespace, uid = fields[:4]
    return PodName(namespace, name, uid, inner.partition(".")[0])


def container_name(container: Container) -> str:
    """Return a container's name in its pod, or its own when it is in none."""
    name = pod_name(container)
    return (name and name.container) or container.name


def member_name(member: Sandbox | Container) -> str:
    """Return the name of a container, or POD for a sandbox."""
    return container_name(member) if isinstance(member, Container) else SANDBOX


def sandbox_id(container: Container) -> str:
    """Return the id of the sandbox that a container is in; empty where none says it.

    CRI has a field for it, dockershim and cri-dockerd a label.
    """
    return container.sandbox_id or container.labels.get(_DOCKER_SANDBOX, "")


def running(container: Container) -> bool:
    """Claim that a container runs."""
    return container.state is _RUNNING
