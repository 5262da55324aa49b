"""What is done to the rows of the pane that the user is in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ocnetview.tui import selection as chosen
from ocnetview.tui.commands.command import ROWS, Command

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def type_filter(app: OcnetviewApp) -> None:
    """Type a filter for the pane."""
    app.filter_bar.open(f"Filter {app.here.lens.noun}:", app.here.wanted)


def can_type_filter(app: OcnetviewApp) -> bool:
    """Claim that no filter is being typed."""
    return not app.filter_bar.is_open


def next_bridge(app: OcnetviewApp, step: int) -> None:
    """Show the bridge this many further on."""
    app.turn_to(chosen.next_bridge(app.model, app.scope, step))


def has_bridges(app: OcnetviewApp) -> bool:
    """Claim that there is another bridge to show."""
    return len(app.model.bridges) > 1


def next_container(app: OcnetviewApp) -> None:
    """Show the next container's processes, after the last one all."""
    app.follow()
    app.turn_to(chosen.next_container(app.model, app.scope))


def has_containers(app: OcnetviewApp) -> bool:
    """Claim that the pod has containers to be shown one by one."""
    return chosen.can_narrow(app.model, app.scope)


OF_ROWS = (
    Command(
        "filter",
        "slash",
        "Filter",
        "Show only the rows that hold what you type",
        ROWS,
        type_filter,
        can_type_filter,
    ),
    Command(
        "sort",
        "s",
        "Sort",
        "Sort by the next column",
        ROWS,
        lambda app: app.here.sort_by_next(),
    ),
    Command(
        "reverse",
        "r",
        "Reverse",
        "Turn the order round",
        ROWS,
        lambda app: app.here.reverse(),
        shown=False,
    ),
    Command(
        "bridge",
        "b",
        "Bridge",
        "Show the next bridge",
        ROWS,
        partial(next_bridge, step=1),
        has_bridges,
    ),
    Command(
        "previous_bridge",
        "B",
        "Previous bridge",
        "Show the bridge before",
        ROWS,
        partial(next_bridge, step=-1),
        has_bridges,
        shown=False,
    ),
    Command(
        "container",
        "o",
        "Container",
        "Only the next container's processes, then all",
        ROWS,
        next_container,
        has_containers,
    ),
)
