"""Recipes that capture what a capture here does, at the same places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.match.libpcap import is_link
from ocnetview.units import printable

if TYPE_CHECKING:
    from ocnetview.facts.packets import CaptureOrder, Spot
    from ocnetview.model import NodeModel


def capture_recipes(model: NodeModel, order: CaptureOrder) -> tuple[Recipe, ...]:
    """Return what captures at each spot of an order, with its filter and limits.

    Packets are printed, for its file is there already, and would be written over.
    """
    desk = Desk.of(model)
    return tuple(
        Recipe(
            printable(f"packets at {spot.title}"),
            desk.inside(entry, *_words(order, place)),
            "a line each" if not place else "in another shell, together with the first",
            "tcpdump",
        )
        for place, spot in enumerate(order.spots)
        if is_link(spot.ifname)
        for entry in _doors(spot, desk)
    )


def _doors(spot: Spot, desk: Desk) -> Iterator[tuple[str, ...]]:
    """Yield how nsenter finds the namespace of a spot: by its pin, else a process."""
    if spot.netns is None:
        yield ()
    elif spot.pins:
        yield (f"--net={desk.there(spot.pins[0])}",)
    elif spot.pid:
        yield ("-n", "-t", str(spot.pid))


def _words(order: CaptureOrder, place: int) -> tuple[str, ...]:
    """Return the command line of tcpdump, which changes nothing of the link."""
    ends = ("timeout", f"{order.seconds:g}") if order.seconds else ()
    count = ("-c", str(order.count)) if order.count else ()
    usual = ("-i", order.spots[place].ifname, "-p", "-nn", "-l")
    wanted = order.filter_at(place)
    only = ("--", wanted) if wanted else ()
    return (*ends, "tcpdump", *usual, "-s", str(order.snaplen), *count, *only)
