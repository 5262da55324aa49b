"""What the Kubernetes API says of this node's pods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ocnetview.frozen import dataclass


class KubeContainerKind(StrEnum):
    """Which of a pod's lists a container stands in."""

    INIT = "init"
    SIDECAR = "sidecar"
    """An init container with restartPolicy Always."""
    APP = "app"
    EPHEMERAL = "ephemeral"


class KubeContainerState(StrEnum):
    """Which of ContainerState's fields is set."""

    WAITING = "waiting"
    RUNNING = "running"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class KubeContainer:
    """A container as a pod's spec and status name it."""

    name: str
    id: str = ""
    """`containerID` without its scheme; empty before it was made."""
    runtime: str = ""
    """The scheme of `containerID`: cri-o, containerd, docker."""
    kind: KubeContainerKind = KubeContainerKind.APP
    state: KubeContainerState = KubeContainerState.WAITING
    reason: str = ""
    """Of the state: CrashLoopBackOff, ImagePullBackOff, Completed, OOMKilled, ..."""
    exit_code: int | None = None
    restarts: int = 0
    ready: bool = False


@dataclass(frozen=True, slots=True)
class KubePod:
    """A pod as the API has it (v1 Pod)."""

    name: str
    namespace: str
    uid: str
    phase: str = ""
    """`status.phase`: Pending, Running, Succeeded, Failed, Unknown."""
    reason: str = ""
    """`status.reason`: Evicted, NodeLost, ..."""
    created: float = 0.0
    """Seconds since the epoch."""
    deleting: bool = False
    """Claims that `metadata.deletionTimestamp` is set."""
    host_network: bool = False
    share_pids: bool = False
    """`spec.shareProcessNamespace`."""
    host_pids: bool = False
    """`spec.hostPID`."""
    userns: bool = False
    """`spec.hostUsers` is false."""
    runtime_class: str = ""
    addresses: tuple[str, ...] = ()
    """`status.podIPs`; of a host-network pod they are the node's."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    """Those that we read: config.*, network-status, pod-networks, ..."""
    labels: Mapping[str, str] = field(default_factory=dict)
    containers: tuple[KubeContainer, ...] = ()
    """Init containers first, in the order in which they run."""


@dataclass(frozen=True, slots=True)
class KubeFacts:
    """The pods that the API binds to this node."""

    node: str
    """The node's name, `spec.nodeName` of each pod."""
    pods: tuple[KubePod, ...] = ()
    name_from: str = ""
    """How the node's name was found."""
