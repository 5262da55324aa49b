"""Ports without a device."""

from __future__ import annotations

import pytest

from ocnetview.checks.stale_port import stale_ports
from ocnetview.model import Bridge, BridgeKind, NodeModel, Port, PortRole


@pytest.mark.parametrize("role", list(PortRole))
def test_only_a_stale_port_is_reported(role: PortRole) -> None:
    """The role decides, and the port's key leads back to it."""
    port = Port("br0", BridgeKind.OVS, "vethX", "system", role=role)
    model = NodeModel(bridges=(Bridge("br0", BridgeKind.OVS, (port,)),))
    found = [(problem.subject, problem.text) for problem in stale_ports(model)]
    stale = [("br0/vethX", "vethX is a port of br0 but has no device")]
    assert found == (stale if role is PortRole.STALE else [])
