"""Recipes that ask the switch what was asked for a trace."""

from __future__ import annotations

from collections.abc import Iterable

from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.match.trace_flow import Question
from ocnetview.match.trace_ways import Traced
from ocnetview.model import NodeModel
from ocnetview.units import printable


def trace_recipes(model: NodeModel, ways: Iterable[Traced]) -> tuple[Recipe, ...]:
    """Return what asks about each way that the switch was asked about."""
    desk = Desk.of(model)
    return tuple(
        Recipe(
            printable(f"{one.title}, {one.route.wanted.text}, {one.way}"),
            desk.switch("ovs-appctl", *_words(one.question)),
            "each table with the rule that was met, then the datapath's actions",
            "ovs-appctl",
        )
        for one in ways
        if one.question
    )


def command_of(model: NodeModel, traced: Traced) -> str:
    """Return the shell line that asks the same; empty where nothing was asked."""
    return next((one.command for one in trace_recipes(model, [traced])), "")


def _words(asked: Question) -> tuple[str, ...]:
    """Return what ovs-appctl takes to ask the same."""
    states = (part for state in asked.states for part in ("--ct-next", state))
    return ("ofproto/trace", *states, asked.bridge, asked.flow)
