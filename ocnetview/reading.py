"""What every source says once, for an answer and an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ocnetview.collectors.base import Collector, How, Stale, Stop
from ocnetview.facts import Facts, Sample, Source, SourceKind, SourceState
from ocnetview.health import Health, failure

LATE = frozenset({SourceKind.ENGINES})
"""What is looked for once the node's own runtimes were heard: it goes on from there."""
LATE_SECONDS = 0.5
"""But it waits for them no longer than this, nor half of the time there is."""
FAR = frozenset({SourceKind.PODS})
"""What may be on another machine, and all else is whole without."""
FAR_SHARE = 0.25
"""Part of the longest wait that such a source gets once all others have answered."""


class Reading:
    """What every source says first, being read from now on."""

    def __init__(self, collectors: Sequence[Collector], seconds: float) -> None:
        """Begin to read, for this long at most."""
        self._stop = Stop()
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._facts: dict[str, Facts] = {}
        self._sources = {
            c.name: Source(c.name, where=c.where, kind=c.kind) for c in collectors
        }
        self._threads = {
            c.name: threading.Thread(
                target=self._read, args=(c,), name=f"ocnetview-{c.name}", daemon=True
            )
            for c in collectors
        }
        for one in sorted(collectors, key=_place):
            self._threads[one.name].start()

    def sample(self) -> Sample:
        """Return it once all have answered, or what was told in time.

        An API that cannot be reached does not hold up for long what the node itself
        tells. A source that fails or stays silent is in `sources` with the reason.
        """
        waits = self._wait()
        self._stop.set()
        if not any(thread.is_alive() for thread in self._threads.values()):
            self._stop.close()
        sources = tuple(self._sources.values())
        told = tuple(_or_silent(one, waits[one.name]) for one in sources)
        return Sample(time.time(), dict(self._facts), told)

    def _read(self, collector: Collector) -> None:
        """Read one source; this is the edge of its thread."""
        name = collector.name
        health = Health(self._sources[name])
        if collector.kind in LATE:
            patience = min(LATE_SECONDS, self._seconds / 2)
            runtimes = self._of({SourceKind.CONTAINERS})
            self._join(runtimes, time.monotonic() + patience)
        try:
            said = _first(collector.watch(self._stop), health)
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            health.fail(*failure(error))
        else:
            if said is None:
                return  # told to stop before it said anything: it stays silent
            self._facts[name] = said
            health.confirm(time.monotonic())
        self._sources[name] = health.at(time.monotonic())

    def _of(self, kinds: Collection[SourceKind]) -> Collection[str]:
        """Return the names of the sources of these kinds."""
        return [n for n, one in self._sources.items() if one.kind in kinds]

    def _wait(self) -> Mapping[str, str]:
        """Wait for the sources; return in words for how long, by their names."""
        far = self._of(FAR)
        near = self._threads.keys() - far
        self._join(near, self._end)
        waits = dict.fromkeys(self._threads, f"{self._seconds:g} s")
        patience = FAR_SHARE * self._seconds
        end = self._end
        if near and (sooner := time.monotonic() + patience) < end:
            end = sooner
            said = f"{patience:g} s after the others (see --timeout)"
            waits.update(dict.fromkeys(far, said))
        self._join(far, end)
        return waits

    def _join(self, names: Iterable[str], end: float) -> None:
        """Wait for the end of these sources' threads, or until this moment."""
        for name in names:
            self._threads[name].join(max(0.0, end - time.monotonic()))


def _place(collector: Collector) -> int:
    """Return what orders collectors: who waits for others comes last.

    The links are read by a child, which has the most to do of all.
    """
    if collector.kind in LATE:
        return 2
    return 0 if collector.kind is SourceKind.LINKS else 1


def _first(said: Iterable[Facts | How | Stale], health: Health) -> Facts | None:
    """Return the first facts, past all notices; None where there are none."""
    for one in said:
        match one:
            case How(text):
                health.keep_fresh(text)
            case Stale(reason):
                health.doubt(reason)
            case facts:
                return facts
    return None


def _or_silent(source: Source, wait: str) -> Source:
    """Return the source; one that is still waited for is down by now."""
    if source.state is not SourceState.WAITING:
        return source
    return replace(
        source, state=SourceState.DOWN, reason=f"did not answer within {wait}"
    )
