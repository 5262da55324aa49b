"""What turns all panes to the row that the user is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ocnetview.tui import selection as chosen
from ocnetview.tui.commands import DEPENDING
from ocnetview.tui.selection import PaneId, Selection

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

OFFER_SECONDS = 0.2
"""The first rows, and the processes that they lead to, are painted before it is asked
what can be done with them: that has to be loaded."""


class Following:
    """Remembers where everything was turned to last, so that only a move moves it."""

    def __init__(self, app: OcnetviewApp) -> None:
        self._app = app
        self._links: Mapping[PaneId, tuple[str, ...]] = {}
        self._offers: tuple[bool, ...] = ()
        self._waits = False
        """Claims that the first offers are on their way."""

    def follow(self) -> None:
        """Turn everything to the row under the cursor of the pane we are in."""
        app = self._app
        selection = Selection(app.active, app.here.table.cursor)
        moved, app.selected = selection != app.selected, selection
        app.scope = chosen.turned(app.model, app.scope, selection)
        links = chosen.counterparts(app.model, app.scope, selection)
        moved = moved or links[PaneId.PORTS] != self._links.get(PaneId.PORTS)
        if moved:
            # Only then, so that another bridge can be looked at meanwhile.
            app.scope = chosen.bridge_of(app.model, app.scope, links[PaneId.PORTS])
        self._links = dict(links)
        for pane, keys in links.items():
            table = app.pane(pane).table
            table.linked = frozenset(keys)
            if moved:
                any(table.go_to(key) for key in keys)
        app.path_line.hops = chosen.way_of(app.model, app.scope, selection)
        app.path_line.trouble = chosen.trouble_of(app.model, selection)
        focus = chosen.focus_of(app.model, app.scope, everything=app.finding)
        app.looking.at(focus)
        app.on_row_table_scrolled()
        if self._offers or not app.looking.live:
            self.offer()
        elif not self._waits:
            self._waits = True
            app.set_timer(OFFER_SECONDS, self._offer_late)

    def _offer_late(self) -> None:
        """Do that for the first time, unless the user left at once."""
        if self._app.query("#panes"):
            self.offer()

    def offer(self) -> None:
        """Have the footer say what can be done here, where that is another than was."""
        offers = tuple(command.can(self._app) for command in DEPENDING)
        if offers != self._offers:
            # The footer is built anew each time, the dearest part of a refresh.
            self._offers = offers
            self._app.refresh_bindings()
