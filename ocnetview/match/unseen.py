"""The namespace of a container whose own /proc files may not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from ocnetview.facts import (
    Container,
    ContainerFacts,
    Facts,
    LinkFacts,
    NestedFacts,
    Netns,
    Sample,
    Sandbox,
)

Box = TypeVar("Box", Container, Sandbox)


def with_namespaces(sample: Sample) -> Sample:
    """Return the sample, its runtimes' containers in the namespaces of their pids.

    A runtime's collector sees that by /proc/PID/ns/net, which takes a right. The
    kernel gives anybody an id for it, by which the links' collector has named the
    processes in each.
    """
    pids = {
        pid: inside.netns
        for facts in sample.of(LinkFacts)
        for inside in facts.namespaces
        for pid in inside.pids
    }
    if not pids:
        return sample
    known = {name: _known(said, pids) for name, said in sample.facts.items()}
    return replace(sample, facts=known)


def _known(said: Facts, pids: Mapping[int, Netns]) -> Facts:
    """Return one source's facts, with each container's namespace."""
    if isinstance(said, ContainerFacts):
        return _engine(said, pids)
    if isinstance(said, NestedFacts):
        engines = tuple(_engine(engine, pids) for engine in said.engines)
        return replace(said, engines=engines)
    return said


def _engine(said: ContainerFacts, pids: Mapping[int, Netns]) -> ContainerFacts:
    """Return one runtime's facts, with each container's namespace."""
    boxes: tuple[Container | Sandbox, ...] = (*said.containers, *said.sandboxes)
    if all(box.netns or box.pid not in pids for box in boxes):
        return said
    return replace(
        said,
        containers=tuple(_box(one, pids) for one in said.containers),
        sandboxes=tuple(_box(one, pids) for one in said.sandboxes),
    )


def _box(box: Box, pids: Mapping[int, Netns]) -> Box:
    """Return a container or sandbox with its namespace, where that is known."""
    if box.netns or box.pid is None:
        return box
    return replace(box, netns=pids.get(box.pid))
