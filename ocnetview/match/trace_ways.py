"""Both ways of a packet between two ends: what to ask, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address

from ocnetview.errors import ProbeAbsentError
from ocnetview.facts.cluster import OtherNode
from ocnetview.facts.openflow import TraceFacts
from ocnetview.frozen import dataclass
from ocnetview.match.openflow import Layout, layout_of
from ocnetview.match.openflow_tables import Note
from ocnetview.match.peers import node_of_pod
from ocnetview.match.trace_answer import Pass
from ocnetview.match.trace_ends import End, end_of_node
from ocnetview.match.trace_flow import (
    Question,
    Tunnelled,
    Wanted,
    Way,
    back,
    there,
    version_of,
)
from ocnetview.match.trace_verdict import Fate, Verdict
from ocnetview.model import NodeModel

Nodes = Callable[[], Sequence[OtherNode]]
"""Gives the cluster's nodes, asked for when they are wanted."""


@dataclass(frozen=True, slots=True)
class Route:
    """Two ends, and what is sent from the one to the other."""

    source: End
    target: End
    wanted: Wanted = Wanted()
    by_node: bool = False
    """Claims that the node's iptables hand it to the bridge again, as those of a
    service do on OpenShift SDN: it then enters by the node's own port."""
    one_way: str = ""
    """Why there is no answer to trace; empty where there is one."""

    @property
    def title(self) -> str:
        """Return from whom to whom, and what; untrusted text."""
        return f"{self.source.title} → {self.target.title}, {self.wanted.text}"


@dataclass(frozen=True, slots=True)
class Traced:
    """What becomes of a packet one way, or why nobody can tell."""

    route: Route
    way: Way
    question: Question | None = None
    facts: TraceFacts | None = None
    passes: tuple[Pass, ...] = ()
    verdict: Verdict | None = None
    failed: str = ""
    """Why there is no answer; untrusted text."""
    absent: bool = False
    """Claims that there is nothing to ask about, which is no fault."""
    note: Note | None = None
    """Of OpenShift SDN's bridge: by which version its tables are named."""
    unnoted: str = ""
    """Why the note could not be read; untrusted text."""

    @property
    def says(self) -> str:
        """Return what came of it, in words; untrusted text."""
        return self.verdict.text if self.verdict else self.failed

    @property
    def title(self) -> str:
        """Return from whom to whom; untrusted text."""
        ends = [self.route.source.title, self.route.target.title]
        return " → ".join(ends if self.way is Way.THERE else reversed(ends))


def ask_there(model: NodeModel, route: Route) -> Question:
    """Return the question what becomes of the packet.

    Raises:
        ProbeAbsentError: it cannot be asked.
    """
    source = _by_node(model, route, route.source) if route.by_node else route.source
    return there(model, source, route.target, route.wanted)


def ask_back(
    model: NodeModel, route: Route, went: Verdict | None, nodes: Nodes
) -> Question:
    """Return the question what becomes of the answer, by where the packet went.

    Raises:
        ProbeAbsentError: nothing here says where the answer enters the bridge.
    """
    source, target, wanted = route.source, route.target, route.wanted
    who, doing = target.title, "trace its answer"
    if route.one_way:
        raise ProbeAbsentError(who, doing, route.one_way)
    if target.port:
        # Behind a service, too, it goes straight back: OVS shares the node's conntrack.
        return back(model, source, target, wanted)
    bridge = model.bridges_by_name.get(source.port.bridge if source.port else "")
    ovn = bridge is not None and layout_of(bridge) is Layout.OVN_INT
    if went and went.fate is Fate.LEAVES:
        if ovn and went.port and bridge and went.port.bridge != bridge.name:
            reason = f"it comes to the node's own address, by {went.port.name}"
            hint = "conntrack of the node knows whose it is"
            raise ProbeAbsentError(who, doing, reason, hint)
        return back(model, source, _by_node(model, route, target), wanted)
    if went and went.port and (tunnelled := _tunnelled(route, went, nodes)):
        if ovn:
            reason = (
                "OVN has its logical ports in the tunnel's header, known there only"
            )
            raise ProbeAbsentError(who, doing, reason, "trace it on that node")
        return back(model, source, target, wanted, tunnelled)
    raise ProbeAbsentError(who, doing, "the packet itself does not get that far")


def _by_node(model: NodeModel, route: Route, end: End) -> End:
    """Return an end whose packets go by way of the node's own port of the bridge."""
    port = route.source.port or route.target.port
    node = end_of_node(model, end.title, port.bridge if port else "")
    return End(end.title, end.addresses, node.port, node.mac, node.subnets, host=True)


def _tunnelled(route: Route, went: Verdict, nodes: Nodes) -> Tunnelled | None:
    """Return how the answer of another node arrives; None where it cannot."""
    if went.port is None or not went.peer:
        return None
    address = route.target.address(version_of(route.source, route.target))
    owner = node_of_pod(nodes(), str(address)) if address else None
    known = owner.addresses if owner else ()
    peer = went.peer.address
    # A peer that is another node than the pod's is no peer that will answer.
    if known and ip_address(peer) not in map(ip_address, known):
        peer = known[0]
    return Tunnelled(went.port, peer, went.key)
