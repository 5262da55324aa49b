"""How a source is doing: what is known of it, and how old that is by now."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Source, SourceState
from ocnetview.units import coarse

STEPS = (15, 30, 60, 120)
"""Seconds at which an age is told anew; most sources are confirmed sooner than that."""
_LONGER = ((7200, 60), (172800, 3600))
"""Up to these ages by steps of so many seconds; after that by days."""
_DAY = 86400


def told_age(seconds: float) -> int:
    """Return an age as it is told: by a few steps, then as `units.coarse` has it."""
    if seconds >= STEPS[-1]:
        return coarse(seconds)
    return max((step for step in STEPS if step <= seconds), default=0)


def until_older(seconds: float) -> float:
    """Return in how many seconds something of this age is told to be older."""
    for step in STEPS:
        if seconds < step:
            return step - seconds
    size = next((size for end, size in _LONGER if seconds < end), _DAY)
    return size - seconds % size


class Health:
    """What is known of one source's health; `now` is a monotonic clock's time.

    Each change is told by True: the source is not what it was before.
    """

    def __init__(self, source: Source) -> None:
        """Begin with a source that was not heard yet."""
        self._source = source
        self._confirmed: float | None = None

    @property
    def state(self) -> SourceState:
        """Return how it is doing."""
        return self._source.state

    def confirm(self, now: float) -> bool:
        """Note that what it said is true now; after a gap it was read again whole."""
        source = self._source
        again = source.state is not SourceState.UP and self._confirmed is not None
        resyncs = source.resyncs + again
        self._confirmed = now
        return self._set(
            replace(source, state=SourceState.UP, reason="", resyncs=resyncs)
        )

    def keep_fresh(self, how: str) -> bool:
        """Note by which means it hears of changes."""
        return self._set(replace(self._source, how=how))

    def doubt(self, reason: str) -> bool:
        """Note that what it said may not be true any more."""
        return self._set(replace(self._source, state=SourceState.STALE, reason=reason))

    def fail(self, state: SourceState, reason: str) -> bool:
        """Note why it does not answer; by no means it is kept fresh then."""
        return self._set(replace(self._source, state=state, reason=reason, how=""))

    def at(self, now: float) -> Source:
        """Return the source with the age of what it said."""
        if self._confirmed is None:
            return self._source
        return replace(self._source, age=told_age(now - self._confirmed))

    def until_older(self, now: float) -> float | None:
        """Return in how many seconds `at` is another; None for never."""
        return None if self._confirmed is None else until_older(now - self._confirmed)

    def _set(self, source: Source) -> bool:
        before, self._source = self._source, source
        return before != source


def failure(error: Exception) -> tuple[SourceState, str]:
    """Return a source's state and why, without its name, which stands beside it.

    Even a bug in a collector is a source that is down, never the program's end.
    """
    if not isinstance(error, CollectorError):
        return SourceState.DOWN, f"{type(error).__name__}: {error}"
    advice = f" ({error.hint})" if error.hint else ""
    absent = isinstance(error, SourceAbsentError)
    state = SourceState.ABSENT if absent else SourceState.DOWN
    return state, f"cannot {error.doing}: {error.reason}{advice}"
