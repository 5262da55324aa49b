"""The node, joined: bridges and ports, pods and interfaces, processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ocnetview.facts import (
    CniResult,
    Counters,
    Link,
    NamespaceLinks,
    Netns,
    Place,
    Source,
)
from ocnetview.model.bridges import Bridge, Port, Traffic
from ocnetview.model.pods import Pod, TreeProcess


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong on the node, found by a check."""

    check: str
    """The check's id."""
    subject: str
    """The key of the port or pod, or the path of the file, that it is about."""
    text: str


@dataclass(frozen=True)
class NodeModel:
    """Everything the screen and the reports show, as of one moment."""

    bridges: tuple[Bridge, ...] = ()
    pods: tuple[Pod, ...] = ()
    processes: tuple[TreeProcess, ...] = ()
    departed: tuple[TreeProcess, ...] = ()
    """Processes of the last seconds that came and went between two readings."""
    links: tuple[Link, ...] = ()
    """Every link of the host namespace."""
    counters: Mapping[int, Counters] = field(default_factory=dict, compare=False)
    """By ifindex of the host's links; what of them is shown stands in the rows."""
    traffic: Mapping[tuple[Netns, int], Traffic] = field(default_factory=dict)
    """Of the links that are watched, by namespace and ifindex."""
    host: Netns | None = None
    ovs_version: str = ""
    """Open_vSwitch column `ovs_version`; empty where there is none."""
    leftovers: tuple[str, ...] = ()
    """Files among the pins of namespaces that pin none."""
    namespaces: tuple[NamespaceLinks, ...] = ()
    """The other namespaces of the node, with their pins and links."""
    results: tuple[CniResult, ...] = ()
    """What CNI plugins noted on disk when they wired a sandbox."""
    place: Place | None = None
    """Where all this was read from."""
    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()
    at: float = field(default=0.0, compare=False)
    """Seconds since the epoch; two models of a quiet node compare equal."""

    @cached_property
    def ports_by_key(self) -> Mapping[str, Port]:
        """Return every port of every bridge by its key."""
        return {port.key: port for bridge in self.bridges for port in bridge.ports}

    @cached_property
    def pods_by_key(self) -> Mapping[str, Pod]:
        """Return every pod by its key."""
        return {pod.key: pod for pod in self.pods}

    @cached_property
    def bridges_by_name(self) -> Mapping[str, Bridge]:
        """Return every bridge by its name."""
        return {bridge.name: bridge for bridge in self.bridges}

    @cached_property
    def troubles(self) -> Mapping[str, tuple[str, ...]]:
        """Return the texts of the problems by what they are about."""
        found: dict[str, tuple[str, ...]] = {}
        for problem in self.problems:
            found[problem.subject] = (*found.get(problem.subject, ()), problem.text)
        return found
