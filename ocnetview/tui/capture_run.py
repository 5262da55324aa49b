"""One capture, from its beginning to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Tally
from ocnetview.match.called import Names
from ocnetview.match.two_places.lost import Compare
from ocnetview.match.two_places.orders import compared, comparing
from ocnetview.match.two_places.sums import Comparison
from ocnetview.model import NodeModel
from ocnetview.tui.captured import Captured, Intake
from ocnetview.tui.packet_list import LISTED, PacketList
from ocnetview.tui.selection import Selection

if TYPE_CHECKING:
    from ocnetview.facts.cluster import NodesFacts
    from ocnetview.probes.base import Capturer, Cluster


@dataclass(frozen=True, slots=True)
class Wish:
    """A capture that is wanted."""

    order: CaptureOrder
    title: str
    """Of what, safe to print."""
    selected: Selection
    """The row that it was wanted of."""


class Run:
    """One capture, from its beginning to its end."""

    def __init__(
        self,
        wish: Wish,
        model: NodeModel,
        tell: Callable[[], object],
        pace: float,
        clock: Callable[[], float],
    ) -> None:
        """Take what is wanted on which node, and what is called at every change."""
        self.order = compared(wish.order, Names(model))
        self.title = wish.title
        self.selected = wish.selected
        self._tell = tell
        self._clock = clock
        self._stop = Stop()
        self._outcome: CaptureEnd | ProbeError | None = None
        spots = self.order.spots
        self._intake = Intake(tell, pace, _comparing(self.order), clock)
        most = LISTED if self.order.file else 0
        self.captured = Captured(self.order.size, most)
        self.listed = PacketList(self.captured, spots)
        self.listed.name_by(model)
        self.comparison: Comparison | None = None
        self.tallies: tuple[Tally, ...] = ()
        self.end: CaptureEnd | None = None
        self.error = ""
        """Why it did not even begin; untrusted text."""
        self.begun = self.finished = 0.0
        """When, in seconds of the clock; 0 before that."""
        self._nodes: NodesFacts | None = None
        """Of the cluster, not listed yet."""
        self.nameless = ""
        """Why other nodes have no names; untrusted text, empty where they have."""
        self.saved = 0
        """How many packets had been taken when they were saved last."""
        self.file = ""
        """Where they were saved."""

    def work(self, capturer: Callable[[], Capturer]) -> None:
        """Capture; in a thread of its own."""
        try:
            made = capturer()
            outcome: CaptureEnd | ProbeError = made.run(
                self.order, self._intake.take, self._stop
            )
        except ProbeError as error:
            outcome = error
        self._intake.end()
        self._outcome = outcome
        self._tell()

    def ask_nodes(self, cluster: Callable[[], Cluster]) -> None:
        """Ask who the other nodes are; in a thread of its own."""
        try:
            self._nodes = cluster().nodes(self._stop)
        except ProbeError as error:
            self.nameless = str(error)
        self._tell()

    def stop(self) -> None:
        """End it soon."""
        self._stop.set()

    def fetch(self) -> None:
        """Take in what came; in the thread of the screen."""
        # What the thread did last it said before: its packets are all there then.
        outcome = self._outcome
        news = self._intake.fetch()
        self.tallies, self.comparison = news.tallies, news.comparison
        nodes, self._nodes = self._nodes, None
        if nodes:
            self.listed.name_nodes(nodes)
        self.captured.add(news.packets)
        self.listed.judge(news.found)
        if self._intake.begun and not self.begun:
            self.begun = self._clock()
        if outcome and not self.is_over:
            self.finished = self._clock()
            if isinstance(outcome, ProbeError):
                self.error = str(outcome)
            else:
                self.end = outcome

    def saver(self) -> Callable[[Path], None]:
        """Return what writes all that is kept now into a file, in a thread.

        It raises ProbeError.
        """
        from ocnetview.probes.capture_files import save  # noqa: PLC0415 - few want it

        total, packets, tallies = self.captured.total, [*self.captured], self.tallies
        lost = self.listed.notes(self.captured.gone)

        def write(path: Path) -> None:
            save(str(path), self.order, packets, tallies, lost)
            self.saved, self.file = total, str(path)

        return write

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


def _comparing(order: CaptureOrder) -> Callable[[int], Compare] | None:
    """Return what makes what compares two spots; None for a single one."""
    if len(order.spots) == 1:
        return None
    return lambda since: comparing(order, since)
