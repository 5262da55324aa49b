"""The node as the front ends ask for it: live, or from a recording."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ocnetview.collectors.base import Attention, Focus
from ocnetview.collectors.place import find_place, settled
from ocnetview.config import Settings
from ocnetview.facts import (
    Place,
    ProcessFacts,
    Sample,
    Source,
    SourceKind,
    SourceState,
)
from ocnetview.frozen import dataclass

if TYPE_CHECKING:
    from ocnetview.collectors.ahead import Ahead
    from ocnetview.engine import Engine
    from ocnetview.probes.base import Capturer, Cluster, Prober, Switch
    from ocnetview.replay import Replay


class Node(Protocol):
    """What a headless command reads, what feeds the screen, and its tools."""

    def begin(
        self, kinds: frozenset[SourceKind], focus: Focus | None = None
    ) -> Callable[[], Sample]:
        """Begin to read these sources; return what waits for them, and gives it."""
        ...

    def read(self, kinds: frozenset[SourceKind], focus: Focus | None = None) -> Sample:
        """Return what these sources say now."""
        ...

    def feed(self) -> Engine | Replay:
        """Return what publishes a model after each change."""
        ...

    def prober(self) -> Prober:
        """Return what reads on demand the inside of what is selected."""
        ...

    def capturer(self) -> Capturer:
        """Return what captures packets."""
        ...

    def switch(self) -> Switch:
        """Return what asks Open vSwitch."""
        ...

    def cluster(self) -> Cluster:
        """Return what asks the Kubernetes API."""
        ...


@dataclass(frozen=True, slots=True)
class LiveNode:
    """The node that we run on."""

    settings: Settings
    """With every path as it is found from `place`."""
    place: Place
    ahead: Ahead | None = None
    """What reads the links for the first who wants them."""

    def begin(
        self, kinds: frozenset[SourceKind], focus: Focus | None = None
    ) -> Callable[[], Sample]:
        """Begin to read these sources; return what waits for them, and gives it."""
        from ocnetview.collectors.registry import (  # noqa: PLC0415 - as below
            make_collectors,
        )
        from ocnetview.reading import Reading  # noqa: PLC0415 - as below

        attention = Attention(focus)
        collectors = make_collectors(self.settings, attention, kinds, self.ahead)
        reading = Reading(collectors, self.settings.timeout)

        def finish() -> Sample:
            with closing(attention):
                return replace(reading.sample(), place=self.place)

        return finish

    def read(self, kinds: frozenset[SourceKind], focus: Focus | None = None) -> Sample:
        """Return what these sources say now."""
        return self.begin(kinds, focus)()

    def feed(self) -> Engine:
        """Return an engine over all sources."""
        from ocnetview.collectors.registry import (  # noqa: PLC0415 - as below
            make_collectors,
        )
        from ocnetview.engine import Engine  # noqa: PLC0415 - after the first paint

        attention = Attention(refresh=self.settings.refresh)
        collectors = make_collectors(self.settings, attention, ahead=self.ahead)
        return Engine(collectors, attention, place=self.place)

    def prober(self) -> Prober:
        """Return what reads the inside of this node's pods."""
        from ocnetview.probes.live import LiveProber  # noqa: PLC0415 - few want it

        return LiveProber(self.settings)

    def capturer(self) -> Capturer:
        """Return what captures packets on this node."""
        from ocnetview.probes.capture import LiveCapturer  # noqa: PLC0415 - as above

        return LiveCapturer(self.settings)

    def switch(self) -> Switch:
        """Return what asks this node's Open vSwitch."""
        from ocnetview.probes.switch import LiveSwitch  # noqa: PLC0415 - as above

        return LiveSwitch(self.settings)

    def cluster(self) -> Cluster:
        """Return what asks the API that this node's cluster has."""
        from ocnetview.probes.cluster import LiveCluster  # noqa: PLC0415 - as above

        return LiveCluster(self.settings)


def live_node(settings: Settings, ahead: Ahead | None = None) -> LiveNode:
    """Return the node around the place that we run in.

    Its links are read by `ahead` at first, where that is given.

    Raises:
        ConfigError: the root that the settings name is not there.
    """
    place = find_place(settings)
    return LiveNode(settled(settings, place), place, ahead)


@dataclass(frozen=True, slots=True)
class RecordedNode:
    """A node as it was."""

    samples: Sequence[Sample]
    where: str = ""
    """The file that they come from."""

    @property
    def sign(self) -> Source:
        """Return what says, among the sources, that none of this is live."""
        taken = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.samples[-1].at))
        reason = f"nothing here is live: recorded until {taken} UTC"
        return Source("recording", SourceState.UP, self.where, reason)

    def begin(
        self, kinds: frozenset[SourceKind], focus: Focus | None = None
    ) -> Callable[[], Sample]:
        """Return what gives what these sources said last."""
        return partial(self.read, kinds, focus)

    def read(self, kinds: frozenset[SourceKind], focus: Focus | None = None) -> Sample:
        """Return what these sources said last, of the processes those in focus."""
        last = self.samples[-1]
        sources = tuple(s for s in last.sources if s.kind in kinds)
        names = {source.name for source in sources}
        facts = {
            name: _focused(said, focus) if isinstance(said, ProcessFacts) else said
            for name, said in last.facts.items()
            if name in names
        }
        return replace(last, facts=facts, sources=(self.sign, *sources))

    def _signed(self) -> tuple[Sample, ...]:
        """Return the samples, each with the sign."""
        sign = self.sign
        return tuple(replace(s, sources=(sign, *s.sources)) for s in self.samples)

    def feed(self) -> Replay:
        """Return a replay of the recording."""
        from ocnetview.replay import Replay  # noqa: PLC0415 - after the first paint

        return Replay(self._signed())

    def prober(self) -> Prober:
        """Return what says that a recording holds no such thing."""
        from ocnetview.probes.recorded import RecordedProber  # noqa: PLC0415 - as above

        return RecordedProber()

    def capturer(self) -> Capturer:
        """Return what says that nothing passes any more."""
        from ocnetview.probes.recorded import RecordedCapturer  # noqa: PLC0415 - same

        return RecordedCapturer()

    def switch(self) -> Switch:
        """Return what says that no switch is there."""
        from ocnetview.probes.recorded import RecordedSwitch  # noqa: PLC0415 - as above

        return RecordedSwitch()

    def cluster(self) -> Cluster:
        """Return what says that the API is not asked."""
        from ocnetview.probes.recorded import RecordedCluster  # noqa: PLC0415 - as above

        return RecordedCluster()


def _focused(facts: ProcessFacts, focus: Focus | None) -> ProcessFacts:
    """Return of all recorded processes those that a live reading would have given."""
    focus = focus or Focus()
    if focus.everything:
        return facts
    ids = {container for container, _ in focus.containers}
    kept = (p for p in facts.processes if p.container_id in ids or p.pid in focus.pids)
    return replace(facts, processes=tuple(kept))
