"""Going to anything on the node by any scrap of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ocnetview.match.hits import Hit, Kind, spoken
from ocnetview.tui import screens
from ocnetview.tui.commands.command import GO, Command
from ocnetview.tui.selection import PaneId

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

_OF_PORTS = frozenset({Kind.PORT, Kind.OFPORT, Kind.IFINDEX, Kind.LINK, Kind.INSIDE})
"""What is a link leads to its port, where it has one."""


def find(app: OcnetviewApp) -> None:
    """Open the finder; as long as it is open all processes are read."""
    app.finding = True
    app.follow()
    app.push_screen(screens.finder_screen(), partial(_found, app))


def _found(app: OcnetviewApp, hit: Hit | None) -> None:
    """Go to what was chosen."""
    app.finding = False
    if hit:
        jump(app, hit)
    app.follow()


def jump(app: OcnetviewApp, hit: Hit) -> None:
    """Go to the row that a hit leads to, and turn all panes there."""
    target, before = hit.target, (app.scope, app.selected)
    port = app.model.ports_by_key.get(target.port)
    if target.process and target.pod:
        app.go(PaneId.PODS, target.pod)
        app.go(PaneId.PROCESSES, target.process)
    elif port and (hit.kind in _OF_PORTS or not target.pod):
        app.turn_to(replace(app.scope, bridge=port.bridge))
        app.go(PaneId.PORTS, port.key)
    elif target.pod:
        app.go(PaneId.PODS, target.pod)
        if target.container:
            app.turn_to(replace(app.scope, container=target.container))
    elif target.bridge:
        app.turn_to(replace(app.scope, bridge=target.bridge))
        app.go(PaneId.PORTS)
    else:
        kind, text, of = spoken(hit)
        why = f"{kind} {text} ({of}) stands in no pane: it is of no bridge and no pod"
        app.notify(why, markup=False)
        return
    app.way.append(before)


FINDING = (
    Command(
        "finder",
        "f",
        "Find",
        "Go to anything on the node by any scrap: name, PID, IP, MAC, index, id",
        GO,
        find,
    ),
)
