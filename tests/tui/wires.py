"""What moves on the way of a pod of the made-up node."""

from __future__ import annotations

from dataclasses import replace

from tui.driving import CART
from tui.nodes import HOST

from ocnetview.facts import Counters, Link, Netns, OperState
from ocnetview.model import NodeModel, Rate, Traffic

_INSIDE = 3, 24
"""Indexes of the pod's eth0 and of its veth."""
ENS3 = Link(
    HOST,
    2,
    "ens3",
    mtu=1500,
    up=True,
    operstate=OperState.UP,
    addresses=("192.0.2.17/24",),
)


def _traffic(rx: float, tx: float, dropped: int = 0) -> Traffic:
    """Return what goes through a link, in packets of 100 bytes per second."""
    total = Counters(81_000, 74_000, 9_200_000, 1_300_000, 0, 0, dropped, 0)
    return Traffic(total, Rate(100 * rx, 100 * tx, rx, tx))


def moving(node: NodeModel) -> NodeModel:
    """Return the node with traffic on the way of a pod, all of which arrives."""
    return _with(node, _traffic(310, 500, 3), _traffic(500, 310))


def losing(node: NodeModel) -> NodeModel:
    """Return the node with a veth that loses what the pod sends."""
    return _with(node, _traffic(40, 500, 3), _traffic(20, 40))


def _with(node: NodeModel, inside: Traffic, outside: Traffic) -> NodeModel:
    """Return the node with an uplink, and this at both ends of the pod's veth."""
    eth0, veth = _INSIDE
    traffic: dict[tuple[Netns, int], Traffic] = {
        (node.pods_by_key[CART].netns or HOST, eth0): inside,
        (HOST, veth): outside,
        (HOST, ENS3.ifindex): _traffic(5200, 880),
    }
    return replace(node, traffic=traffic, links=(*node.links, ENS3))
