"""What a reader of a runtime gives, as its tests look at it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ocnetview.collectors.cri_reader import CriReader
from ocnetview.facts import Container, ContainerFacts, Netns, Sandbox


def network(path: str, **more: object) -> dict[str, object]:
    """Return verbose information with the path of a network namespace."""
    spaces = [{"type": "network", "path": path}]
    return {"runtimeSpec": {"linux": {"namespaces": spaces}}, **more}


def netns(path: str) -> Netns:
    """Return the namespace that a file leads to."""
    status = Path(path).stat()
    return Netns(status.st_dev, status.st_ino)


def read(path: str, proc: Path, root: str = "") -> ContainerFacts:
    """Return what a runtime says once."""
    with closing(CriReader(f"unix://{path}", str(proc), root)) as reader:
        return reader.read()


def sandboxes(facts: ContainerFacts) -> dict[str, Sandbox]:
    """Return the sandboxes by their pods' names."""
    return {one.name: one for one in facts.sandboxes}


def containers(facts: ContainerFacts) -> dict[str, Container]:
    """Return the containers by their names."""
    return {one.name: one for one in facts.containers}


def main_pids(facts: ContainerFacts) -> set[int]:
    """Return the main processes of sandboxes and containers."""
    every = [one.pid for one in facts.sandboxes] + [one.pid for one in facts.containers]
    return {pid for pid in every if pid}
