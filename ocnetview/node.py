"""The node as the front ends ask for it: live, or from a recording."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ocnetview.collectors import make_collectors
from ocnetview.collectors.base import Attention, Focus
from ocnetview.collectors.place import find_place, settled
from ocnetview.config import Settings
from ocnetview.engine import Engine, modelled
from ocnetview.facts import (
    Place,
    ProcessFacts,
    Sample,
    Source,
    SourceKind,
    SourceState,
)
from ocnetview.match.scraps import pid_in
from ocnetview.model import NodeModel
from ocnetview.reading import read_once
from ocnetview.replay import Replay

PROCESSES = frozenset({SourceKind.PROCESSES})
CONTAINERS = frozenset({SourceKind.CONTAINERS, SourceKind.PODS})
RUNTIMES = CONTAINERS | {SourceKind.ENGINES}
NETWORK = RUNTIMES | {SourceKind.LINKS, SourceKind.BRIDGES, SourceKind.RESULTS}


class Node(Protocol):
    """What a headless command reads, and what feeds the screen."""

    def read(self, kinds: frozenset[SourceKind], focus: Focus | None = None) -> Sample:
        """Return what these sources say now."""
        ...

    def feed(self) -> Engine | Replay:
        """Return what publishes a model after each change."""
        ...


@dataclass(frozen=True, slots=True)
class LiveNode:
    """The node that we run on."""

    settings: Settings
    """With every path as it is found from `place`."""
    place: Place

    def read(self, kinds: frozenset[SourceKind], focus: Focus | None = None) -> Sample:
        """Return what these sources say now."""
        attention = Attention(focus)
        collectors = make_collectors(self.settings, attention, kinds)
        try:
            sample = read_once(collectors, self.settings.timeout)
        finally:
            attention.close()
        return replace(sample, place=self.place)

    def feed(self) -> Engine:
        """Return an engine over all sources."""
        attention = Attention()
        collectors = make_collectors(self.settings, attention)
        refresh = self.settings.refresh
        return Engine(collectors, attention, refresh=refresh, place=self.place)


def live_node(settings: Settings) -> LiveNode:
    """Return the node around the place that we run in.

    Raises:
        ConfigError: the root that the settings name is not there.
    """
    place = find_place(settings)
    return LiveNode(settled(settings, place), place)


@dataclass(frozen=True, slots=True)
class RecordedNode:
    """A node as it was."""

    samples: Sequence[Sample]
    where: str = ""
    """The file that they come from."""

    @property
    def sign(self) -> Source:
        """Return what says, among the sources, that none of this is live."""
        taken = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.samples[-1].at))
        reason = f"nothing here is live: recorded until {taken} UTC"
        return Source("recording", SourceState.UP, self.where, reason)

    def read(self, kinds: frozenset[SourceKind], focus: Focus | None = None) -> Sample:
        """Return what these sources said last, of the processes those in focus."""
        last = self.samples[-1]
        sources = tuple(s for s in last.sources if s.kind in kinds)
        names = {source.name for source in sources}
        facts = {
            name: _focused(said, focus) if isinstance(said, ProcessFacts) else said
            for name, said in last.facts.items()
            if name in names
        }
        return replace(last, facts=facts, sources=(self.sign, *sources))

    def _signed(self) -> tuple[Sample, ...]:
        """Return the samples, each with the sign."""
        sign = self.sign
        return tuple(replace(s, sources=(sign, *s.sources)) for s in self.samples)

    def feed(self) -> Replay:
        """Return a replay of the recording."""
        return Replay(self._signed())


def _focused(facts: ProcessFacts, focus: Focus | None) -> ProcessFacts:
    """Return of all recorded processes those that a live reading would have given."""
    focus = focus or Focus()
    ids = {container for container, _ in focus.containers}
    kept = (p for p in facts.processes if p.container_id in ids or p.pid in focus.pids)
    return replace(facts, processes=tuple(kept))


def _merged(first: Sample, second: Sample) -> Sample:
    """Return both samples' facts and sources as one sample."""
    sources = {source.name: source for source in (*first.sources, *second.sources)}
    facts = {**first.facts, **second.facts}
    return Sample(second.at, facts, tuple(sources.values()), second.place)


def read_network(node: Node) -> NodeModel:
    """Return bridges, ports and pods, without processes."""
    return modelled(node.read(NETWORK))


def read_tree(node: Node, runtimes: Sample, focus: Focus) -> NodeModel:
    """Return what the runtimes said, with the processes in focus."""
    return modelled(_merged(runtimes, node.read(PROCESSES, focus)))


def read_for(node: Node, scrap: str) -> NodeModel:
    """Return the node with what is needed to say who a scrap is.

    A number may be a pid or a thread's, and so a path in /proc: its process is read,
    too, and where its cgroup names no container, those of all containers, one of
    which may be its by pid namespace.
    """
    sample = node.read(NETWORK)
    pid = pid_in(scrap)
    if pid is None:
        return modelled(sample)
    for focus in _pid_focuses(modelled(sample), pid):
        found = node.read(PROCESSES, focus)
        rows = [p for f in found.of(ProcessFacts) for p in f.processes]
        if any(pid in (p.pid, *p.tids) and p.container_id for p in rows):
            break
    return modelled(_merged(sample, found))


def _pid_focuses(model: NodeModel, pid: int) -> Iterator[Focus]:
    """Yield the process alone, then it with those of every container."""
    yield Focus.on([], [pid])
    yield Focus.on((c for pod in model.pods for c in pod.members), [pid])


def samples_of(node: Node, count: int, seconds: float) -> Iterator[Sample]:
    """Yield so many samples of everything on the node, this many seconds apart."""
    for index in range(count):
        if index:
            time.sleep(seconds)
        network = node.read(NETWORK)
        pods = modelled(network).pods
        focus = Focus.on(c for pod in pods for c in pod.members)
        yield _merged(network, node.read(PROCESSES, focus))
