"""Keeps what came and went lately, and has the panes mark it until it ends."""

from __future__ import annotations

from time import monotonic
from typing import Any

from textual.app import App
from textual.timer import Timer

from ocnetview.model import NodeModel
from ocnetview.tui.changes import Changes, followed
from ocnetview.tui.panes.pane import Pane


class Marking:
    """The marks in all panes of an app; they end by a timer, one for all."""

    def __init__(self, app: App[Any]) -> None:
        """Mark rows in the panes of this app."""
        self._app = app
        self._changes = Changes()
        self._timer: Timer | None = None
        """Runs as long as a row is marked."""

    def follow(self, before: NodeModel, after: NodeModel) -> None:
        """Note what comes and goes with the second model; the panes show it then."""
        now = monotonic()
        self._changes = followed(self._changes.at(now), before, after, now)
        for pane in self._app.query(Pane):
            pane.changes = self._changes
        self._wait(now)

    def end(self) -> None:
        """Let go of the marks that have been there long enough."""
        now = monotonic()
        self._timer = None
        self._changes = self._changes.at(now)
        for pane in self._app.query(Pane):
            pane.show_changes(self._changes)
        self._wait(now)

    def _wait(self, now: float) -> None:
        """Come back when the next mark ends."""
        end = None if self._timer else self._changes.next_end()
        if end is not None:
            self._timer = self._app.set_timer(max(0.0, end - now), self.end)
