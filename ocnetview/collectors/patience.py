"""Which open questions are worth a search: most answer themselves in a moment."""

from __future__ import annotations

import time
from collections.abc import Callable

from ocnetview.collectors.numbering import Question, Sign, Signs

_SECONDS = 2.0
"""How long a question may stay open before it is searched for.

A namespace that begins has links before it has a pin or process that we saw, and one
that ends has them a while longer.
"""


class Patience:
    """Lets questions ripen, by the links that raise them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the clock, in seconds."""
        self._clock = clock
        self._since: dict[Sign, float] = {}
        self.until: float | None = None
        """When the next question is ripe, by the same clock; None without one."""

    def at_once(self, signs: Signs) -> frozenset[Question]:
        """Return every question, and let none of them ripen once more."""
        long_ago = self._clock() - _SECONDS
        self._since = {sign: long_ago for some in signs.values() for sign in some}
        self.until = None
        return frozenset(signs)

    def ripe(self, signs: Signs) -> frozenset[Question]:
        """Return the questions that a link has raised for long enough."""
        now = self._clock()
        every = {sign for some in signs.values() for sign in some}
        self._since = {sign: self._since.get(sign, now) for sign in every}
        waiting = [since for since in self._since.values() if now - since < _SECONDS]
        self.until = min(waiting) + _SECONDS if waiting else None
        return frozenset(
            question
            for question, some in signs.items()
            if any(now - self._since[sign] >= _SECONDS for sign in some)
        )
