"""Going from row to row and from pane to pane."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ocnetview.tui import first_run
from ocnetview.tui import selection as chosen
from ocnetview.tui.commands.command import GO, Command
from ocnetview.tui.selection import PaneId, Selection

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def open_row(app: OcnetviewApp) -> None:
    """Go on from the row: port, pod, its processes, each container's."""
    # Keys may come faster than the messages of the rows they passed.
    app.follow()
    if app.active is PaneId.PROCESSES:
        key = app.selected.key
        app.turn_to(chosen.into_container(app.model, app.scope, key))
        return
    app.way.append((app.scope, app.selected))
    if app.active is PaneId.PORTS:
        app.go(PaneId.PODS, app.scope.pod)
    else:
        app.go(PaneId.PROCESSES, chosen.first_process(app.model, app.scope))


def can_open(app: OcnetviewApp) -> bool:
    """Claim that there is something behind the row."""
    at = Selection(app.active, app.here.table.cursor)
    return chosen.can_open(app.model, app.scope, at)


def go_back(app: OcnetviewApp) -> None:
    """End the first lines, the filter, the single container, then go the way back."""
    if app.welcome.is_there:
        first_run.end(app)
    elif app.here.wanted:
        app.here.wanted = ""
        app.follow()
    elif _is_narrow(app):
        app.turn_to(replace(app.scope, container=""))
    elif app.way:
        app.scope, selection = app.way.pop()
        app.go(selection.pane, selection.key)


def can_go_back(app: OcnetviewApp) -> bool:
    """Claim that there is something to end, or a way back."""
    return _is_narrow(app) or bool(app.welcome.is_there or app.here.wanted or app.way)


def _is_narrow(app: OcnetviewApp) -> bool:
    """Claim that the user is among the processes of a single container."""
    return app.active is PaneId.PROCESSES and bool(app.scope.container)


def next_pane(app: OcnetviewApp, step: int) -> None:
    """Go to the pane this many further on."""
    panes = list(PaneId)
    app.go(panes[(panes.index(app.active) + step) % len(panes)])


GOING = (
    Command(
        "open",
        "enter",
        "Open",
        "Port to pod, pod to processes, process to its container",
        GO,
        open_row,
        can_open,
    ),
    Command(
        "back",
        "escape",
        "Back",
        "End the filter, else back the way you came",
        GO,
        go_back,
        can_go_back,
    ),
    Command(
        "ports",
        "1",
        "Ports",
        "Go to the ports",
        GO,
        lambda app: app.go(PaneId.PORTS),
        shown=False,
    ),
    Command(
        "pods",
        "2",
        "Pods",
        "Go to the pods",
        GO,
        lambda app: app.go(PaneId.PODS),
        shown=False,
    ),
    Command(
        "processes",
        "3",
        "Processes",
        "Go to the processes",
        GO,
        lambda app: app.go(PaneId.PROCESSES),
        shown=False,
    ),
    Command(
        "next_pane",
        "tab",
        "Next pane",
        "Go to the next pane",
        GO,
        partial(next_pane, step=1),
        shown=False,
    ),
    Command(
        "previous_pane",
        "shift+tab",
        "Previous pane",
        "Go to the pane before",
        GO,
        partial(next_pane, step=-1),
        shown=False,
    ),
)
