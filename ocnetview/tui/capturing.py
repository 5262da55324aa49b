"""The app's capture: one at a time, which goes on whatever is on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Tally
from ocnetview.tui.captured import PACE, Captured, Intake

if TYPE_CHECKING:
    from ocnetview.probes.base import Capturer
    from ocnetview.tui.app import OcnetviewApp

LISTED = 10_000
"""Packets that are shown at most: the last ones."""


class CaptureChanged(Message):
    """Packets came, or the capture is no longer as it was."""

    def can_replace(self, message: Message) -> bool:
        """Claim that one that waits behind this one says all that this one does."""
        return isinstance(message, CaptureChanged)


@dataclass(frozen=True, slots=True)
class Wish:
    """A capture that is wanted."""

    order: CaptureOrder
    title: str
    """Of what, safe to print."""


class Run:
    """One capture, from its beginning to its end."""

    def __init__(
        self,
        wish: Wish,
        tell: Callable[[], object],
        pace: float,
        clock: Callable[[], float],
    ) -> None:
        """Take what is wanted, and what is called when something changed."""
        self.order = wish.order
        self.title = wish.title
        self._tell = tell
        self._clock = clock
        self._stop = Stop()
        self._outcome: CaptureEnd | ProbeError | None = None
        self._intake = Intake(tell, pace)
        most = LISTED if self.order.file else 0
        self.captured = Captured(self.order.size, most)
        self.tallies: tuple[Tally, ...] = ()
        self.end: CaptureEnd | None = None
        self.error = ""
        """Why it did not even begin; untrusted text."""
        self.begun = self.finished = 0.0
        """When, in seconds of the clock; 0 before that."""
        self.saved = 0
        """How many packets had been taken when they were saved last."""

    def work(self, capturer: Callable[[], Capturer]) -> None:
        """Capture; in a thread of its own."""
        try:
            made = capturer()
            outcome: CaptureEnd | ProbeError = made.run(
                self.order, self._intake.take, self._stop
            )
        except ProbeError as error:
            outcome = error
        self._outcome = outcome
        self._tell()

    def stop(self) -> None:
        """End it soon."""
        self._stop.set()

    def fetch(self) -> None:
        """Take in what came; in the thread of the screen."""
        # What the thread did last it said before: its packets are all there then.
        outcome = self._outcome
        packets, self.tallies = self._intake.fetch()
        self.captured.add(packets)
        if self._intake.begun and not self.begun:
            self.begun = self._clock()
        if outcome and not self.is_over:
            self.finished = self._clock()
            if isinstance(outcome, ProbeError):
                self.error = str(outcome)
            else:
                self.end = outcome

    @property
    def is_over(self) -> bool:
        """Claim that nothing more comes."""
        return bool(self.end or self.error)

    @property
    def stopping(self) -> bool:
        """Claim that it was told to end, and did not yet."""
        return bool(self._stop) and not self.is_over

    @property
    def seconds(self) -> float:
        """Return how long it runs, or ran."""
        now = self.finished or self._clock()
        return max(0.0, now - self.begun) if self.begun else 0.0

    @property
    def unsaved(self) -> bool:
        """Claim that packets are in memory and nowhere else."""
        new = self.captured.total > self.saved
        return not self.order.file and new and len(self.captured) > 0


class Capturing:
    """Runs captures for the app, one after the other."""

    def __init__(self, app: OcnetviewApp) -> None:
        """Take the app, which hears of every change."""
        self._app = app
        self.pace = PACE
        self.clock = time.time
        self.run: Run | None = None
        """The one that runs, or ended last and was not left yet."""
        self.wish: Wish | None = None
        """What was wanted last."""

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
        app = self._app

        def tell() -> None:
            app.post_message(CaptureChanged())

        self.wish = wish
        run = self.run = Run(wish, tell, self.pace, self.clock)
        app.run_worker(lambda: run.work(app.tools.capturer), thread=True)
        return run

    def take_in(self) -> None:
        """Take in what came, and have it shown."""
        if self.run:
            self.run.fetch()
        self.tell()

    def leave(self) -> None:
        """Forget the capture; one that runs ends."""
        if self.run:
            self.run.stop()
        self.run = None
        self.tell()

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
        told = f"{run.captured.total:,} packets"
        told += f", {dropped:,} dropped" if dropped else ""
        if not run.is_over:
            return f"● capture {told}"
        if run.end and run.end.failed:
            return f"✖ capture failed: {told}"
        return f"○ capture ended: {told}" + (", not saved" if run.unsaved else "")
