"""Ports that Open vSwitch still lists although their device is gone."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.model import NodeModel, PortRole, Problem


def stale_ports(model: NodeModel) -> Iterator[Problem]:
    """Report ports OVS still lists although the kernel has no such link."""
    for port in (port for bridge in model.bridges for port in bridge.ports):
        if port.role is PortRole.STALE:
            text = f"{port.name} is a port of {port.bridge} but has no device"
            yield Problem("stale-port", port.key, text)
