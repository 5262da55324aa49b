"""What a runtime told of each sandbox or container, kept while it stays true."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, Protocol, TypeVar

from google.protobuf.message import Message

from ocnetview.collectors.cri_client import Answers
from ocnetview.units import printable

T = TypeVar("T")
M = TypeVar("M", bound=Message)

_AGAIN_SECONDS = 30.0
"""What a runtime failed to tell is asked for again then, or when it changed."""
_UNASKED = "not asked yet, for the runtime answers slowly"

Version = tuple[int, int, int]
"""created_at, state and attempt: while they stay, so does what was told."""


class _Named(Protocol):
    @property
    def attempt(self) -> int: ...


class Listed(Protocol):
    """A sandbox or container, as a list has it."""

    @property
    def created_at(self) -> int:
        """Return when it was made, in nanoseconds since the epoch."""

    @property
    def state(self) -> int:
        """Return its state's number."""

    @property
    def metadata(self) -> _Named:
        """Return what names it."""


class Kept(Generic[T]):
    """What was told of each of them, by their ids."""

    def __init__(self) -> None:
        self._now: dict[str, Version] = {}
        self._told: dict[str, tuple[Version, T]] = {}
        self._failed: dict[str, tuple[Version, float, str]] = {}

    def get(self, one: str) -> T | None:
        """Return what was told last; None for nothing."""
        told = self._told.get(one)
        return told[1] if told else None

    @property
    def unfinished(self) -> bool:
        """Claim that there was no time to ask about some of them."""
        return any(failed[2] == _UNASKED for failed in self._failed.values())

    def troubles(self) -> list[str]:
        """Return what could not be told, each with the reason."""
        return [f"{printable(one[:13])}: {f[2]}" for one, f in self._failed.items()]

    def expect(self, listed: Mapping[str, Listed]) -> None:
        """Keep what was told of these only, as they are now."""
        self._now = {
            one: (entry.created_at, entry.state, entry.metadata.attempt)
            for one, entry in listed.items()
        }
        self._told = {i: told for i, told in self._told.items() if i in self._now}
        self._failed = {
            i: failed for i, failed in self._failed.items() if i in self._now
        }

    def expects(self, one: str) -> bool:
        """Claim that this is one of those that are listed."""
        return one in self._now

    def ask(
        self,
        ids: Iterable[str],
        ask: Callable[[Iterable[str]], Answers[M]],
        read: Callable[[M], T],
    ) -> set[str]:
        """Ask about those of which nothing is known as they are; return the gone."""
        answers = ask([one for one in ids if not self._is_known(one)])
        for one, reply in answers.found.items():
            self._told[one] = (self._now[one], read(reply))
            self._failed.pop(one, None)
        again = time.monotonic() + _AGAIN_SECONDS
        for one, why in answers.troubles.items():
            self._failed[one] = (self._now[one], again, why)
        for one in answers.unasked:
            self._failed[one] = (self._now[one], -math.inf, _UNASKED)
        return answers.gone

    def learn(
        self,
        listed: Mapping[str, Listed],
        ask: Callable[[Iterable[str]], Answers[M]],
        read: Callable[[M], T],
    ) -> set[str]:
        """Expect these and ask about what is new of them; return the gone."""
        self.expect(listed)
        return self.ask(listed, ask, read)

    def _is_known(self, one: str) -> bool:
        now = self._now[one]
        if one in self._told and self._told[one][0] == now:
            return True
        failed = self._failed.get(one)
        return failed is not None and failed[0] == now and time.monotonic() < failed[1]
