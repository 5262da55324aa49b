"""What is read inside a pod on demand: its network as its own processes see it."""

from __future__ import annotations

from typing import NamedTuple

from ocnetview.facts.asked import Inside
from ocnetview.facts.inside_containers import (
    ContainersFacts,
    EnvironmentFacts,
    LimitsFacts,
)
from ocnetview.facts.kernel import Counters, Link
from ocnetview.frozen import dataclass

__all__ = [
    "ConntrackFacts",
    "ContainersFacts",
    "DnsFacts",
    "EnvironmentFacts",
    "Flow",
    "HostEntry",
    "Inside",
    "InsideFacts",
    "InsideLink",
    "InterfacesFacts",
    "LimitsFacts",
    "Neighbour",
    "NeighboursFacts",
    "NextHop",
    "Owner",
    "Route",
    "RoutesFacts",
    "Rule",
    "Side",
    "Socket",
    "SocketsFacts",
]


class InsideLink(NamedTuple):
    """An interface inside, with what it moved."""

    link: Link
    counters: Counters | None = None


@dataclass(frozen=True, slots=True)
class InterfacesFacts:
    """Every interface of a namespace, lo among them."""

    source: str
    """Such as `rtnetlink in net:[4026532008]`."""
    at: float
    """When it was read, in seconds since the epoch; so in all that follow."""
    links: tuple[InsideLink, ...] = ()


class NextHop(NamedTuple):
    """One of the ways of a route."""

    gateway: str = ""
    """Empty where what is meant is on the link."""
    device: str = ""
    """The link's name; untrusted text."""
    weight: int = 1
    flags: tuple[str, ...] = ()
    """RTNH_F_*: dead, linkdown, onlink, ..."""


class Route(NamedTuple):
    """A route, as RTM_GETROUTE says it."""

    family: int
    """4 or 6."""
    table: str
    """main, local, default, or the table's number."""
    kind: str
    """RTN_*: unicast, local, broadcast, blackhole, ..."""
    destination: str
    """With prefix length; `default` for all."""
    hops: tuple[NextHop, ...] = ()
    source: str = ""
    """RTA_PREFSRC: the address that is sent from."""
    metric: int = 0
    protocol: str = ""
    """RTPROT_*: kernel, static, ra, bgp, ..., or its number."""
    scope: str = ""
    """RT_SCOPE_*: global, link, host."""
    origin: str = ""
    """RTA_SRC: only packets from there, with prefix length."""


class Rule(NamedTuple):
    """A rule of which table is asked, as RTM_GETRULE says it."""

    family: int
    priority: int
    action: str
    """`lookup TABLE`, blackhole, unreachable, prohibit, goto N."""
    match: tuple[str, ...] = ()
    """What it is for: `from 10.0.0.0/8`, `fwmark 0x1`, `iif lo`; empty for all."""


@dataclass(frozen=True, slots=True)
class RoutesFacts:
    """All routing tables of a namespace, with the rules."""

    source: str
    at: float
    routes: tuple[Route, ...] = ()
    rules: tuple[Rule, ...] = ()


class Neighbour(NamedTuple):
    """Who answers to an address on a link (ARP, ND), as RTM_GETNEIGH says it."""

    address: str
    device: str
    mac: str = ""
    """Empty while nobody answered."""
    state: str = ""
    """NUD_*: reachable, stale, failed, permanent, ..."""
    flags: tuple[str, ...] = ()
    """NTF_*: router, proxy, extern_learn."""


@dataclass(frozen=True, slots=True)
class NeighboursFacts:
    """The neighbours that a namespace knows."""

    source: str
    at: float
    neighbours: tuple[Neighbour, ...] = ()


class HostEntry(NamedTuple):
    """A line of /etc/hosts."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DnsFacts:
    """What a container's resolver is told, from its own files; all untrusted text."""

    source: str
    at: float
    container: str = ""
    """Whose files they are."""
    nameservers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    hosts: tuple[HostEntry, ...] = ()
    troubles: tuple[str, ...] = ()
    """Which file could not be read, and why."""


class Owner(NamedTuple):
    """A process that has a socket open."""

    pid: int
    name: str
    """comm; untrusted text."""
    fd: int


class Socket(NamedTuple):
    """A socket of a namespace."""

    protocol: str
    """tcp, udp, raw."""
    family: int
    """4 or 6."""
    state: str
    """As ss names it: LISTEN, ESTAB, UNCONN, TIME-WAIT, ..."""
    local: str
    local_port: int
    """Of a raw socket its protocol."""
    peer: str
    peer_port: int
    recv_queue: int = 0
    """Bytes to be read; of a TCP listener the connections to be accepted."""
    send_queue: int = 0
    """Bytes to be sent; of a TCP listener the most that may wait, where told."""
    uid: int = 0
    inode: int = 0
    """0 for one without a process: TIME-WAIT, or not accepted yet."""
    device: str = ""
    """The link that it is bound to; untrusted text."""
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class SocketsFacts:
    """The sockets of a namespace, or of some processes in it."""

    source: str
    at: float
    sockets: tuple[Socket, ...] = ()
    troubles: tuple[str, ...] = ()
    """What could not be told of all, and why."""


class Side(NamedTuple):
    """One direction of a flow."""

    source: str
    destination: str
    source_port: int | None = None
    """None for what has no ports."""
    destination_port: int | None = None
    packets: int | None = None
    """None where the kernel does not count flows (nf_conntrack_acct)."""
    bytes: int | None = None


class Flow(NamedTuple):
    """An entry of the kernel's connection tracking."""

    protocol: str
    """tcp, udp, icmp, ..., or its number."""
    original: Side
    reply: Side
    """As the answer comes; another address than the original's is what NAT changed."""
    state: str = ""
    """Of TCP: ESTABLISHED, SYN_SENT, ..."""
    status: tuple[str, ...] = ()
    """IPS_*: ASSURED, UNREPLIED, SNAT, DNAT, OFFLOAD."""
    timeout: int = 0
    """Seconds until it is forgotten."""
    mark: int = 0
    zone: int = 0


@dataclass(frozen=True, slots=True)
class ConntrackFacts:
    """The flows of a pod's addresses that the node keeps track of."""

    source: str
    at: float
    flows: tuple[Flow, ...] = ()
    total: int | None = None
    """How many flows the node tracks; None where that is not told."""
    most: int | None = None
    """How many it may track."""


InsideFacts = (
    InterfacesFacts
    | RoutesFacts
    | NeighboursFacts
    | DnsFacts
    | SocketsFacts
    | ConntrackFacts
    | ContainersFacts
    | LimitsFacts
    | EnvironmentFacts
)
