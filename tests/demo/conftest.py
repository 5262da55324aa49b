"""Who runs the demo in the tests, and what is seen on it."""

from __future__ import annotations

import os

import pytest
from demo.visits import Caller, Node, need_namespaces, need_ovs, nobody, visit

KINDS = [("root", "linux"), ("nobody", "linux"), ("root", "ovs"), ("nobody", "ovs")]
_seen: dict[tuple[str, str], Node] = {}


@pytest.fixture(params=["root", "nobody"])
def caller(request: pytest.FixtureRequest) -> Caller:
    """Give root, then somebody without any right."""
    if request.param == "root" and os.geteuid():
        pytest.skip("needs root")
    found = Caller("root") if request.param == "root" else nobody()
    need_namespaces(found)
    return found


def _node(name: str, bridge: str) -> Node:
    """Return what is seen on a node of this kind, looked at once for all tests."""
    if (name, bridge) not in _seen:
        if name == "root" and os.geteuid():
            pytest.skip("needs root")
        tun = "tun" if bridge == "ovs" else "-"
        who = Caller("root") if name == "root" else nobody(tun)
        need_namespaces(who)
        if bridge == "ovs":
            need_ovs(who)
        others = {"DOCKER_HOST": "tcp://x:1", "OCNETVIEW_PROC": "/elsewhere"}
        _seen[name, bridge] = visit(who, bridge, **others)
    return _seen[name, bridge]


@pytest.fixture(params=KINDS, ids="-".join)
def node(request: pytest.FixtureRequest) -> Node:
    """Give what is seen on each kind of node."""
    return _node(*request.param)


@pytest.fixture(params=["root", "nobody"])
def linux_node(request: pytest.FixtureRequest) -> Node:
    """Give what is seen on a node with a Linux bridge."""
    return _node(request.param, "linux")


@pytest.fixture(params=["root", "nobody"])
def ovs_node(request: pytest.FixtureRequest) -> Node:
    """Give what is seen on a node with Open vSwitch."""
    return _node(request.param, "ovs")
