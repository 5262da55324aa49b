"""Sandboxes and containers of every runtime -> those of one pod together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from ocnetview.facts import (
    Container,
    ContainerFacts,
    KubePod,
    NestedFacts,
    Sample,
    Sandbox,
)
from ocnetview.match.names import PodName, pod_name, sandbox_id
from ocnetview.records import changed

_Told = TypeVar("_Told", Container, Sandbox)
_OPEN: tuple[object, ...] = (None, "", (), {})
"""What a source says where it does not know; 0 and false are answers."""
_FIELDS = {kind: tuple(f.name for f in fields(kind)) for kind in (Container, Sandbox)}


@dataclass(slots=True)
class Group:
    """What belongs to one pod, as it is found."""

    uid: str
    namespace: str
    name: str
    sandboxes: list[Sandbox] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Their names by their ids."""
    sources: set[str] = field(default_factory=set)
    by_sandbox: int = 0
    by_label: int = 0
    """How many of its containers name its sandbox, and how many only the pod."""
    misnamed: list[str] = field(default_factory=list)
    """Its containers whose labels name another pod."""
    api: KubePod | None = None
    api_by: str = ""
    """How the API's pod is known to be this one."""

    @property
    def title(self) -> tuple[str, str]:
        """Return namespace and name."""
        return (self.namespace, self.name)


@dataclass(slots=True)
class Scope:
    """What one place's runtimes tell: the node's own, or those in one container."""

    sandboxes: dict[str, Sandbox] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    names: dict[str, PodName | None] = field(default_factory=dict)
    """What each container says of its pod; labels are read once."""
    sources: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By the id of the sandbox or container: the names of who tells of it."""
    told: dict[str, Sandbox] = field(default_factory=dict)
    """The sandboxes that a runtime calls so, of which no label could make one."""

    def add(self, source: str, told: Sandbox | Container) -> None:
        """Take what a source tells; what two tell of one thing is put together."""
        self.sources[told.id].add(source)
        if isinstance(told, Sandbox):
            _put(self.sandboxes, told)
            self.told[told.id] = told
            return
        name = pod_name(told)
        if name and name.sandbox:
            box = Sandbox.held_by(told, name.name, name.uid, name.namespace)
            _put(self.sandboxes, box)
            return
        _put(self.containers, told)
        if self.names.get(told.id) is None:
            self.names[told.id] = name

    def strangers(self) -> Mapping[str, Sandbox]:
        """Return the sandbox of the pod that labels alone put something into, by id.

        Anybody who may start a container gives it what labels they like. But a
        runtime knows all sandboxes of its pods, and what is in them is its own.
        """
        by_uid = {box.uid: box for box in _in_order(self.told) if box.uid}
        found: dict[str, Sandbox] = {}
        for box in self.sandboxes.values():
            held, of = box.container, by_uid.get(box.uid)
            if of and held and box.id not in self.told and not held.sandbox_id:
                found[box.id] = of
        for one in self.containers.values():
            name = self.names[one.id]
            of = self.told.get(sandbox_id(one)) or by_uid.get(name.uid if name else "")
            if of and not one.sandbox_id and one.runtime != of.runtime:
                found[one.id] = of
        return found


def gather(sample: Sample) -> Mapping[str, Scope]:
    """Return what all runtimes tell, by the container that they run in; "" is none.

    Two sources may tell of the same container, as Docker and its CRI do: it is one.
    """
    scopes: dict[str, Scope] = {"": Scope()}
    for source, facts in _engines(sample):
        scope = scopes.setdefault(facts.within, Scope())
        for box in facts.sandboxes:
            scope.add(source, box)
        for container in facts.containers:
            scope.add(source, container)
    return scopes


def _engines(sample: Sample) -> Iterator[tuple[str, ContainerFacts]]:
    """Yield every runtime with its source's name, those of sandboxes first.

    A CRI tells more of a pod's container than the engine below it.
    """
    named: list[tuple[str, ContainerFacts]] = []
    for source, facts in sorted(sample.facts.items()):
        if isinstance(facts, ContainerFacts):
            named.append((source, facts))
        elif isinstance(facts, NestedFacts):
            named += [(source, engine) for engine in facts.engines]
    yield from sorted(named, key=lambda one: not one[1].sandboxes)


def _put(found: dict[str, _Told], told: _Told) -> None:
    """Keep what is told first, with what it leaves open filled in."""
    first = found.get(told.id)
    if first is None:
        found[told.id] = told
        return
    gaps: dict[str, Any] = {
        name: value
        for name in _FIELDS[type(told)]
        if getattr(first, name) in _OPEN and (value := getattr(told, name)) not in _OPEN
    }
    found[told.id] = changed(first, **gaps)


def group(scope: Scope) -> tuple[list[Group], list[Container]]:
    """Return the pods of a scope, and the containers that are in none.

    A container belongs to the pod of the sandbox that it names. Only where that is
    not known, its labels say the pod: they can be made up, so that uid, namespace
    and name must all be the same. What is a stranger there is in none.
    """
    strangers = scope.strangers()
    groups: dict[tuple[str, ...], Group] = {}
    of_sandbox: dict[str, Group] = {}
    for box in _in_order(scope.sandboxes):
        if box.id in strangers:
            continue
        identity = (box.uid, box.namespace, box.name)
        key = identity if any(identity) else (box.id,)
        found = groups.setdefault(key, Group(*identity))
        found.sandboxes.append(box)
        found.sources |= scope.sources[box.id]
        of_sandbox[box.id] = found
    held = (scope.sandboxes.get(key) for key in strangers)
    plain = [box.container for box in held if box and box.container]
    for container in _in_order(scope.containers):
        name = None if container.id in strangers else scope.names[container.id]
        of = of_sandbox.get(sandbox_id(container))
        if of is not None and container.id not in strangers:
            of.by_sandbox += 1
            if name and (name.namespace, name.name) != of.title:
                of.misnamed.append(container.id)
        elif name is not None:
            identity = (name.uid, name.namespace, name.name)
            of = groups.setdefault(identity, Group(*identity))
            of.by_label += 1
        else:
            plain.append(container)
            continue
        of.containers.append(container)
        of.names[container.id] = (name and name.container) or container.name
        of.sources |= scope.sources[container.id]
    return list(groups.values()), plain


def _in_order(found: Mapping[str, _Told]) -> Iterable[_Told]:
    """Return what was found by id, so that the order of telling does not matter."""
    return [found[key] for key in sorted(found)]
