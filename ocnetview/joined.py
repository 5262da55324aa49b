"""A sample as a model, whatever is in it; and when it may take the time for that."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from ocnetview.facts import Sample, Source, SourceState
from ocnetview.model import NodeModel

JOIN = "join"
"""The name under which a failure to join is shown among the sources."""
KEY_SECONDS = 0.04
"""How long a key has the processor for itself: about what it takes to be painted."""
MOST_SECONDS = 0.05
"""But a model waits for keys no longer than this, however many come."""


def modelled(
    now: Sample,
    before: Sample | None = None,
    join: Callable[[Sample, Sample | None], NodeModel] | None = None,
) -> NodeModel:
    """Return the model of a sample; one that cannot be joined is a source down.

    The edge of whoever joins: facts that no collector should give must not end the
    screen. Who joins again and again does it by a Joiner's `join`.
    """
    if join is None:
        from ocnetview.build import build_model  # noqa: PLC0415 - cost: few want it

        join = build_model

    try:
        return join(now, before)
    except Exception as error:  # noqa: BLE001 - the edge of the thread
        reason = f"cannot join what the sources say: {type(error).__name__}: {error}"
        failed = Source(JOIN, SourceState.DOWN, reason=reason)
        return NodeModel(sources=(*now.sources, failed), at=now.at)


def older(model: NodeModel, sources: Iterable[Source]) -> NodeModel:
    """Return the model with its sources as old as these; nothing is joined for that."""
    ages = {source.name: source.age for source in sources}
    aged = (replace(one, age=ages.get(one.name)) for one in model.sources)
    return replace(model, sources=tuple(aged))


class Precedence:
    """Lets what the user does come before what is joined and published."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def hold(self) -> None:
        """Take a key: it comes first from now on, for a moment."""
        self._until = self._clock() + KEY_SECONDS

    def give(self, wait: Callable[[float], object], most: float) -> float:
        """Wait for as long as a key comes first; return what is left of `most`."""
        while (seconds := min(self._until - self._clock(), most)) > 0:
            wait(seconds)
            most -= seconds
        return most
