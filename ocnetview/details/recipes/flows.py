"""Recipes that read the flows of a pod or port, match by match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocnetview.details.flows import FlowsView
from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.ovs import flags_of
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.match.openflow import asks, further
from ocnetview.model import NodeModel
from ocnetview.units import printable


def flows_recipes(model: NodeModel, views: Iterable[FlowsView]) -> tuple[Recipe, ...]:
    """Return what reads all that these views have."""
    desk = Desk.of(model)
    return tuple(recipe for view in views for recipe in _of_view(model, view, desk))


def _of_view(model: NodeModel, view: FlowsView, desk: Desk) -> Iterator[Recipe]:
    """Yield a line for each question that was asked of a bridge."""
    bridge = model.bridges_by_name.get(view.wired.bridge)
    if bridge is None:
        return
    for match in (*asks(bridge, view.wired), *further(bridge, view.wired, view.facts)):
        words = (*flags_of(bridge), "dump-flows", desk.bridge(bridge.name), match)
        yield Recipe(
            printable(f"flows of {bridge.name} that fit {match}"),
            desk.switch("ovs-ofctl", *words),
            "with the packets that each took",
            "ovs-ofctl",
        )
