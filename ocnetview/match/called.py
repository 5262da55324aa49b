"""Addresses -> who has them: pods, the node, its bridges, other nodes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from ocnetview.facts import Link
from ocnetview.facts.cluster import NodesFacts
from ocnetview.match.counterparts import joins
from ocnetview.match.packets.tunnels import vxlan_ports
from ocnetview.match.packets.written import end
from ocnetview.model import NodeModel, Pod, PodKind, PortRole

NODE = "node"
"""What the node itself is called."""
_BROADCAST = {"255.255.255.255": "everyone", "ff:ff:ff:ff:ff:ff": "everyone"}
_LOCAL = ("127.", "::1", "fe80:")
"""Beginnings of addresses that every namespace has for itself."""
_MOST = 3
"""Names that are told of an address that many have."""
_GATEWAYS = (PortRole.GATEWAY, PortRole.LOCAL)
_NOBODY = ("00:00:00:00:00:00", "ee:ee:ee:ee:ee:ee", "")
"""MACs that tell nothing: Calico gives the last but one to each end on the node."""
_KEPT = 1 << 14
"""Ends whose text is kept."""
_Owners = dict[str, dict[object, Pod]]
"""Who has an address, by it and by their namespaces."""


class Names:
    """Who has which address, on this node and as far as the cluster was asked."""

    def __init__(self, model: NodeModel, nodes: NodesFacts | None = None) -> None:
        """Look all of them up once."""
        self._proved: _Owners = {}
        self._said: _Owners = {}
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._macs: dict[str, tuple[str, ...]] = {}
        self._others: dict[str, str] = dict(_BROADCAST)
        self._sides: dict[tuple[str, int | None], str] = {}
        self._subnets = tuple(_subnets(nodes)) if nodes else ()
        order = sorted(model.pods, key=lambda p: (p.kind is PodKind.NETNS, joins(p)))
        for pod in order:
            if not pod.host_network:
                self._learn(pod)
        self.vxlan = vxlan_ports(model)
        """The UDP ports that carry VXLAN on this node."""
        self._gateways = _gateways(model)
        own = dict(_node_names(model, self._gateways))
        self._own = frozenset(filter(_plain, own))
        self._others |= own
        for other in nodes.nodes if nodes else ():
            for address in other.addresses:
                self._others.setdefault(_plain(address), other.name)

    def _learn(self, pod: Pod) -> None:
        """Keep the addresses of a pod; those who share a namespace are one."""
        where = pod.netns or pod.key
        links = [interface.link for interface in pod.interfaces if interface.link]
        proved = [_plain(a) for link in links for a in link.addresses]
        said = list(map(_plain, pod.addresses))
        every = dict.fromkeys((*proved, *said))
        self._addresses[pod.key] = tuple(filter(None, every))
        macs = [link.mac for link in links if link.mac not in _NOBODY]
        self._macs[pod.key] = tuple(macs)
        for known, texts in ((self._proved, proved + macs), (self._said, said)):
            for text in texts:
                if text and not text.startswith(_LOCAL):
                    known.setdefault(text, {}).setdefault(where, pod)

    def of(self, address: str) -> str:
        """Return who has an IP address or a MAC; empty where nobody is known.

        Where several have it, all of them: `shop/a or shop/b`. Untrusted text.
        """
        pods = self.pods(address)
        if not pods:
            return self._others.get(address, "")
        names = list(dict.fromkeys(pod.title for pod in pods))
        more = [f"{len(names) - _MOST} more"] if len(names) > _MOST else []
        return " or ".join([*names[:_MOST], *more])

    def pods(self, address: str) -> tuple[Pod, ...]:
        """Return the pods of this node with an IP address or a MAC.

        What the kernel shows is believed before what sources say: they still list
        pods that ended, whose address another one has by now.
        """
        found = self._proved.get(address) or self._said.get(address, {})
        return tuple(found.values())

    def node(self, address: str) -> str:
        """Return the other node whose pods have such addresses; empty for none."""
        try:
            wanted = ip_address(address)
        except ValueError:
            return ""
        return next((name for net, name in self._subnets if wanted in net), "")

    def side(self, address: str, port: int | None = None) -> str:
        """Return one end of a packet: `shop/web:8080`, else the address itself.

        Of an address that several have it stands behind the names; of another
        node's pod the node does: `10.129.0.7:80 on node-2`.
        """
        known = self._sides.get((address, port))
        if known is None:
            if len(self._sides) >= _KEPT:
                self._sides.clear()
            known = self._sides[address, port] = self._side(address, port)
        return known

    def _side(self, address: str, port: int | None) -> str:
        """Return one end of a packet, looked up anew."""
        name = self.of(address)
        if len(self.pods(address)) > 1:
            return f"{end(address, port)} ({name})"
        if name:
            return name if port is None else f"{name}:{port}"
        there = self.node(address) if self._subnets and address else ""
        return f"{end(address, port)} on {there}" if there else end(address, port)

    def addresses(self, key: str) -> tuple[str, ...]:
        """Return the IP addresses of the pod with this key."""
        return self._addresses.get(key, ())

    def macs(self, key: str) -> tuple[str, ...]:
        """Return the MACs of the pod with this key."""
        return self._macs.get(key, ())

    def not_by(self, ifname: str) -> frozenset[str]:
        """Return the IP addresses that packets do not pass a link of the node for.

        A tunnel and an uplink lead off the node, a gateway to the node itself.
        """
        pods = (a for addresses in self._addresses.values() for a in addresses)
        own = frozenset() if ifname in self._gateways else self._own
        return own.union(pods)


def _plain(address: str) -> str:
    """Return an address as packets have it; empty for a text that is none."""
    try:
        return str(ip_address(address.partition("/")[0]))
    except ValueError:
        return ""


def _subnets(
    nodes: NodesFacts,
) -> Iterator[tuple[IPv4Network | IPv6Network, str]]:
    """Yield the networks of the pods of other nodes."""
    for node in nodes.nodes:
        for subnet in node.subnets:
            try:
                yield ip_network(subnet, strict=False), node.name
            except ValueError:
                # An object's field is anybody's text: such a one names no address.
                continue


def _gateways(model: NodeModel) -> frozenset[str]:
    """Return the names of the links by which bridges reach the node itself."""
    ports = model.ports_by_key.values()
    named = {port.name for port in ports if port.role in _GATEWAYS}
    return frozenset(named.union(bridge.name for bridge in model.bridges))


def _node_names(
    model: NodeModel, gateways: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Yield the addresses and MACs of the node's own links."""
    for link in model.links:
        name = link.name if link.name in gateways else NODE
        yield from ((_plain(a), name) for a in _outer(link))
        if _outer(link) and link.mac not in _NOBODY:
            yield link.mac, name


def _outer(link: Link) -> tuple[str, ...]:
    """Return the addresses of a link that others may know."""
    return tuple(a for a in link.addresses if not a.startswith(_LOCAL))
