"""Reads the entries of a pod or port: what to ask follows from what was answered."""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.collectors.base import Stop
from ocnetview.details.flows import FlowsView
from ocnetview.errors import ProbeError
from ocnetview.facts.openflow import FlowsFacts
from ocnetview.match.openflow import Wired, asks, further, together
from ocnetview.model import NodeModel
from ocnetview.probes.base import Switch


def read_flows(
    switch: Switch, model: NodeModel, wired: Wired, stop: Stop
) -> FlowsFacts:
    """Return the entries of a bridge that name what is wired there.

    Raises:
        ProbeError: the switch cannot be asked, or the bridge is gone.
    """
    bridge = model.bridges_by_name.get(wired.bridge)
    if bridge is None:
        subject = f"bridge {wired.bridge}"
        raise ProbeError(subject, "read its flows", "it is gone from this node")
    first = switch.flows(bridge, asks(bridge, wired), stop)
    more = further(bridge, wired, first)
    return together(first, [switch.flows(bridge, more, stop)] if more else [])


def read_views(
    switch: Switch,
    model: NodeModel,
    wired: Sequence[Wired],
    before: Sequence[FlowsView],
    stop: Stop,
) -> tuple[FlowsView, ...]:
    """Return what the bridges say of a pod or port, beside what they said before.

    Raises:
        ProbeError: a bridge cannot be asked.
    """
    old = {view.wired.bridge: view.facts for view in before}
    return tuple(
        FlowsView(one, read_flows(switch, model, one, stop), old.get(one.bridge))
        for one in wired
    )
