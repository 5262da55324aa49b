"""Containers, from the Docker API and what else speaks it, by its event stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from ocnetview.collectors.base import How, Stop
from ocnetview.collectors.docker_endpoint import Endpoint, look_for_socket
from ocnetview.collectors.passes import Passes
from ocnetview.collectors.request import ask_unless_stopped
from ocnetview.facts import ContainerFacts, SourceKind

if TYPE_CHECKING:
    from ocnetview.collectors.docker_client import Daemon, Events

_BURST_SECONDS = 0.05
"""Events that come so close together cause one new list."""
_REST = 4.0
"""Rest this many times as long as a list took: events keep us only so busy."""
_REST_SECONDS = 2.0
"""But no longer than this."""
_SILENCE_SECONDS = 30.0
"""After this long without an event the daemon is asked whether it still answers."""


class DockerCollector:
    """Gives every container of a daemon, again after each event that changed them."""

    kind = SourceKind.CONTAINERS

    def __init__(self, endpoint: Endpoint, passes: Passes | None = None) -> None:
        """Ask the daemon at this address."""
        self._passes = passes
        self.name, self.where = endpoint.name, endpoint.where
        self._endpoint = endpoint

    def watch(self, stop: Stop) -> Iterator[ContainerFacts | How]:
        """Yield all containers, then again after each burst of events.

        Each list and each ping that is answered confirms them.

        Raises:
            CollectorError: the daemon cannot be asked, or stopped telling events.
            SourceAbsentError: its socket is not there.
        """
        with suppress(InterruptedError):
            daemon = ask_unless_stopped(stop, self._connect, _close)
            with closing(daemon):
                # Open before the first list, so that no change falls between them.
                events = ask_unless_stopped(stop, daemon.events, _close)
                with closing(events), stop.closing(events.happened.set):
                    yield from self._follow(daemon, events, stop)

    def _connect(self) -> Daemon:
        """Return a connection to the daemon.

        Raises:
            SourceAbsentError: there is no socket, which is seen without the client.
        """
        look_for_socket(self._endpoint)
        from ocnetview.collectors.docker_client import Daemon  # noqa: PLC0415 - cost

        return Daemon(self._endpoint, self._passes)

    def _follow(
        self, daemon: Daemon, events: Events, stop: Stop
    ) -> Iterator[ContainerFacts | How]:
        """Yield the facts of one connection."""
        yield How("events")
        shown = None
        while not stop:
            daemon.processes.forget(events.take())
            began = time.monotonic()
            facts = ask_unless_stopped(stop, daemon.read, lambda _: daemon.close())
            took = time.monotonic() - began
            shown = facts if facts != shown else shown
            yield shown or facts
            while not events.happened.wait(_SILENCE_SECONDS):
                # A daemon that hangs sends no events, as one where nothing happens.
                ask_unless_stopped(stop, daemon.ping, lambda _: daemon.close())
                yield shown
            stop.wait(max(_BURST_SECONDS, min(_REST * took, _REST_SECONDS)))


def _close(late: Daemon | Events) -> None:
    """Close what was opened after the end."""
    late.close()
