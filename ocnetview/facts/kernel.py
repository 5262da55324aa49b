"""What rtnetlink says of links and network namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from ocnetview.frozen import dataclass


class Netns(NamedTuple):
    """A network namespace, by the identity of its nsfs file.

    Ids that netlink prints (`nsid`) are local to the namespace that asks, and
    names in /run/netns are only pins; device and inode are the kernel's own key.
    A tuple, for it is hashed at every turn of a join.
    """

    dev: int
    """st_dev of the nsfs file; 0 for a namespace that we may not look at."""
    ino: int
    """st_ino, the number in `net:[4026531840]`; without `dev` only our nsid for it."""

    def __str__(self) -> str:
        return (
            f"net:[{self.ino}]" if self.dev else f"the namespace with nsid {self.ino}"
        )


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


class Link(NamedTuple):
    """A network interface in one namespace, as RTM_GETLINK and RTM_GETADDR say it.

    A tuple, for there are thousands, made and compared at each reading.
    """

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
    master: int | None = None
    """IFLA_MASTER: the ifindex of the bridge, bond or VRF this link is a port of."""
    mtu: int = 0
    up: bool = False
    """IFF_UP: the administrative state."""
    operstate: OperState = OperState.UNKNOWN
    mac: str = ""
    """IFLA_ADDRESS, lower case with colons; empty where the link has none."""
    vlan: int | None = None
    """IFLA_VLAN_ID of a link of kind vlan."""
    altnames: tuple[str, ...] = ()
    """IFLA_ALT_IFNAME of IFLA_PROP_LIST; untrusted text."""
    parent_dev: str = ""
    """IFLA_PARENT_DEV_NAME: the device on its bus, a PCI address for a NIC or VF."""
    phys_port: str = ""
    """IFLA_PHYS_PORT_NAME: pf0vf3 of a VF's representor; untrusted text."""
    phys_switch: str = ""
    """IFLA_PHYS_SWITCH_ID in hexadecimal: links of one switching NIC share it."""
    peer_netns: Netns | None = None
    """The namespace `peer_index` counts in; None when it has no known identity."""
    pvid: int | None = None
    """The VLAN of untagged frames at a port of a bridge that filters VLANs."""
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
    holders: tuple[str, ...] = ()
    """What else keeps it, where that was searched: a thread, a descriptor, a mount."""
    links: tuple[Link, ...] | None = None
    """The links inside; None when they cannot be read, as `reason` says."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkCounters:
    """The counters of a link that is watched, in whatever namespace it is."""

    netns: Netns
    ifindex: int
    counters: Counters


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
    troubles: tuple[str, ...] = ()
    """Which folders of pins may not be looked into, and what that takes."""
    watched: tuple[LinkCounters, ...] = ()
    """Of the links that are watched, those of other namespaces among them."""
