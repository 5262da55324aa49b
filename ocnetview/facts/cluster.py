"""What the Kubernetes API says when it is asked: other nodes, and services."""

from __future__ import annotations

from typing import NamedTuple

from ocnetview.frozen import dataclass


class OtherNode(NamedTuple):
    """A node of the cluster, as tunnels know it."""

    name: str
    addresses: tuple[str, ...] = ()
    """Those that tunnels end at: InternalIP, the HostSubnet's hostIP, encap IPs."""
    subnets: tuple[str, ...] = ()
    """Of its pods, as CIDRs."""
    source: str = ""
    """The object that says so, such as `HostSubnet` or `Node`."""


@dataclass(frozen=True, slots=True)
class NodesFacts:
    """The nodes of the cluster."""

    source: str
    at: float
    """When it was read, in seconds since the epoch."""
    nodes: tuple[OtherNode, ...] = ()


class ServicePort(NamedTuple):
    """A port of a service."""

    port: int
    protocol: str = "tcp"
    """In small letters."""
    name: str = ""


class Endpoint(NamedTuple):
    """An address that a service leads to."""

    address: str
    port: int
    """The container's; of the service port that it is for."""
    service_port: int
    protocol: str = "tcp"
    node: str = ""
    pod: str = ""
    """namespace/name; empty where none is said."""
    ready: bool = True


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service and where it leads to."""

    source: str
    at: float
    namespace: str
    name: str
    addresses: tuple[str, ...] = ()
    """Cluster IPs; empty for a headless one."""
    ports: tuple[ServicePort, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
