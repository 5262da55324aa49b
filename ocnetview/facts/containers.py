"""What container runtimes say: containers, and the sandboxes of pods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ocnetview.facts.kernel import Netns
from ocnetview.frozen import dataclass


class ContainerState(StrEnum):
    """Docker's container states (API schema `ContainerState.Status`)."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    REMOVING = "removing"
    EXITED = "exited"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Container:
    """A container as its runtime describes it."""

    id: str
    """64 hexadecimal digits."""
    name: str
    """Without the API's leading slash; untrusted text."""
    runtime: str
    state: ContainerState = ContainerState.UNKNOWN
    image: str = ""
    pid: int | None = None
    """The main process in the host's numbering; None when none runs or none known."""
    started: int | None = None
    netns: Netns | None = None
    """Both of `pid`: its start_time and its namespace; None when not readable."""
    created: float = 0.0
    """Seconds since the epoch."""
    labels: Mapping[str, str] = field(default_factory=dict)
    network_mode: str = ""
    """HostConfig.NetworkMode: host, none, container:ID, a network's name."""
    networks: tuple[str, ...] = ()
    """Names of the runtime's networks it is attached to."""
    addresses: tuple[str, ...] = ()
    """IP addresses that the runtime says it gave, without prefix length."""
    sandbox_id: str = ""
    """CRI `pod_sandbox_id`; empty where a runtime has no sandboxes."""
    attempt: int = 0
    """CRI `ContainerMetadata.attempt`: how often it was started again."""
    exit_code: int | None = None
    """Of its main process; None while it runs, or when the runtime was not asked."""
    reason: str = ""
    """CRI `ContainerStatus.reason`: OOMKilled, Error, Completed; untrusted text."""


class NamespaceMode(StrEnum):
    """Whose Linux namespace a sandbox uses (CRI enum NamespaceMode, 0 to 3)."""

    POD = "pod"
    CONTAINER = "container"
    NODE = "node"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class CniInterface:
    """An interface that a CNI result names."""

    name: str
    netns_path: str = ""
    """`sandbox` of the result: empty for an interface on the node's side."""
    mac: str = ""
    addresses: tuple[str, ...] = ()
    """With prefix length where the result has one."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What holds a pod's namespaces, as its runtime describes it (CRI PodSandbox).

    It has a process of its own in some runtimes only: CRI-O drops it.
    """

    id: str
    """64 hexadecimal digits."""
    runtime: str
    """As VersionResponse `runtime_name` says: cri-o, containerd, docker."""
    name: str = ""
    """PodSandboxMetadata: the pod's name, namespace and uid; untrusted text."""
    namespace: str = ""
    uid: str = ""
    """Of a static pod it is the hash of its file, not the API's uid."""
    attempt: int = 0
    ready: bool = True
    """PodSandboxState SANDBOX_READY."""
    created: float = 0.0
    """Seconds since the epoch."""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    """Those of the pod when it was made, as far as we read them."""
    handler: str = ""
    """`runtime_handler`: kata, runsc, ...; empty for the default one."""
    pid: int | None = None
    """Its own process in the host's numbering; None where it has none."""
    started: int | None = None
    netns: Netns | None = None
    """Of `netns_path`, else of `pid`; None when neither can be read."""
    netns_path: str = ""
    """`linux.namespaces[network].path` of its runtimeSpec, as the runtime sees it."""
    network: NamespaceMode = NamespaceMode.POD
    pids: NamespaceMode = NamespaceMode.CONTAINER
    """POD: its containers share one pid namespace; NODE: they use the node's."""
    userns: bool = False
    """Claims that it has a user namespace of its own (hostUsers: false)."""
    addresses: tuple[str, ...] = ()
    """PodSandboxNetworkStatus `ip` and `additional_ips`."""
    cni: tuple[CniInterface, ...] = ()
    """The CNI result that the runtime kept, without lo."""
    container: Container | None = None
    """Docker's own description of it, where it is a container there."""

    @classmethod
    def held_by(
        cls, container: Container, name: str, uid: str, namespace: str = ""
    ) -> Sandbox:
        """Return a pod's sandbox container (pause, infra) as the sandbox it is."""
        host = container.network_mode == "host"
        return cls(
            id=container.id,
            runtime=container.runtime,
            name=name,
            namespace=namespace,
            uid=uid,
            attempt=container.attempt,
            ready=container.state is ContainerState.RUNNING,
            created=container.created,
            labels=container.labels,
            pid=container.pid,
            started=container.started,
            netns=container.netns,
            network=NamespaceMode.NODE if host else NamespaceMode.POD,
            addresses=container.addresses,
            container=container,
        )


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """Every container and sandbox of one runtime, running or not."""

    runtime: str
    containers: tuple[Container, ...] = ()
    sandboxes: tuple[Sandbox, ...] = ()
    version: str = ""
    within: str = ""
    """The id of the container that the runtime itself runs in; empty on the node."""
    where: str = ""
    """Its socket."""
    troubles: tuple[str, ...] = ()
    """What it could not tell of single ones, and why."""


@dataclass(frozen=True, slots=True)
class NestedFacts:
    """The runtimes that run inside containers of this node: kind, docker-in-docker."""

    engines: tuple[ContainerFacts, ...] = ()
    troubles: tuple[str, ...] = ()
    """Which of them could not be asked, and why."""


@dataclass(frozen=True, slots=True)
class CniResult:
    """A file of the CNI result cache (libcni's cniCacheV1), without its `config`."""

    path: str
    network: str
    """`networkName`."""
    container_id: str
    """`containerId`: the sandbox that the attachment was made for."""
    ifname: str
    """`ifName`: the interface inside."""
    interfaces: tuple[CniInterface, ...] = ()
    addresses: tuple[str, ...] = ()
    """Those of no interface by name: they are of `ifname`."""
    pod: str = ""
    """K8S_POD_NAMESPACE/K8S_POD_NAME of its CNI_ARGS; empty where they are none."""
    written: float = 0.0
    """st_mtime of the file, in seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class CniFacts:
    """What the CNI result cache on disk says; never updated after the pod's start."""

    results: tuple[CniResult, ...] = ()
    troubles: tuple[str, ...] = ()
    """Files that could not be read, and why."""
