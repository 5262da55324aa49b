"""Traces a packet both ways, one question after the other, as each answer tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.cluster import OtherNode
from ocnetview.facts.openflow import TraceFacts
from ocnetview.frozen import dataclass
from ocnetview.match.peers import node_of_pod
from ocnetview.match.trace_answer import Pass, read_answer
from ocnetview.match.trace_ends import End, end_of_node, is_ovn
from ocnetview.match.trace_flow import (
    Question,
    Tunnelled,
    Wanted,
    Way,
    back,
    there,
    version_of,
)
from ocnetview.match.trace_verdict import Fate, Verdict, judge
from ocnetview.model import NodeModel
from ocnetview.probes.base import Cluster, Switch


@dataclass(frozen=True, slots=True)
class Traced:
    """What became of a packet one way, or why nobody can tell."""

    way: Way
    title: str
    """From whom to whom; untrusted text."""
    question: Question | None = None
    facts: TraceFacts | None = None
    passes: tuple[Pass, ...] = ()
    verdict: Verdict | None = None
    failed: str = ""
    """Why there is no answer; untrusted text."""

    @property
    def says(self) -> str:
        """Return what came of it, in words."""
        return self.verdict.text if self.verdict else self.failed


@dataclass(frozen=True, slots=True)
class Route:
    """Two ends, and what is sent from the one to the other."""

    source: End
    target: End
    wanted: Wanted
    via_node: bool = False
    """Claims that the node's iptables hand it to the bridge again, as those of a
    service do on OpenShift SDN: it then enters by the node's own port."""


def known_nodes(cluster: Cluster, stop: Stop) -> tuple[tuple[OtherNode, ...], str]:
    """Return the cluster's nodes; without them why they are not known."""
    try:
        return cluster.nodes(stop).nodes, ""
    except ProbeError as error:
        return (), str(error)


def trace(
    switch: Switch,
    model: NodeModel,
    route: Route,
    nodes: Callable[[], Sequence[OtherNode]],
    stop: Stop,
) -> Iterator[Traced]:
    """Yield what becomes of the packet, then of its answer.

    The nodes are asked for only where the packet goes to one, for its name.
    """
    forth = _asked(switch, model, nodes, stop, Way.THERE, lambda: _there(model, route))
    yield forth
    yield _asked(
        switch, model, nodes, stop, Way.BACK, lambda: _back(model, route, forth, nodes)
    )


def _there(model: NodeModel, route: Route) -> Question:
    """Return the question about the packet."""
    if not route.via_node:
        return there(model, route.source, route.target, route.wanted)
    return there(model, _through_node(model, route.source), route.target, route.wanted)


def _through_node(model: NodeModel, end: End) -> End:
    """Return an end whose packets the node itself hands to the bridge."""
    bridge = end.port.bridge if end.port else ""
    node = end_of_node(model, bridge=bridge)
    return End(end.title, end.addresses, node.port, node.mac, node.subnets, host=True)


def _back(
    model: NodeModel,
    route: Route,
    forth: Traced,
    nodes: Callable[[], Sequence[OtherNode]],
) -> Question:
    """Return the question about the answer, by where the packet went.

    Raises:
        ProbeError: nothing here says how it comes back.
    """
    source, target, wanted = route.source, route.target, route.wanted
    if target.port:
        return back(model, source, target, wanted)
    verdict, who = forth.verdict, f"the answer of {target.title}"
    bridge = model.bridges_by_name.get(source.port.bridge if source.port else "")
    if bridge and is_ovn(bridge):
        reason = "OVN says in the tunnel's options which logical port it comes from"
        hint = "trace it on the target's own node"
        raise ProbeError(who, "trace it from here", reason, hint)
    if verdict and verdict.port and verdict.fate is not Fate.LEAVES:
        peer = verdict.peer.address if verdict.peer else ""
        address = target.address(version_of(source, target))
        owner = None if peer else node_of_pod(nodes(), str(address))
        peer = peer or next(iter(owner.addresses if owner else ()), "")
        if verdict.peer or peer:
            tunnelled = Tunnelled(verdict.port, peer, verdict.key)
            return back(model, source, target, wanted, tunnelled)
    if verdict and verdict.fate is Fate.LEAVES:
        return back(model, source, _through_node_from(model, route), wanted)
    reason = "the packet itself does not get there"
    raise ProbeError(who, "trace it", reason, "the way there says where it ends")


def _through_node_from(model: NodeModel, route: Route) -> End:
    """Return a target elsewhere, whose answer the node hands to the bridge."""
    bridge = route.source.port.bridge if route.source.port else ""
    node = end_of_node(model, bridge=bridge)
    target = route.target
    return End(target.title, target.addresses, node.port, node.mac, host=True)


def _asked(
    switch: Switch,
    model: NodeModel,
    nodes: Callable[[], Sequence[OtherNode]],
    stop: Stop,
    way: Way,
    make: Callable[[], Question],
) -> Traced:
    """Return what the switch says to a question, or why it cannot be asked."""
    try:
        question = make()
        bridge = model.bridges_by_name[question.bridge]
        facts = switch.trace(bridge, question.flow, stop, question.states)
    except ProbeError as error:
        return Traced(way, error.subject, failed=str(error))
    passes = read_answer(facts.text)
    verdict = judge(model, passes)
    if verdict.peer:
        verdict = judge(model, passes, nodes())
    return Traced(way, question.title, question, facts, passes, verdict)
