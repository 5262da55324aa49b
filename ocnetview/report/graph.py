"""The node as a graph: pods, their links, bridges, the ways out, the peers."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from ocnetview.frozen import dataclass
from ocnetview.model import (
    Bridge,
    Interface,
    NodeModel,
    Pod,
    Port,
    PortRole,
    Whereabouts,
)
from ocnetview.records import changed
from ocnetview.units import printable

_OUT = frozenset(
    {
        PortRole.TUNNEL,
        PortRole.GATEWAY,
        PortRole.UPLINK,
        PortRole.PATCH,
        PortRole.LOCAL,
    }
)
"""Roles of the ports that lead away from pods."""

NO_NAMESPACE = "in no Kubernetes namespace"
"""What stands above containers and namespaces without a pod."""


class Column(IntEnum):
    """Where a vertex stands, from the pods outwards."""

    POD = 0
    LINK = 1
    BRIDGE = 2
    WAY = 3
    PEER = 4


@dataclass(frozen=True, slots=True)
class Vertex:
    """A pod, a port or another link, a bridge, another node."""

    id: str
    """Of letters and digits, whatever the names are."""
    column: Column
    name: str
    """Safe to print, as all texts of a graph."""
    note: str = ""
    """What is said behind its name."""
    group: str = ""
    """The Kubernetes namespace of a pod; the bridge of a port."""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """What joins two vertices, the one nearer to the pods first."""

    begin: str
    end: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """All of it, in a fixed order."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]


def graph_of(model: NodeModel) -> Graph:
    """Return the node as a graph: each pod, port and bridge is one vertex."""
    return _Drawing(model).graph()


class _Drawing:
    """Gathers vertices and edges."""

    def __init__(self, model: NodeModel) -> None:
        self._model = model
        self._found: dict[object, Vertex] = {}
        self._edges: dict[Edge, None] = {}

    def graph(self) -> Graph:
        """Return all that was gathered."""
        pods = sorted(
            self._model.pods, key=lambda pod: (pod.namespace, pod.name, pod.key)
        )
        for pod in pods:
            self._add(("pod", pod.key), _pod(pod))
        for bridge in self._model.bridges:
            self._bridge(bridge)
        for pod in pods:
            self._pod(pod)
        for bridge in self._model.bridges:
            for port in bridge.ports:
                self._beyond(port)
        return Graph(tuple(self._found.values()), tuple(self._edges))

    def _add(self, key: object, vertex: Vertex) -> str:
        """Add a vertex, unless it is there; return its id."""
        if key not in self._found:
            self._found[key] = changed(
                vertex,
                id=f"{vertex.column.name.lower()}{len(self._found)}",
                name=printable(vertex.name),
                note=printable(vertex.note),
                group=printable(vertex.group),
            )
        return self._found[key].id

    def _join(self, begin: str, end: str, label: str = "") -> None:
        """Add an edge."""
        self._edges[Edge(begin, end, printable(label))] = None

    def _bridge(self, bridge: Bridge) -> None:
        """Add a bridge with its ports."""
        vertex = Vertex("", Column.BRIDGE, bridge.name, str(bridge.kind))
        this = self._add(("bridge", bridge.name), vertex)
        for port in bridge.ports:
            vertex = _port(port)
            end = self._add(("port", port.key), vertex)
            outwards = vertex.column is Column.WAY
            self._join(*((this, end) if outwards else (end, this)))

    def _pod(self, pod: Pod) -> None:
        """Add the links of a pod, and join it to them."""
        this = self._found["pod", pod.key].id
        if pod.host_network:
            vertex = Vertex("", Column.LINK, "the node's own network")
            self._join(this, self._add("host", vertex))
            return
        joined = set()
        for interface in pod.interfaces:
            if interface.port in self._model.ports_by_key:
                joined.add(interface.port)
                end = self._found["port", interface.port].id
                self._join(this, end, interface.name)
            else:
                self._alone(this, interface)
        for port in self._model.ports_by_key.values():
            # Who a port is of may be known by its row alone.
            if port.pod == pod.key and port.key not in joined:
                self._join(this, self._found["port", port.key].id)

    def _alone(self, pod: str, interface: Interface) -> None:
        """Join a pod to what belongs to an interface that is on no bridge."""
        other = interface.counterpart
        if other is None or other.link is None:
            return
        owner = self._found.get(("pod", other.owner))
        if owner and other.where is Whereabouts.POD:
            first, last = sorted((pod, owner.id))
            self._join(first, last)
            return
        key = ("link", other.link.netns, other.link.ifindex)
        vertex = Vertex("", Column.LINK, other.link.name, str(other.relation))
        self._join(pod, self._add(key, vertex), interface.name)

    def _beyond(self, port: Port) -> None:
        """Join a tunnel to its peer, and a patch port to the other one."""
        options = port.ovs.options if port.ovs else {}
        remote = options.get("remote_ip", "flow")
        this = self._found["port", port.key].id
        if port.role is PortRole.TUNNEL and remote != "flow":
            vertex = Vertex("", Column.PEER, remote)
            self._join(this, self._add(("peer", remote), vertex))
        if port.role is PortRole.PATCH:
            for other in self._patched(port, options.get("peer", "")):
                first, last = sorted((this, other))
                self._join(first, last, "patch")

    def _patched(self, port: Port, peer: str) -> Iterator[str]:
        """Yield the other end of a patch port, where it is there."""
        for other in self._model.ports_by_key.values():
            if other.name == peer and other.type == "patch" and other.key != port.key:
                yield self._found["port", other.key].id


def _pod(pod: Pod) -> Vertex:
    """Return a pod as a vertex."""
    address = pod.addresses[0] if pod.addresses else ""
    return Vertex("", Column.POD, pod.name, address, pod.namespace)


def _port(port: Port) -> Vertex:
    """Return a port as a vertex: a way out of its bridge, or a link to a pod."""
    column = Column.WAY if port.role in _OUT and not port.pod else Column.LINK
    number = "" if port.ofport is None else f"ofport {port.ofport}"
    purpose = "" if port.pod else port.purpose
    note = ", ".join(filter(None, (number, port.type, purpose, port.error)))
    bad = port.role is PortRole.STALE or bool(port.error)
    return Vertex("", column, port.name, note, port.bridge, bad)
