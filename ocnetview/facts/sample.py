"""What all sources said until one moment, and how each is doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import TypeVar

from ocnetview.facts.containers import CniFacts, ContainerFacts, NestedFacts
from ocnetview.facts.kernel import LinkFacts
from ocnetview.facts.kube import KubeFacts
from ocnetview.facts.ovs import OvsFacts
from ocnetview.facts.place import Place
from ocnetview.facts.processes import ProcessFacts
from ocnetview.frozen import dataclass


class SourceKind(StrEnum):
    """What a source tells of; several may tell the same kind of thing."""

    LINKS = "links"
    BRIDGES = "bridges"
    CONTAINERS = "containers"
    ENGINES = "engines"
    """Runtimes inside containers: they know nothing of the node's own."""
    PODS = "pods"
    RESULTS = "results"
    """CNI's notes on disk."""
    PROCESSES = "processes"
    OTHER = "other"


class SourceState(StrEnum):
    """How a source is doing."""

    WAITING = "waiting"
    UP = "up"
    STALE = "stale"
    """What it said may not be true any more; it is being read again whole."""
    DOWN = "down"
    ABSENT = "not there"


@dataclass(frozen=True, slots=True)
class Source:
    """One source's health, for the status bar and `ocnetview sources`."""

    name: str
    state: SourceState = SourceState.WAITING
    where: str = ""
    """The socket, address or file that was tried."""
    reason: str = ""
    """Why it is down, stale or not there, with what would help."""
    kind: SourceKind = SourceKind.OTHER
    how: str = ""
    """By which means it is kept fresh now: "events", "watch", "polled every 1 s"."""
    age: int | None = None
    """Coarse seconds since what it said was known to be true; None before its word."""
    resyncs: int = 0
    """How often it was read again whole, since something may have been missed."""


Facts = (
    LinkFacts
    | OvsFacts
    | ContainerFacts
    | NestedFacts
    | CniFacts
    | KubeFacts
    | ProcessFacts
)
FactSet = TypeVar(
    "FactSet",
    LinkFacts,
    OvsFacts,
    ContainerFacts,
    NestedFacts,
    CniFacts,
    KubeFacts,
    ProcessFacts,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What sources said until `at` (epoch seconds); who was not heard has no facts."""

    at: float = 0.0
    facts: Mapping[str, Facts] = field(default_factory=dict)
    """The last fact set of each source, by the source's name."""
    sources: tuple[Source, ...] = ()
    place: Place | None = None
    """Where they were read from; None in a recording that does not say."""

    def of(self, kind: type[FactSet]) -> tuple[FactSet, ...]:
        """Return every fact set of this kind, in the order of the sources' names."""
        return tuple(f for _, f in sorted(self.facts.items()) if isinstance(f, kind))

    @property
    def engines(self) -> tuple[ContainerFacts, ...]:
        """Return what every runtime says, those inside containers after the node's."""
        nested = (engine for one in self.of(NestedFacts) for engine in one.engines)
        return (*self.of(ContainerFacts), *nested)
