"""The lab's node, built once for all live tests, and undone after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from node.cri_lab import CriNode
from node.cri_lab import why_not as why_no_cri
from node.lab import Lab, why_not
from node.wiring import Node

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as live; the first one builds the lab, too."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("node")
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """Give a node with bridges, ports, containers and pods, all real."""
    reason = why_not()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    lab = Lab()
    try:
        yield Node(lab)
    finally:
        lab.close()


@pytest.fixture(scope="session")
def lab(node: Node) -> Lab:
    """Give the namespaces that the node is in."""
    return node.lab


@pytest.fixture(scope="session")
def cri_node() -> Iterator[CriNode]:
    """Give another node, with pods of containerd's CRI and containers of Docker."""
    reason = why_not() or why_no_cri()
    if reason:
        pytest.skip(f"no lab on this machine: {reason}")
    lab = Lab()
    try:
        made = CriNode(lab)
        yield made
        made.close()
    finally:
        lab.close()
