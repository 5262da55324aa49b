"""Bridges and their ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ocnetview.facts import Counters, Link, OvsInterface
from ocnetview.frozen import dataclass

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


@dataclass(frozen=True, slots=True)
class Rate:
    """What a link moved per second between two samples, from its own view."""

    rx_bytes: float
    tx_bytes: float
    rx_packets: float
    tx_packets: float
    rx_errors: float = 0.0
    tx_errors: float = 0.0
    rx_dropped: float = 0.0
    tx_dropped: float = 0.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """What went through a link, from its own view."""

    total: Counters
    rate: Rate | None = None
    """None before the second reading."""


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
    protocols: tuple[str, ...] = ()
    """OVSDB's columns of these names; empty for a Linux bridge."""
