"""Whose turn it is to be looked at again: of the young soon, of the old rarely."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import islice, takewhile
from typing import Generic, TypeVar

K = TypeVar("K")


class Turns(Generic[K]):
    """Tells whom to look at again, a few of the old at a time.

    Who came all at once is so looked at one by one later: no look is a dear one.
    """

    def __init__(
        self,
        rest: float,
        portion: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Give so many of the old at a time, each after a rest in seconds."""
        self._rest, self._portion, self._clock = rest, portion, clock
        self._young: dict[K, tuple[float, ...]] = {}
        """When the turns of each come, the next one first."""
        self._looked: dict[K, float] = {}
        """When each was looked at, who waits longest first."""

    def begin(self, keys: Iterable[K], ages: tuple[float, ...]) -> None:
        """Take these as looked at now, and as due at these ages; in seconds."""
        now = self._clock()
        due = tuple(now + age for age in ages)
        for key in keys:
            self._young.pop(key, None)
            if due:
                self._young[key] = due
            self._look(key, now)

    def end(self, keys: Iterable[K]) -> None:
        """Forget these."""
        for key in keys:
            self._young.pop(key, None)
            self._looked.pop(key, None)

    def take(self) -> list[K]:
        """Return whose turn it is now, as looked at from now on."""
        now = self._clock()
        found = [key for key, due in self._young.items() if due[0] <= now]
        for key in found:
            left = tuple(at for at in self._young.pop(key) if at > now)
            if left:
                self._young[key] = left
            self._look(key, now)
        tired = takewhile(lambda k: self._looked[k] + self._rest <= now, self._looked)
        old = [*islice(tired, self._portion)]
        for key in old:
            self._look(key, now)
        return found + old

    def _look(self, key: K, now: float) -> None:
        self._looked.pop(key, None)
        self._looked[key] = now
