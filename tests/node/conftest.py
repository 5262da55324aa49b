"""The lab's node, built once for all live tests, and undone after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from node.capturing import hearing, send
from node.cri_lab import CriNode
from node.cri_lab import why_not as why_no_cri
from node.lab import Lab, why_not
from node.wiring import Node, Started

HERE = Path(__file__).parent
FLOW = "priority=100,udp,tp_dst=7003"
"""What OpenFlow drops between two pods: every fourth datagram."""


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


@pytest.fixture(scope="module")
def ends(node: Node) -> Iterator[tuple[Started, Started]]:
    """Give two pods, of whose datagrams a flow drops a part."""
    first, second = (
        next(
            c
            for c in node.containers
            if c.box.pod
            and c.box.pod[:2] == ("shop", name)
            and c.box.container == "POD"
        )
        for name in ("web-0", "web-1")
    )
    ofctl = ("ovs-ofctl", "-O", "OpenFlow13")
    node.lab.do(*ofctl, "add-flow", "br0", f"{FLOW},actions=drop")
    # Both learn the other's MAC, and the bridge both ports, before anything counts.
    with hearing(node.lab, second.pid, second.box.ip, 1) as hearer:
        assert hearer.stdout
        send(node.lab, first.pid, second.box.ip, 1)
        hearer.stdout.readline()
    yield first, second
    node.lab.do(*ofctl, "--strict", "del-flows", "br0", FLOW)


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
