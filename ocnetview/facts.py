"""What the sources say, each fact set whole, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeVar


@dataclass(frozen=True, slots=True, order=True)
class Netns:
    """A network namespace, by the identity of its nsfs file.

    Ids that netlink prints (`nsid`) are local to the namespace that asks, and
    names in /run/netns are only pins; device and inode are the kernel's own key.
    """

    dev: int
    """st_dev of the nsfs file."""
    ino: int
    """st_ino, the number in `net:[4026531840]`."""

    def __str__(self) -> str:
        return f"net:[{self.ino}]"


PAIRED_KINDS = frozenset({"veth", "netkit"})
"""Link kinds whose IFLA_LINK is a peer; for all others it is a lower device."""


class OperState(StrEnum):
    """IFLA_OPERSTATE, RFC 2863 as the kernel's if.h numbers it (0 to 6)."""

    UNKNOWN = "unknown"
    NOTPRESENT = "notpresent"
    DOWN = "down"
    LOWERLAYERDOWN = "lowerlayerdown"
    TESTING = "testing"
    DORMANT = "dormant"
    UP = "up"


class Counters(NamedTuple):
    """One link's struct rtnl_link_stats64 totals, from the link's own view."""

    rx_packets: int
    tx_packets: int
    rx_bytes: int
    tx_bytes: int
    rx_errors: int
    tx_errors: int
    rx_dropped: int
    tx_dropped: int


@dataclass(frozen=True, slots=True)
class Link:
    """A network interface in one namespace, as RTM_GETLINK and RTM_GETADDR say it."""

    netns: Netns
    """Where the link is; with `ifindex` its key, for indexes repeat."""
    ifindex: int
    name: str
    """IFLA_IFNAME; untrusted text."""
    kind: str = ""
    """IFLA_INFO_KIND: veth, bridge, vxlan, ...; empty for a physical device."""
    peer_index: int | None = None
    """IFLA_LINK: for a veth its peer's ifindex, for a vlan or vxlan the lower link."""
    nsid: int | None = None
    """IFLA_LINK_NETNSID in our namespace's numbering; None when absent."""
    peer_netns: Netns | None = None
    """The namespace `peer_index` counts in; None when it has no known identity."""
    master: int | None = None
    """IFLA_MASTER: the ifindex of the bridge, bond or VRF this link is a port of."""
    pvid: int | None = None
    """The VLAN of untagged frames at a port of a bridge that filters VLANs."""
    mtu: int = 0
    up: bool = False
    """IFF_UP: the administrative state."""
    operstate: OperState = OperState.UNKNOWN
    mac: str = ""
    """IFLA_ADDRESS, lower case with colons; empty where the link has none."""
    addresses: tuple[str, ...] = ()
    """Address with prefix length (IFA_LOCAL or IFA_ADDRESS), IPv4 before IPv6."""


@dataclass(frozen=True, slots=True)
class NamespaceLinks:
    """Another network namespace of this node and what is inside it."""

    netns: Netns
    nsid: int | None = None
    """RTM_GETNSID's answer; None where our namespace has no id for it."""
    pins: tuple[str, ...] = ()
    """Paths of the nsfs files that pin it."""
    pids: tuple[int, ...] = ()
    """Some processes seen in it; not all of them."""
    links: tuple[Link, ...] | None = None
    """The links inside; None when they cannot be read, as `reason` says."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """Every link of our namespace, and the ends of its veths in the others."""

    host: Netns
    """The namespace that ocnetview runs in, taken to be the node's."""
    links: tuple[Link, ...]
    namespaces: tuple[NamespaceLinks, ...] = ()
    """The other namespaces; the host's own is not among them."""
    counters: Mapping[int, Counters] = field(default_factory=dict)
    """RTM_GETSTATS totals by ifindex in our namespace."""
    at: float = 0.0
    """When the counters were read, in seconds of the monotonic clock."""
    not_netns: tuple[str, ...] = ()
    """Files beside the pins that pin no network namespace, so no link is behind."""


@dataclass(frozen=True, slots=True)
class OvsInterface:
    """A row of OVSDB's Interface table, the columns that we show or match on."""

    name: str
    type: str = ""
    """Column `type`; empty means system, a netdev of the host."""
    ofport: int | None = None
    """Column `ofport`: None when not yet assigned, -1 when it failed."""
    ifindex: int | None = None
    error: str = ""
    """Untrusted text."""
    mac: str = ""
    mtu: int | None = None
    admin_state: str = ""
    link_state: str = ""
    """Both up, down, or empty when unset."""
    external_ids: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OvsPort:
    """A row of OVSDB's Port table; a bond has several interfaces."""

    name: str
    tag: int | None = None
    """Column `tag`: the access VLAN."""
    trunks: tuple[int, ...] = ()
    interfaces: tuple[OvsInterface, ...] = ()


@dataclass(frozen=True, slots=True)
class OvsBridge:
    """A row of OVSDB's Bridge table."""

    name: str
    datapath_type: str = ""
    """Column `datapath_type`; empty and `system` mean the kernel's datapath."""
    fail_mode: str = ""
    ports: tuple[OvsPort, ...] = ()
    external_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OvsFacts:
    """What Open vSwitch is configured to have, whole."""

    bridges: tuple[OvsBridge, ...] = ()
    version: str = ""
    """Open_vSwitch column `ovs_version`."""


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


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """Every container of one runtime, running or not."""

    runtime: str
    containers: tuple[Container, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """A process, as /proc shows it; its identity is (pid, start_time)."""

    pid: int
    start_time: int
    """Clock ticks after boot (field 22 of /proc/PID/stat)."""
    ppid: int
    inner_pid: int
    """The pid in the innermost pid namespace (last of NSpid)."""
    name: str
    """comm; untrusted text."""
    command: tuple[str, ...] = ()
    """argv; empty for a zombie; untrusted text."""
    state: str = "?"
    """The state letter of /proc/PID/stat: R, S, D, T, Z, ..."""
    uid: int = 0
    user: str = ""
    """The host's name for `uid` or its number; in a container root or the number."""
    cpu_ticks: int = 0
    """utime + stime in clock ticks."""
    rss: int = 0
    """Resident memory in bytes."""
    threads: int = 1
    container_id: str = ""
    """From the cgroup path or the pid namespace; empty when in no container."""
    netns: Netns | None = None


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """The processes of the containers that are looked at, and nothing more."""

    processes: tuple[Process, ...] = ()
    at: float = 0.0
    """When they were read, in seconds of the monotonic clock."""
    uptime: float = 0.0
    """Seconds since boot at that moment."""
    ticks_per_second: int = 100
    """Clock ticks per second of `start_time` and `cpu_ticks` (sysconf CLK_TCK)."""


class SourceState(StrEnum):
    """How a source is doing."""

    WAITING = "waiting"
    UP = "up"
    DOWN = "down"
    ABSENT = "not there"


@dataclass(frozen=True, slots=True)
class Source:
    """One source's health, for the status bar and `ocnetview sources`."""

    name: str
    state: SourceState = SourceState.WAITING
    where: str = ""
    """The socket, address or file that was tried."""
    reason: str = ""
    """Why it is down or not there, with what would help."""


Facts = LinkFacts | OvsFacts | ContainerFacts | ProcessFacts
FactSet = TypeVar("FactSet", LinkFacts, OvsFacts, ContainerFacts, ProcessFacts)


@dataclass(frozen=True, slots=True)
class Sample:
    """What sources said until `at` (epoch seconds); who was not heard has no facts."""

    at: float = 0.0
    facts: Mapping[str, Facts] = field(default_factory=dict)
    """The last fact set of each source, by the source's name."""
    sources: tuple[Source, ...] = ()

    def of(self, kind: type[FactSet]) -> tuple[FactSet, ...]:
        """Return every fact set of this kind, in the order of the sources' names."""
        return tuple(f for _, f in sorted(self.facts.items()) if isinstance(f, kind))
