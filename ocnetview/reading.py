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
"""But it waits for them no longer than this."""
FAR = frozenset({SourceKind.PODS})
"""What may be on another machine, and all else is whole without."""
FAR_SHARE = 0.25
"""Part of the longest wait that such a source gets once all others have answered."""


def read_once(collectors: Sequence[Collector], seconds: float) -> Sample:
    """Return what each source says first, waiting this long at most for all.

    An API that cannot be reached does not hold up for long what the node itself
    tells. A source that fails or stays silent is in `sources` with the reason.
    """
    stop = Stop()
    facts: dict[str, Facts] = {}
    sources = {c.name: Source(c.name, where=c.where, kind=c.kind) for c in collectors}

    def read(collector: Collector) -> None:
        name, health = collector.name, Health(sources[collector.name])
        try:
            said = _first(collector.watch(stop), health)
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            health.fail(*failure(error))
        else:
            if said is None:
                return  # told to stop before it said anything: it stays silent
            facts[name] = said
            health.confirm(time.monotonic())
        sources[name] = health.at(time.monotonic())

    threads = {
        c.name: threading.Thread(
            target=read, args=(c,), name=f"ocnetview-{c.name}", daemon=True
        )
        for c in collectors
    }
    end = time.monotonic() + seconds
    _start(threads, collectors, end)
    far = frozenset(c.name for c in collectors if c.kind in FAR)
    waits = _waits(threads, far, seconds, end)
    stop.set()
    if not any(thread.is_alive() for thread in threads.values()):
        stop.close()
    told = tuple(_or_silent(s, waits[s.name]) for s in tuple(sources.values()))
    return Sample(time.time(), dict(facts), told)


def _start(
    threads: Mapping[str, threading.Thread],
    collectors: Iterable[Collector],
    end: float,
) -> None:
    """Begin to read, what is late once the runtimes were heard.

    Who asks a daemon begins before who asks the kernel: that one never waits.
    """
    late = {c.name for c in collectors if c.kind in LATE}
    runtimes = [c.name for c in collectors if c.kind is SourceKind.CONTAINERS]
    kernel = [c.name for c in collectors if c.kind is SourceKind.LINKS]
    near = (name for name in threads if name not in late)
    for name in sorted(near, key=lambda name: name in kernel):
        threads[name].start()
    if late:
        _join(threads, runtimes, min(end, time.monotonic() + LATE_SECONDS))
    for name in late:
        threads[name].start()


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


def _waits(
    threads: Mapping[str, threading.Thread],
    far: Collection[str],
    seconds: float,
    end: float,
) -> Mapping[str, str]:
    """Wait for these threads; return in words for how long, by the source's name."""
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
