"""One thread per collector; retry, join, publish; or read everything once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ocnetview.build import Joiner, build_model
from ocnetview.collectors.base import Attention, Collector, Focus, Stop
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import (
    Facts,
    LinkFacts,
    Place,
    ProcessFacts,
    Sample,
    Source,
    SourceKind,
    SourceState,
)
from ocnetview.model import NodeModel

FIRST_RETRY = 1.0
LAST_RETRY = 10.0
"""Seconds before a failed source is tried again: doubled each time up to this."""
JOIN = "join"
"""The name under which a failure to join is shown among the sources."""
JOIN_INTERVAL = 0.1
"""Seconds between two joins at least: a burst of facts is joined once."""
JOIN_REST = 4
"""Rest this many times as long as a join took: a storm of changes keeps us only so
busy, however many pods there are."""
FAR = frozenset({SourceKind.PODS})
"""What may be on another machine, and all else is whole without."""
FAR_SHARE = 0.25
"""Part of the longest wait that such a source gets once all others have answered."""


class Engine:
    """Runs the collectors and publishes each model that differs from the last."""

    def __init__(
        self,
        collectors: Iterable[Collector],
        attention: Attention | None = None,
        retry: float = FIRST_RETRY,
        refresh: float = 1.0,
        place: Place | None = None,
    ) -> None:
        """Take the collectors; `attention` is the one that they were made with.

        `place` is where they read, and goes into each sample.

        Rates are taken over at least half of the `refresh` seconds: two readings
        close together would make a burst of every packet.
        """
        self._collectors = tuple(collectors)
        self._attention = attention or Attention()
        self._retry = retry
        self._span = refresh / 2
        self._place = place
        self._stop = Stop()
        self._threads: list[threading.Thread] = []
        self._news = threading.Condition()
        self._changed = False
        self._facts: dict[str, Facts] = {}
        self._earlier: dict[str, Facts] = {}
        self._sources = {
            c.name: Source(c.name, where=c.where, kind=c.kind) for c in self._collectors
        }

    def start(self, publish: Callable[[NodeModel], None]) -> None:
        """Begin to read; `publish` is called from a thread of the engine's own."""
        jobs: list[tuple[str, Callable[[], None]]] = [
            (c.name, partial(self._collect, c)) for c in self._collectors
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
        self._attention.turn(focus)

    def _sample(self, facts: dict[str, Facts]) -> Sample:
        sources = tuple(self._sources.values())
        return Sample(time.time(), dict(facts), sources, self._place)

    def _collect(self, collector: Collector) -> None:
        """Read one source until the end; this is the edge of its thread."""
        retry = self._retry
        while not self._stop:
            heard = False
            try:
                for facts in collector.watch(self._stop):
                    self._heard(collector.name, facts)
                    heard = True
                state, reason = SourceState.DOWN, "the source ended"
            except Exception as error:  # noqa: BLE001 - the edge of the thread
                state, reason = _failure(error)
            retry = self._retry if heard else retry
            if state is SourceState.ABSENT and collector.name in self._facts:
                state = SourceState.DOWN  # it was there before
            if state is SourceState.DOWN:
                reason += f"; next try in {retry:.0f} s"
            if not self._stop:
                self._failed(collector.name, state, reason)
            self._stop.wait(retry)
            retry = min(2 * retry, LAST_RETRY)

    def _heard(self, name: str, facts: Facts) -> None:
        """Keep what a source said, and what it said at its reading before."""
        with self._news:
            last = self._facts.get(name)
            if last and _read_at(facts) - _read_at(last) >= self._span:
                self._earlier[name] = last
            source = replace(self._sources[name], state=SourceState.UP, reason="")
            if last == facts and self._sources[name] == source:
                return
            self._facts[name], self._sources[name] = facts, source
            self._wake()

    def _failed(self, name: str, state: SourceState, reason: str) -> None:
        """Note why a source does not answer; what it last said stays."""
        with self._news:
            source = replace(self._sources[name], state=state, reason=reason)
            if source != self._sources[name]:
                self._sources[name] = source
                self._wake()

    def _wake(self) -> None:
        self._changed = True
        self._news.notify_all()

    def _join(self, publish: Callable[[NodeModel], None]) -> None:
        """Build and publish a model after each change, once an interval at most."""
        published: NodeModel | None = None
        joiner = Joiner()
        while not self._stop:
            with self._news:
                self._news.wait_for(lambda: self._changed or bool(self._stop))
                self._changed = False
                now, before = self._sample(self._facts), self._sample(self._earlier)
            if self._stop:
                return
            began = time.monotonic()
            model = modelled(now, before, joiner.join)
            if model != published:
                published = model
                publish(model)
            took = time.monotonic() - began
            self._stop.wait(max(JOIN_INTERVAL, JOIN_REST * took))


def modelled(
    now: Sample,
    before: Sample | None = None,
    join: Callable[[Sample, Sample | None], NodeModel] = build_model,
) -> NodeModel:
    """Return the model of a sample; one that cannot be joined is a source down.

    The edge of whoever joins: facts that no collector should give must not end the
    screen. Who joins again and again does it by a Joiner's `join`.
    """
    try:
        return join(now, before)
    except Exception as error:  # noqa: BLE001 - the edge of the thread
        reason = f"cannot join what the sources say: {type(error).__name__}: {error}"
        failed = Source(JOIN, SourceState.DOWN, reason=reason)
        return NodeModel(sources=(*now.sources, failed), at=now.at)


def read_once(collectors: Sequence[Collector], seconds: float) -> Sample:
    """Return what each source says first, waiting this long at most for all.

    An API that cannot be reached does not hold up for long what the node itself
    tells. A source that fails or stays silent is in `sources` with the reason.
    """
    stop = Stop()
    facts: dict[str, Facts] = {}
    sources = {c.name: Source(c.name, where=c.where, kind=c.kind) for c in collectors}

    def read(collector: Collector) -> None:
        name = collector.name
        try:
            facts[name] = next(iter(collector.watch(stop)))
            state, reason = SourceState.UP, ""
        except StopIteration:
            return  # told to stop before it said anything: it stays silent
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            state, reason = _failure(error)
        sources[name] = replace(sources[name], state=state, reason=reason)

    threads = {
        c.name: threading.Thread(
            target=read, args=(c,), name=f"ocnetview-{c.name}", daemon=True
        )
        for c in collectors
    }
    for thread in threads.values():
        thread.start()
    far = frozenset(c.name for c in collectors if c.kind in FAR)
    waits = _waits(threads, far, seconds)
    stop.set()
    if not any(thread.is_alive() for thread in threads.values()):
        stop.close()
    told = tuple(_or_silent(s, waits[s.name]) for s in tuple(sources.values()))
    return Sample(time.time(), dict(facts), told)


def _waits(
    threads: Mapping[str, threading.Thread], far: Collection[str], seconds: float
) -> Mapping[str, str]:
    """Wait for these threads; return in words for how long, by the source's name."""
    end = time.monotonic() + seconds
    near = threads.keys() - far
    _join(threads, near, end)
    waits = dict.fromkeys(threads, f"{seconds:g} s")
    patience = FAR_SHARE * seconds
    if near and (sooner := time.monotonic() + patience) < end:
        end = sooner
        said = f"{patience:g} s after the others (see --timeout)"
        waits.update(dict.fromkeys(far, said))
    _join(threads, far, end)
    return waits


def _join(
    threads: Mapping[str, threading.Thread], names: Iterable[str], end: float
) -> None:
    """Wait for the end of these threads, or until this moment."""
    for name in names:
        threads[name].join(max(0.0, end - time.monotonic()))


def _or_silent(source: Source, wait: str) -> Source:
    """Return the source; one that is still waited for is down by now."""
    if source.state is not SourceState.WAITING:
        return source
    return replace(
        source, state=SourceState.DOWN, reason=f"did not answer within {wait}"
    )


def _failure(error: Exception) -> tuple[SourceState, str]:
    """Return a source's state and why, without its name, which stands beside it.

    Even a bug in a collector is a source that is down, never the program's end.
    """
    if not isinstance(error, CollectorError):
        return SourceState.DOWN, f"{type(error).__name__}: {error}"
    advice = f" ({error.hint})" if error.hint else ""
    absent = isinstance(error, SourceAbsentError)
    state = SourceState.ABSENT if absent else SourceState.DOWN
    return state, f"cannot {error.doing}: {error.reason}{advice}"


def _read_at(facts: Facts) -> float:
    """Return when counters were read; rates need two such moments apart."""
    return facts.at if isinstance(facts, (LinkFacts, ProcessFacts)) else 0.0
