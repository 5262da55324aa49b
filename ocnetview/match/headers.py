"""A packet's bytes -> what it says of itself, in a line."""

from __future__ import annotations

from collections.abc import Collection

from ocnetview.facts.packets import Packet
from ocnetview.model.packets import Header

VXLAN_PORTS = frozenset({4789, 8472})
"""IANA's, and Linux's own default, which flannel uses."""


def decode(packet: Packet, vxlan: Collection[int] = VXLAN_PORTS) -> Header:
    """Return what a packet says; of what cannot be read, that it cannot be.

    `vxlan` are the UDP ports that carry VXLAN on this node.
    """
    del vxlan
    return Header("?", f"{len(packet.data)} bytes", truncated=True)
