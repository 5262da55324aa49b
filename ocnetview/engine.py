"""One thread per collector; retry, join, publish."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from math import inf

from ocnetview.collectors.base import Attention, Collector, Focus, How, Stale, Stop
from ocnetview.facts import (
    Facts,
    LinkFacts,
    Netns,
    Place,
    ProcessFacts,
    Sample,
    Source,
    SourceKind,
    SourceState,
)
from ocnetview.health import Health, failure
from ocnetview.joined import MOST_SECONDS, Precedence, modelled, older
from ocnetview.model import NodeModel

FIRST_RETRY = 1.0
LAST_RETRY = 10.0
"""Seconds before a failed source is tried again: doubled each time up to this."""
JOIN_INTERVAL = 0.05
"""Seconds between two joins at least: a burst of facts is joined once."""
JOIN_REST = 4
"""Rest this many times as long as a join took of the thread's own time: a storm of
changes keeps us only so busy, however many pods there are. To be stopped is no work."""


JOIN_EAGER = 3.0
"""But not in the first seconds: the sources answer one by one, and somebody waits."""
EAGER_INTERVAL = 0.01
"""Seconds between two joins then: what they show leads to what is read next."""
FIRST = frozenset({SourceKind.LINKS, SourceKind.BRIDGES, SourceKind.CONTAINERS})
"""What makes the first rows, which lead to all others."""
FIRST_PATIENCE = 0.3
"""Seconds that what one of these says waits for the others in the first seconds: most
answer at about the same time, and to join and to draw takes as long as to read."""
SECOND_PATIENCE = 0.1
"""Then what adds to the first rows waits for what they lead to: the processes."""
LATE = frozenset({SourceKind.ENGINES, SourceKind.PODS})
"""What adds to that, and takes time from it: it is read after the first rows."""
LATE_SECONDS = 1.0
"""But it waits for them no longer than this."""
SETTLE_SECONDS = 0.2
"""And then for the processes that the first rows lead to, no longer than this."""
PAINT_SECONDS = 0.1
"""And until all of it is painted: about as long as that takes."""


class Engine:
    """Runs the collectors and publishes each model that differs from the last."""

    def __init__(
        self,
        collectors: Iterable[Collector],
        attention: Attention | None = None,
        retry: float = FIRST_RETRY,
        place: Place | None = None,
    ) -> None:
        """Take the collectors; `attention` is the one that they were made with.

        `place` is where they read, and goes into each sample.

        Rates are taken over at least half of the time between two readings: two that
        are close together would make a burst of every packet.
        """
        self._collectors = tuple(collectors)
        self._attention = attention or Attention()
        self._retry = retry
        self._place = place
        self._stop = Stop()
        self._threads: list[threading.Thread] = []
        self._news = threading.Condition()
        self._due = inf
        """When what changed is joined, by the monotonic clock; never for nothing."""
        self._eager = inf
        """Until when processes are joined at once: they were just turned to."""
        self._began = inf
        self._precedence = Precedence()
        self._whole = False
        """Claims that all was joined that makes the first rows."""
        self._settled = False
        """Claims that the processes were, too, that they lead to."""
        self._facts: dict[str, Facts] = {}
        self._earlier: dict[str, Facts] = {}
        self._health = {
            c.name: Health(Source(c.name, where=c.where, kind=c.kind))
            for c in self._collectors
        }
        self._told = self._sources()
        """The sources as the joining thread told of them last."""

    def start(self, publish: Callable[[NodeModel], None]) -> None:
        """Begin to read; `publish` is called from a thread of the engine's own."""
        self._began = time.monotonic()
        # The links are read by a child, which has the most to do of all.
        order = sorted(self._collectors, key=lambda c: c.kind is not SourceKind.LINKS)
        jobs: list[tuple[str, Callable[[], None]]] = [
            (c.name, partial(self._collect, c)) for c in order
        ]
        jobs.append(("join", lambda: self._join(publish)))
        for name, job in jobs:
            thread = threading.Thread(target=job, name=f"ocnetview-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """End all threads, and wait this long at most for each."""
        self._stop.set()
        with self._news:
            self._news.notify_all()
        for thread in self._threads:
            thread.join(seconds)
        if not any(thread.is_alive() for thread in self._threads):
            self._stop.close()
            self._attention.close()

    def focus(self, focus: Focus) -> None:
        """Read the processes of these containers from now on."""
        self._eager = time.monotonic() + self._attention.refresh
        self._attention.turn(focus)

    def count(self, links: frozenset[int] | None) -> None:
        """Read the counters of these links from now on, by ifindex; None: of all."""
        self._attention.counted = links

    def watch(self, links: frozenset[tuple[Netns, int]]) -> None:
        """Read the counters of these links too, also where they are inside a pod."""
        self._attention.watched = links

    def pace(self, seconds: float) -> None:
        """Read counters and processes this often from now on."""
        self._attention.pace(seconds)

    def hold(self) -> None:
        """Let what the user does now come before what is joined, for a moment."""
        self._precedence.hold()

    def _sources(self) -> tuple[Source, ...]:
        """Return how each source is doing now."""
        now = time.monotonic()
        return tuple(health.at(now) for health in self._health.values())

    def _sample(self, facts: dict[str, Facts]) -> Sample:
        return Sample(time.time(), dict(facts), self._told, self._place)

    def _collect(self, collector: Collector) -> None:
        """Read one source until the end; this is the edge of its thread."""
        if collector.kind in LATE:
            with self._news:
                self._news.wait_for(lambda: self._stop or self._whole, LATE_SECONDS)
                self._news.wait_for(lambda: self._stop or self._settled, SETTLE_SECONDS)
            self._stop.wait(PAINT_SECONDS)
        retry = self._retry
        while not self._stop:
            heard = False
            try:
                for said in collector.watch(self._stop):
                    heard |= self._take(collector.name, said)
                state, reason = SourceState.DOWN, "the source ended"
            except Exception as error:  # noqa: BLE001 - the edge of the thread
                state, reason = failure(error)
            retry = self._retry if heard else retry
            if state is SourceState.ABSENT and collector.name in self._facts:
                state = SourceState.DOWN  # it was there before
            if state is SourceState.DOWN:
                # True for as long as it stands there, unlike a countdown.
                reason += f"; next try {retry:.0f} s after the last"
            if not self._stop:
                self._failed(collector.name, state, reason)
            self._stop.wait(retry)
            retry = min(2 * retry, LAST_RETRY)

    def _take(self, name: str, said: Facts | How | Stale) -> bool:
        """Keep what a source said; claim that it was facts and no notice."""
        now, health = time.monotonic(), self._health[name]
        with self._news:
            match said:
                case How(text):
                    changed = health.keep_fresh(text)
                case Stale(reason):
                    changed = health.doubt(reason)
                case facts:
                    changed = health.confirm(now)
                    if self._keep(name, facts):
                        self._due = min(self._due, now + self._patience(facts, now))
            self._tell(now, changed=changed)
        return not isinstance(said, (How, Stale))

    def _patience(self, facts: Facts, now: float) -> float:
        """Return in how many seconds facts are joined at the latest.

        Processes are read as often as counters, but at other moments: they are joined
        with those that come next, and so the node once a tick.
        """
        if not isinstance(facts, ProcessFacts) or self._is_awaited():
            return self._first_patience()
        return self._attention.refresh if now > self._eager else 0.0

    def _first_patience(self) -> float:
        """Return how long to wait for others that make the first rows."""
        if not self._is_eager():
            return 0.0
        if self._is_awaited():
            return FIRST_PATIENCE
        return SECOND_PATIENCE if self._whole else 0.0

    def _is_eager(self) -> bool:
        """Claim that these are the first seconds."""
        return time.monotonic() < self._began + JOIN_EAGER

    def _is_awaited(self) -> bool:
        """Claim that something that makes the first rows was never heard of."""
        first = (self._health[c.name] for c in self._collectors if c.kind in FIRST)
        return any(health.state is SourceState.WAITING for health in first)

    def _keep(self, name: str, facts: Facts) -> bool:
        """Keep facts, and those of the reading before; claim that they are others."""
        last = self._facts.get(name)
        if last and _read_at(facts) - _read_at(last) >= self._attention.refresh / 2:
            self._earlier[name] = last
        self._facts[name] = facts
        return facts is not last and facts != last

    def _failed(self, name: str, state: SourceState, reason: str) -> None:
        """Note why a source does not answer; what it last said stays."""
        with self._news:
            changed = self._health[name].fail(state, reason)
            self._tell(time.monotonic(), changed=changed)

    def _tell(self, now: float, *, changed: bool) -> None:
        """Have the joining thread look; what changed of a source is joined at once."""
        if changed:
            self._due = min(self._due, now + self._first_patience())
        self._news.notify_all()

    def _is_news(self) -> bool:
        """Claim that there is something to tell: facts, or a source of another age."""
        if time.monotonic() >= self._due or self._stop:
            return True
        # What is due soon tells that, too.
        return self._due == inf and self._sources() != self._told

    def _until_news(self) -> float | None:
        """Return in how many seconds there is, if nothing happens; None for never."""
        now = time.monotonic()
        ages = (health.until_older(now) for health in self._health.values())
        wait = min((*filter(None, ages), self._due - now))
        return None if wait == inf else max(0.0, wait)

    def _join(self, publish: Callable[[NodeModel], None]) -> None:
        """Build and publish a model after each change, once an interval at most."""
        from ocnetview.build import Joiner  # noqa: PLC0415 - while the sources answer

        published: NodeModel | None = None
        joiner = Joiner()
        while not self._stop:
            with self._news:
                while not self._is_news():
                    self._news.wait(self._until_news())
                if changed := time.monotonic() >= self._due:
                    self._due = inf
                self._told = self._sources()
                now, before = self._sample(self._facts), self._sample(self._earlier)
                whole = not self._is_awaited()
            left = self._precedence.give(self._stop.wait, MOST_SECONDS)
            if self._stop:
                return
            began = time.thread_time()
            if changed or published is None:
                model = modelled(now, before, joiner.join)
            else:
                model = older(published, now.sources)
            if model != published:
                published = model
                self._precedence.give(self._stop.wait, left)
                publish(model)
            if not self._settled and (whole or self._whole):
                with self._news:
                    self._settled = self._whole and bool(model.processes)
                    self._whole = True
                    self._news.notify_all()
            rest = max(JOIN_INTERVAL, JOIN_REST * (time.thread_time() - began))
            self._stop.wait(EAGER_INTERVAL if self._is_eager() else rest)


def _read_at(facts: Facts) -> float:
    """Return when counters were read; rates need two such moments apart."""
    return facts.at if isinstance(facts, (LinkFacts, ProcessFacts)) else 0.0
