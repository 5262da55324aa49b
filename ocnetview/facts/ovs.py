"""What OVSDB says: bridges, ports and interfaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ocnetview.frozen import dataclass


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
    protocols: tuple[str, ...] = ()
    """Column `protocols`: OpenFlow10, OpenFlow13, ...; empty for the usual ones."""


@dataclass(frozen=True, slots=True)
class OvsFacts:
    """What Open vSwitch is configured to have, whole."""

    bridges: tuple[OvsBridge, ...] = ()
    version: str = ""
    """Open_vSwitch column `ovs_version`."""
