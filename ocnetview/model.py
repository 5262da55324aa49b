"""The node, joined: bridges and ports, pods and interfaces, processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from ocnetview.facts import (
    Container,
    ContainerState,
    Counters,
    Link,
    Netns,
    OvsInterface,
    Process,
    Source,
)

LOCAL_OFPORT = 65534
"""OFPP_LOCAL of OpenFlow 1.0, as OVSDB writes the bridge's own port."""


class BridgeKind(StrEnum):
    """Who switches on a bridge."""

    OVS = "ovs"
    LINUX = "linux"


class PortRole(StrEnum):
    """What a port is there for."""

    POD = "pod"
    CONTAINER = "container"
    TUNNEL = "tunnel"
    GATEWAY = "gateway"
    UPLINK = "uplink"
    PATCH = "patch"
    LOCAL = "local"
    STALE = "stale"
    """Configured in OVS, but its device does not exist."""
    OTHER = "other"


class PodKind(StrEnum):
    """What a row of the pods pane is."""

    POD = "pod"
    CONTAINER = "container"
    """A container that belongs to no pod."""


class EvidenceKind(StrEnum):
    """How a match is known, strongest first."""

    KERNEL = "kernel, both ends"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two things are taken to belong together."""

    kind: EvidenceKind
    detail: str
    """The values that agree, and where each was read."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a link moved per second between two samples, from its own view."""

    rx_bytes: float
    tx_bytes: float
    rx_packets: float
    tx_packets: float


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a bridge, with the link and the pod behind it."""

    bridge: str
    datapath: BridgeKind
    name: str
    """OVSDB Interface name, or the ifname of a Linux bridge's port."""
    type: str
    """OVSDB Interface type (`system` for an empty one), or the link's kind."""
    ofport: int | None = None
    tag: int | None = None
    role: PortRole = PortRole.OTHER
    purpose: str = ""
    """What the port is there for, in words; a pod port's is the pod's title."""
    link: Link | None = None
    """The link on the host; None for a port without a device there."""
    pod: str = ""
    """The key of the pod behind the port; empty when there is none."""
    state: str = ""
    """up, down or the kernel's operstate; `no device` for a stale port."""
    error: str = ""
    """OVSDB's error, or what we found wrong."""
    rate: Rate | None = None
    counters: Counters | None = None
    trunks: tuple[int, ...] = ()
    """The VLANs that a trunk port carries; empty for all."""
    ovs: OvsInterface | None = None
    """OVSDB's own row; None for a Linux bridge's port."""

    @property
    def key(self) -> str:
        """Return what tells this port from all others of the node."""
        return f"{self.bridge}/{self.name}"


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge of the node with its ports, in OpenFlow order."""

    name: str
    kind: BridgeKind
    ports: tuple[Port, ...] = ()
    link: Link | None = None
    """The bridge's own device on the host."""
    datapath_type: str = ""
    fail_mode: str = ""
    external_ids: Mapping[str, str] = field(default_factory=dict)
    """OVSDB's columns of these names; empty for a Linux bridge."""


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface inside a pod, and its other end on the host."""

    link: Link
    """The link in the pod's namespace."""
    host: Link | None = None
    """The veth's other end in our namespace, when both ends prove it."""
    port: str = ""
    """The key of the bridge port of `host`; empty when it is on no bridge."""
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod, or a container that belongs to none, with its interfaces."""

    key: str
    """Pod uid, or container id: what tells it from all others."""
    kind: PodKind
    name: str
    namespace: str = ""
    """The Kubernetes namespace; empty for a plain container."""
    uid: str = ""
    containers: tuple[Container, ...] = ()
    """Without the sandbox container."""
    sandbox: Container | None = None
    """The container that only holds the pod's namespaces, where there is one."""
    netns: Netns | None = None
    host_network: bool = False
    """Claims that the pod uses the node's own network namespace."""
    interfaces: tuple[Interface, ...] = ()
    """Without lo; eth0 first, then by ifindex."""
    addresses: tuple[str, ...] = ()
    """IP addresses, the kernel's where it can be asked, else the runtime's."""
    reason: str = ""
    """Why there is no host veth, where one would be expected."""
    age: int = 0
    """Seconds since it was made, as coarse as it is shown."""
    rate: Rate | None = None
    """From the pod's view: what the pod received and sent."""

    @property
    def title(self) -> str:
        """Return namespace/name, or the name of a plain container."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def members(self) -> tuple[Container, ...]:
        """Return all its containers, the sandbox before the others."""
        return (self.sandbox, *self.containers) if self.sandbox else self.containers

    @property
    def running(self) -> int:
        """Return how many of its containers run."""
        states = (container.state for container in self.containers)
        return sum(state is ContainerState.RUNNING for state in states)

    @property
    def main(self) -> Interface | None:
        """Return the interface that stands for the pod: with a veth, eth0 before."""
        matched = [i for i in self.interfaces if i.host is not None]
        return next(iter(matched or self.interfaces), None)


@dataclass(frozen=True, slots=True)
class TreeProcess:
    """A process at its place in the tree of what is looked at."""

    process: Process
    depth: int = 0
    last: tuple[bool, ...] = ()
    """For each level, whether this branch is the last of its siblings."""
    pod: str = ""
    container: str = ""
    """The container's name."""
    cpu: float | None = None
    """Percent of one core between two samples; None before the second."""
    age: int = 0
    """Seconds since it started, as coarse as it is shown."""

    @property
    def key(self) -> str:
        """Return the process's identity: pid and start time."""
        return f"{self.process.pid}@{self.process.start_time}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong on the node, found by a check."""

    check: str
    """The check's id."""
    subject: str
    """The key of the port or pod, or the path of the file, that it is about."""
    text: str


@dataclass(frozen=True)
class NodeModel:
    """Everything the screen and the reports show, as of one moment."""

    bridges: tuple[Bridge, ...] = ()
    pods: tuple[Pod, ...] = ()
    processes: tuple[TreeProcess, ...] = ()
    links: tuple[Link, ...] = ()
    """Every link of the host namespace."""
    counters: Mapping[int, Counters] = field(default_factory=dict, compare=False)
    """By ifindex of the host's links; what of them is shown stands in the rows."""
    host: Netns | None = None
    ovs_version: str = ""
    """Open_vSwitch column `ovs_version`; empty where there is none."""
    leftovers: tuple[str, ...] = ()
    """Files among the pins of namespaces that pin none."""
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    at: float = field(default=0.0, compare=False)
    """Seconds since the epoch; two models of a quiet node compare equal."""

    @cached_property
    def ports_by_key(self) -> Mapping[str, Port]:
        """Return every port of every bridge by its key."""
        return {port.key: port for bridge in self.bridges for port in bridge.ports}

    @cached_property
    def pods_by_key(self) -> Mapping[str, Pod]:
        """Return every pod by its key."""
        return {pod.key: pod for pod in self.pods}

    @cached_property
    def bridges_by_name(self) -> Mapping[str, Bridge]:
        """Return every bridge by its name."""
        return {bridge.name: bridge for bridge in self.bridges}
