"""A recorded node in place of a live one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import pairwise

from ocnetview.build import Joiner
from ocnetview.collectors.base import Focus
from ocnetview.facts import Netns, Sample
from ocnetview.joined import modelled
from ocnetview.model import NodeModel


class Replay:
    """Publishes the models of a recording, over and over, as an engine would."""

    def __init__(self, samples: Sequence[Sample], seconds: float = 1.0) -> None:
        """Take at least one sample, and how long each is shown."""
        self._samples = samples
        self._seconds = seconds
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, publish: Callable[[NodeModel], None]) -> None:
        """Begin to publish, from a thread of its own."""
        self._thread = threading.Thread(
            target=self._play, args=(publish,), name="ocnetview-replay", daemon=True
        )
        self._thread.start()

    def focus(self, focus: Focus) -> None:
        """Do nothing: all processes of the node were recorded."""

    def count(self, links: frozenset[int] | None) -> None:
        """Do nothing: all counters were recorded."""

    def watch(self, links: frozenset[tuple[Netns, int]]) -> None:
        """Do nothing: no others were recorded."""

    def pace(self, seconds: float) -> None:
        """Show each model this long from now on."""
        self._seconds = seconds

    def hold(self) -> None:
        """Do nothing: what was recorded is joined in no time that a key would miss."""

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._end.set()
        if self._thread:
            self._thread.join()

    def _play(self, publish: Callable[[NodeModel], None]) -> None:
        """Publish model after model until the end."""
        first = self._samples[0]
        pairs = list(pairwise(self._samples)) or [(first, first)]
        joiner = Joiner()
        while True:
            for before, now in pairs:
                publish(modelled(now, before, joiner.join))
                if self._end.wait(self._seconds):
                    return
