"""Sandboxes and containers, from each runtime of the node that speaks the CRI."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from ocnetview.collectors.base import How, Stop
from ocnetview.collectors.cri_probe import serves_no_cri
from ocnetview.collectors.cri_sockets import (
    Endpoint,
    find_endpoints,
    no_cri,
    places,
    socket_path,
)
from ocnetview.collectors.passes import Passes
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import ContainerFacts, SourceKind

if TYPE_CHECKING:
    from ocnetview.collectors.cri_events import CriEvents
    from ocnetview.collectors.cri_reader import CriReader

_BURST_SECONDS = 0.1
"""Events that come so close together cause one new list."""
_REST = 4.0
"""Rest this many times as long as a list took: events keep a runtime only so busy."""
_REST_SECONDS = 2.0
"""But no longer than this."""
_SOON_SECONDS = 0.25
"""After an event the lists are read again then, and after twice as long each time.

A cgroup is there before its container runs, and is gone before the runtime says so;
nothing else tells when the runtime has caught up.
"""
_QUIET_SECONDS = 20.0
"""The lists are read again then whatever happens: a hung runtime is silent too."""


def cri_collectors(
    settings: Settings, passes: Passes | None = None
) -> tuple[CriCollector, ...]:
    """Return a collector for each runtime that is here or was given; one at least."""
    found = find_endpoints(settings)
    return tuple(CriCollector(settings, one, passes) for one in found or (None,))


class CriCollector:
    """Gives every sandbox and container of a runtime, again when they change."""

    kind = SourceKind.CONTAINERS

    def __init__(
        self,
        settings: Settings,
        endpoint: Endpoint | None = None,
        passes: Passes | None = None,
    ) -> None:
        """Ask at this endpoint; without one, at the first that is found later on."""
        self.name = endpoint.name if endpoint else "cri"
        self.where = endpoint.where if endpoint else ""
        self._settings = settings
        self._passes = passes

    def watch(self, stop: Stop) -> Iterator[ContainerFacts | How]:
        """Yield all sandboxes and containers, then again when they changed.

        Each time that both lists were read confirms them.

        Raises:
            CollectorError: the runtime cannot be asked.
            SourceAbsentError: its socket is not there, or serves no CRI.
        """
        settings, where = self._settings, self.where or self._found()
        if serves_no_cri(socket_path(where, self.name)):
            raise no_cri(self.name)
        # After that: where there is no socket and no CRI, gRPC is not loaded.
        from ocnetview.collectors.cri_events import CriEvents  # noqa: PLC0415
        from ocnetview.collectors.cri_reader import CriReader  # noqa: PLC0415

        root, name, passes = settings.host_root, self.name, self._passes
        reader = CriReader(where, settings.proc, root, name=name, passes=passes)
        with (
            closing(reader),
            stop.closing(reader.close),
            closing(CriEvents(settings)) as events,
        ):
            yield from self._follow(reader, events, stop)

    def _found(self) -> str:
        """Return where a runtime answers by now."""
        for endpoint in find_endpoints(self._settings):
            return endpoint.where
        reason = f"no socket at {places(self._settings)}"
        hint = "see CONTAINER_RUNTIME_ENDPOINT"
        raise SourceAbsentError(self.name, "find a CRI runtime", reason, hint)

    def _follow(
        self, reader: CriReader, events: CriEvents, stop: Stop
    ) -> Iterator[ContainerFacts | How]:
        """Yield the facts of one connection."""
        shown, delay, how = None, _QUIET_SECONDS, ""
        while not stop:
            events.drain()
            began = time.monotonic()
            try:
                facts = reader.read()
            except CollectorError:
                if stop:
                    return
                raise
            took = time.monotonic() - began
            events.look(one.pid for one in facts.containers if one.pid)
            events.follow(reader.listener)
            if how != events.how:
                how = events.how
                yield How(f"{how}, list every {_QUIET_SECONDS:g} s")
            shown = facts if facts != shown else shown
            yield shown or facts
            heard = reader.unfinished or events.wait(stop, delay)
            delay = _SOON_SECONDS if heard else min(2 * delay, _QUIET_SECONDS)
            if heard:
                stop.wait(max(_BURST_SECONDS, min(_REST * took, _REST_SECONDS)))
