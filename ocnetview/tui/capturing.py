"""The app's capture: one at a time, which goes on whatever is on the screen."""

from __future__ import annotations

import platform
import time
from typing import TYPE_CHECKING

from textual.message import Message

from ocnetview.facts import SourceState
from ocnetview.model import NodeModel
from ocnetview.units import counted

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp
    from ocnetview.tui.capture_run import Run, Wish
    from ocnetview.tui.screens.capture_form import Form

PACE = 0.2
"""Seconds between two drawings of what came, however much that is."""


def _has_api(model: NodeModel) -> bool:
    """Claim that the Kubernetes API answers."""
    return any(s.name == "kube" and s.state is SourceState.UP for s in model.sources)


class CaptureChanged(Message):
    """Packets came, or the capture is no longer as it was."""

    def can_replace(self, message: Message) -> bool:
        """Claim that one that waits behind this one says all that this one does."""
        return isinstance(message, CaptureChanged)


class Capturing:
    """Runs captures for the app, one after the other."""

    def __init__(self, app: OcnetviewApp, node: str) -> None:
        """Take the app, which hears of every change, and the node's name."""
        self._app = app
        self.node = node or platform.node()
        """As files say it."""
        self.pace = PACE
        self.clock = time.time
        self.run: Run | None = None
        """The one that runs, or ended last and was not left yet."""
        self.form: Form | None = None
        """What was typed for the last one."""
        self.filters: tuple[str, ...] = ()
        """Filters that were used, the last one first."""

    @property
    def running(self) -> bool:
        """Claim that a capture runs."""
        return self.run is not None and not self.run.is_over

    @property
    def at_risk(self) -> bool:
        """Claim that something would be lost if all ended now."""
        return self.running or (self.run is not None and self.run.unsaved)

    def start(self, wish: Wish) -> Run:
        """Begin to capture."""
        from ocnetview.tui.capture_run import Run  # noqa: PLC0415 - start-up

        app, wanted = self._app, wish.order.filter
        if wanted:
            self.filters = (wanted, *(f for f in self.filters if f != wanted))

        def tell() -> None:
            app.post_message(CaptureChanged())

        run = self.run = Run(wish, app.model, tell, self.pace, self.clock)
        app.run_worker(lambda: run.work(app.tools.capturer), thread=True)
        if _has_api(app.model):
            app.run_worker(lambda: run.ask_nodes(app.tools.cluster), thread=True)
        return run

    def take_in(self) -> None:
        """Take in what came, and have it shown."""
        if self.run:
            self.run.fetch()
        self.tell()

    def leave(self) -> None:
        """Forget the capture; one that runs ends."""
        self.close()
        self.run = None
        self.tell()

    def close(self) -> None:
        """End the capture that runs: the app ends."""
        if self.run:
            self.run.stop()

    def tell(self) -> None:
        """Have the screen show how the capture is."""
        self._app.captures += 1
        self._app.status_bar.capture = self.sign

    @property
    def sign(self) -> str:
        """Return what the status bar says; empty where no capture is."""
        run = self.run
        if run is None or not run.begun:
            return ""
        dropped = sum(tally.dropped for tally in run.tallies)
        told = counted(run.captured.total, "packet")
        told += f", {dropped:,} dropped" if dropped else ""
        if not run.is_over:
            return f"● capture {told}"
        if run.end and run.end.failed:
            return f"✖ capture failed: {told}"
        return f"○ capture ended: {told}" + (", not saved" if run.unsaved else "")
