"""Traces a packet both ways, one question after the other, as each answer tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts.cluster import OtherNode
from ocnetview.match.openflow import NOTE_TABLE, Layout, layout_of
from ocnetview.match.openflow_tables import Note, note_of
from ocnetview.match.trace_answer import read_answer
from ocnetview.match.trace_flow import Question, Way
from ocnetview.match.trace_verdict import judge
from ocnetview.match.trace_ways import Route, Traced, ask_back, ask_there
from ocnetview.model import Bridge, NodeModel
from ocnetview.probes.base import Cluster, Switch


class Tracer:
    """Asks the switch about packets, and the cluster whose address a peer's is."""

    def __init__(
        self, switch: Switch, cluster: Cluster, model: NodeModel, stop: Stop
    ) -> None:
        """Take whom to ask, the node as it is, and what ends the asking."""
        self._switch = switch
        self._cluster = cluster
        self._model = model
        self._stop = stop
        self._known: tuple[OtherNode, ...] | None = None
        self._notes: dict[str, tuple[Note | None, str]] = {}
        self.nameless = ""
        """Why other nodes have no names; empty where they have, or none was met."""

    def trace(self, route: Route) -> Iterator[Traced]:
        """Yield what becomes of the packet, then of its answer."""
        forth = self._ask(route, Way.THERE, lambda: ask_there(self._model, route))
        yield forth
        went = forth.verdict
        yield self._ask(
            route,
            Way.BACK,
            lambda: ask_back(self._model, route, went, self._nodes),
        )

    def _ask(self, route: Route, way: Way, make: Callable[[], Question]) -> Traced:
        """Return what the switch says to a question, or why it cannot be asked."""
        try:
            question = make()
            bridge = self._model.bridges_by_name[question.bridge]
            facts = self._switch.trace(
                bridge, question.flow, self._stop, question.states
            )
        except ProbeError as error:
            absent = isinstance(error, ProbeAbsentError)
            return Traced(route, way, failed=str(error), absent=absent)
        passes = read_answer(facts.text)
        target = route.target if way is Way.THERE else route.source
        verdict = judge(self._model, passes, target=target)
        if verdict.peer:
            verdict = judge(self._model, passes, self._nodes(), target)
        note, why = self._note(bridge)
        told = (question, facts, passes, verdict)
        return Traced(route, way, *told, note=note, unnoted=why)

    def _note(self, bridge: Bridge) -> tuple[Note | None, str]:
        """Return the note of a bridge's tables, asked for once, or why there is none.

        A trace is one without it, too: its tables are named as all versions have them.
        """
        if layout_of(bridge) is not Layout.SDN:
            return None, ""
        if bridge.name not in self._notes:
            asked = (f"table={NOTE_TABLE}",)
            try:
                facts = self._switch.flows(bridge, asked, self._stop)
                self._notes[bridge.name] = note_of(facts.entries), ""
            except ProbeError as error:
                self._notes[bridge.name] = None, str(error)
        return self._notes[bridge.name]

    def _nodes(self) -> tuple[OtherNode, ...]:
        """Return the cluster's nodes; none where the API does not tell."""
        if self._known is None:
            try:
                self._known = self._cluster.nodes(self._stop).nodes
            except ProbeError as error:
                self._known, self.nameless = (), str(error)
        return self._known
