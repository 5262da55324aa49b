"""What a collector tells, without what only says how it is doing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

from ocnetview.collectors.base import Attention, Collector, How, Stale, Stop

T = TypeVar("T")


def news(said: Iterable[T | How | Stale]) -> Iterator[T]:
    """Yield the facts that are others than those before: no notice, nothing twice."""
    last = None
    for one in said:
        if not isinstance(one, (How, Stale)) and one is not last:
            last = one
            yield one


def everything(refresh: float = 1.0) -> Attention:
    """Return what looks at the counters of all links."""
    attention = Attention(refresh=refresh)
    attention.counted = None
    return attention


@contextmanager
def listening(collector: Collector) -> Iterator[Iterator[object]]:
    """Give all that a collector says, and hang up afterwards."""
    stop = Stop()
    with closing(collector.watch(stop)) as said:  # type: ignore[type-var]  # a generator
        yield said
    stop.close()
