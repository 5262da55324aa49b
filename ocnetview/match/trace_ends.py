"""The two ends of a packet that is traced: on which port, with which addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface
from json import loads

from ocnetview.errors import ProbeAbsentError
from ocnetview.frozen import dataclass
from ocnetview.match.openflow import Layout, layout_of
from ocnetview.match.scraps import address_in
from ocnetview.model import (
    Bridge,
    BridgeKind,
    Interface,
    NodeModel,
    Pod,
    Port,
    PortRole,
)
from ocnetview.untyped import list_of, object_of, text_of

DOING = "trace a packet"
_NETWORKS = "k8s.ovn.org/pod-networks"
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class End:
    """Where a packet comes from, or goes to."""

    title: str
    """What it is called: a pod's title, an address; untrusted text."""
    addresses: tuple[str, ...] = ()
    """Without prefix length."""
    port: Port | None = None
    """The port of Open vSwitch that it is behind, on this node; None elsewhere."""
    mac: str = ""
    subnets: tuple[str, ...] = ()
    """Its addresses with their prefix length, as its interface has them."""
    gateways: tuple[str, ...] = ()
    """Its gateways' addresses, where somebody says them."""
    pod: str = ""
    """The key of the pod."""
    host: bool = False
    """Claims that it is the node itself, behind its own port of the bridge."""

    def address(self, version: int) -> Address | None:
        """Return its first address of this IP version."""
        found = (address_in(one) for one in self.addresses)
        return next((a for a in found if a and a.version == version), None)


def end_of_pod(model: NodeModel, pod: Pod, towards: str = "") -> End:
    """Return a pod as an end, on the port that leads to an address where it has more.

    Raises:
        ProbeAbsentError: it is behind no port of Open vSwitch, with the reason.
    """
    if pod.host_network:
        return end_of_node(model, pod.title)
    found = [
        (one, port)
        for one in pod.interfaces
        if (port := _ovs_port(model, one)) and (port.ofport or -1) > 0
    ]
    if not found:
        raise ProbeAbsentError(f"{pod.kind} {pod.title}", DOING, _why(model, pod))
    main = pod.main
    found.sort(key=lambda pair: (not _leads(pair[0], towards), pair[0] is not main))
    interface, port = found[0]
    subnets = interface.link.addresses if interface.link else ()
    subnets = tuple(s for s in subnets if not s.startswith("fe80"))
    return End(
        title=pod.title,
        addresses=tuple(s.partition("/")[0] for s in subnets) or pod.addresses,
        port=port,
        mac=interface.link.mac if interface.link else "",
        subnets=subnets,
        gateways=tuple(_gateways(pod)),
        pod=pod.key,
    )


def end_of_node(model: NodeModel, title: str = "the node", bridge: str = "") -> End:
    """Return the node itself as an end, behind its own port of a bridge.

    Raises:
        ProbeAbsentError: no bridge of Open vSwitch has a port of the node's.
    """
    ports = [
        port
        for one in overlay_bridges(model, bridge)
        for port in one.ports
        if port.role is PortRole.GATEWAY and port.link and (port.ofport or -1) > 0
    ]
    if not ports or ports[0].link is None:
        reason = "no bridge of Open vSwitch has a port with the node's own address"
        raise ProbeAbsentError(title, DOING, reason)
    link = ports[0].link
    subnets = tuple(s for s in link.addresses if not s.startswith("fe80"))
    addresses = tuple(s.partition("/")[0] for s in subnets)
    return End(title, addresses, ports[0], link.mac, subnets, host=True)


def end_of_address(model: NodeModel, address: str, title: str = "") -> End:
    """Return who has an address: a pod here, the node, or somebody elsewhere.

    Raises:
        ProbeAbsentError: it is a pod's that is behind no port of Open vSwitch.
    """
    wanted = ip_address(address)
    for pod in model.pods:
        if not pod.host_network and wanted in _addresses(pod.addresses):
            return end_of_pod(model, pod, address)
    for bridge in overlay_bridges(model):
        for port in bridge.ports:
            own = port.role is PortRole.GATEWAY and port.link
            if own and wanted in _addresses(own.addresses):
                return end_of_node(model, f"the node ({port.name})", bridge.name)
    return End(title or str(wanted), (str(wanted),))


def overlay_bridges(model: NodeModel, bridge: str = "") -> list[Bridge]:
    """Return the bridges of Open vSwitch, those that carry pods first."""
    found = [
        one
        for one in model.bridges
        if one.kind is BridgeKind.OVS and bridge in ("", one.name)
    ]
    carries = {PortRole.POD, PortRole.CONTAINER}
    return sorted(found, key=lambda one: -sum(p.role in carries for p in one.ports))


def gateway_of(bridge: Bridge, source: End, version: int) -> tuple[str, str]:
    """Return the gateway's MAC that an end sends to, and how that is known.

    On OpenShift SDN it is the node's own port; OVN's routers make theirs from their
    address. Empty where nobody says it.
    """
    if layout_of(bridge) is Layout.OVN_INT:
        said = (ip_address(one) for one in source.gateways)
        mine = (one for one in said if in_subnet(source, one))
        address = next((one for one in mine if one.version == version), None)
        how = "of the gateway that the pod's annotation names"
        if address is None:
            address = _first(source, version)
            how = "of OVN's router, from the first address of the subnet"
        return (derived_mac(address), how) if address else ("", "")
    for port in bridge.ports:
        if port.role is PortRole.GATEWAY and port.link and port.link.mac:
            return port.link.mac, f"of the node's own port {port.name}"
    return "", ""


def derived_mac(address: Address) -> str:
    """Return the MAC that OpenShift SDN and OVN-Kubernetes give to an IPv4 address."""
    return f"0a:58:{address.packed.hex(':')}" if address.version == 4 else ""  # noqa: PLR2004 - IPv4


def in_subnet(end: End, address: Address) -> bool:
    """Claim that an address is in a network of the end's own interface."""
    networks = (ip_interface(one).network for one in end.subnets)
    return any(address in network for network in networks)


def _first(source: End, version: int) -> Address | None:
    """Return the first address of the source's subnet, OVN's router's own."""
    networks = (ip_interface(one).network for one in source.subnets)
    same = (n for n in networks if n.version == version and n.num_addresses > 1)
    return next((network.network_address + 1 for network in same), None)


def _addresses(texts: Iterable[str]) -> set[Address]:
    """Return addresses, whatever their prefix length."""
    found = (address_in(text.partition("/")[0]) for text in texts)
    return {address for address in found if address}


def _ovs_port(model: NodeModel, interface: Interface) -> Port | None:
    """Return the port of Open vSwitch that an interface is behind."""
    port = model.ports_by_key.get(interface.port)
    return port if port and port.datapath is BridgeKind.OVS else None


def _leads(interface: Interface, towards: str) -> bool:
    """Claim that an address is in the interface's own network."""
    if not towards or interface.link is None:
        return False
    wanted = ip_address(towards)
    return any(wanted in ip_interface(a).network for a in interface.link.addresses)


def _why(model: NodeModel, pod: Pod) -> str:
    """Return why no packet of a pod can be traced."""
    for one in pod.interfaces:
        port = model.ports_by_key.get(one.port)
        if port and port.datapath is BridgeKind.LINUX:
            return (
                f"its {one.name or 'interface'} is on the Linux bridge {port.bridge}:"
                " only Open vSwitch can be asked what it would do"
            )
        if port:
            return f"its port {port.name} of {port.bridge} has no OpenFlow number"
    return pod.reason or "its interface is on no bridge of Open vSwitch"


def _gateways(pod: Pod) -> Iterator[str]:
    """Yield the gateways that OVN's annotation of a pod names, of all its networks.

    `gateway_ips` is a list; older versions have only `gateway_ip`.
    """
    text = pod.api.annotations.get(_NETWORKS, "") if pod.api else ""
    try:
        networks = object_of(loads(text)) if text else {}
    except (ValueError, RecursionError):
        return
    for network in map(object_of, networks.values()):
        every = [*list_of(network.get("gateway_ips")), network.get("gateway_ip")]
        yield from (one for one in map(text_of, every) if address_in(one))
