"""The other nodes that tunnels lead to: which node has an address, or a subnet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network

from ocnetview.facts.cluster import OtherNode
from ocnetview.facts.openflow import FlowEntry
from ocnetview.frozen import dataclass
from ocnetview.match.ofports import Span
from ocnetview.match.scraps import address_in
from ocnetview.model import Bridge, PortRole

_FROM = re.compile(r"(?:^|,)\s*tun_src=([0-9a-f.:]+)")
_TO = re.compile(r"set_field:([0-9a-f.:]+)->tun_dst")
_ENDS = re.compile(r"(tun_src=|set_field:)([0-9a-f.:]+)((?=,|$)|->tun_dst)")
_SUBNET = re.compile(r"(?:^|,)\s*(?:nw_dst|arp_tpa)=([0-9./]+)")
_COMING, _ARP, _IP = 10, 50, 90
"""OpenShift SDN's tables from peers, and to their subnets."""
PEER_TABLES = (_COMING, _ARP, _IP)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another node that a tunnel of this one leads to."""

    address: str
    name: str = ""
    """The node's name; empty where nobody says it."""
    subnets: tuple[str, ...] = ()
    """Of its pods, as the flows or the cluster have them."""
    port: str = ""
    """The tunnel's port; empty where one leads to all."""
    source: str = ""
    """What names it: Node, HostSubnet; empty where nothing does."""
    lacks: str = ""
    """What the flows do not have for it, in words; empty for nothing."""

    @property
    def title(self) -> str:
        """Return its name with the address, or the address alone."""
        return f"node {self.name} ({self.address})" if self.name else self.address


@dataclass(frozen=True, slots=True)
class PeersFacts:
    """The other nodes that a bridge's tunnels lead to."""

    source: str
    at: float
    """When it was read, in seconds since the epoch."""
    bridge: str
    peers: tuple[Peer, ...] = ()
    unread: str = ""
    """Why flows were not read that name more of them; untrusted text."""
    nameless: str = ""
    """Why nodes have no names; empty where the cluster told them."""


def node_at(nodes: Iterable[OtherNode], address: str) -> OtherNode | None:
    """Return the node that a tunnel's address is of."""
    wanted = address_in(address)
    for node in nodes:
        if wanted and wanted in map(address_in, node.addresses):
            return node
    return None


def node_of_pod(nodes: Iterable[OtherNode], address: str) -> OtherNode | None:
    """Return the node whose pods have such an address."""
    wanted = address_in(address)
    for node in nodes:
        for subnet in node.subnets:
            try:
                network = ip_network(subnet, strict=False)
            except ValueError:
                continue
            if wanted and wanted in network:
                return node
    return None


def named_peer(nodes: Sequence[OtherNode], address: str) -> Peer:
    """Return the peer at an address, with what the cluster says of it."""
    node = node_at(nodes, address)
    if node is None:
        return Peer(address)
    return Peer(address, node.name, node.subnets, source=node.source)


def peer_spans(text: str, peers: Iterable[Peer]) -> Iterator[Span]:
    """Yield where a match or actions have tunnels' addresses, with the nodes' names."""
    titles = {peer.address: peer.title for peer in peers}
    for found in _ENDS.finditer(text):
        if title := titles.get(found[2]):
            yield Span(*found.span(2), title)


def peers_of(
    bridge: Bridge, entries: Iterable[FlowEntry], nodes: Sequence[OtherNode]
) -> tuple[Peer, ...]:
    """Return the peers of a bridge, by its tunnels and by its flows.

    OVN has a port for each, with its address; OpenShift SDN one port for all, and
    the addresses in its tables.
    """
    found: dict[str, Peer] = {}
    for port in bridge.ports:
        options = port.ovs.options if port.ovs else {}
        remote = options.get("remote_ip", "")
        if port.role is PortRole.TUNNEL and address_in(remote):
            found[remote] = _with(named_peer(nodes, remote), port=port.name)
    coming, leading = _of_flows(entries)
    for address in dict.fromkeys((*leading, *coming)):
        peer = named_peer(nodes, address)
        subnets = leading.get(address, ()) or peer.subnets
        lacks = _lacks(address in coming, address in leading)
        found[address] = _with(peer, subnets=subnets, lacks=lacks)
    return tuple(found.values())


def _of_flows(
    entries: Iterable[FlowEntry],
) -> tuple[set[str], Mapping[str, tuple[str, ...]]]:
    """Return the peers that are let in, and the subnets behind those sent to."""
    coming: set[str] = set()
    leading: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry.table == _COMING and (found := _FROM.search(entry.match)):
            coming.add(found[1])
        elif entry.table in (_ARP, _IP) and (found := _TO.search(entry.actions)):
            subnet = _SUBNET.search(entry.match)
            known = leading.get(found[1], ())
            if subnet and subnet[1] not in known:
                known = (*known, subnet[1])
            leading[found[1]] = known
    return coming, leading


def _lacks(coming: bool, leading: bool) -> str:  # noqa: FBT001 - both of one kind
    """Return what the flows of a peer do not have, in words."""
    if coming and leading:
        return ""
    return "nothing is sent to it" if coming else "nothing is let in from it"


def _with(
    peer: Peer, port: str = "", subnets: tuple[str, ...] = (), lacks: str = ""
) -> Peer:
    """Return a peer with what the bridge says of it."""
    return Peer(
        peer.address, peer.name, subnets or peer.subnets, port, peer.source, lacks
    )
