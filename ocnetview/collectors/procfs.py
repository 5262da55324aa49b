"""The processes of the containers that are looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

from ocnetview.collectors.base import Attention, Focus, How, Stop, until_tick
from ocnetview.collectors.process_reader import ProcessReader
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Brief, ProcessFacts, SourceKind
from ocnetview.records import changed

if TYPE_CHECKING:
    from ocnetview.collectors.proc_events import ProcEvents

_REST_SECONDS = 0.1
"""Between two readings, however often the kernel tells of something."""
_LINGER = 5.0
"""Seconds for which each reading tells of a process that came and went unseen."""
_REST_OF_ALL = 40
"""After every process of the node was read, rest this many times as long as it took of
the thread's own time; what follows from thousands takes about as long again."""


class ProcessCollector:
    """Gives the processes in focus at every tick, and at once when that turns.

    Where that is wanted and allowed, also as soon as one forks, executes or ends.
    """

    name = "procfs"
    kind = SourceKind.PROCESSES

    def __init__(self, settings: Settings, attention: Attention) -> None:
        self.where = settings.proc
        self._listen = settings.proc_events
        self._attention = attention
        self._reader = ProcessReader(settings.proc, settings.host_root)
        self._brief: list[tuple[float, Brief]] = []
        """Those that came and went unseen, with when they are told of no longer."""
        self._rest = _REST_SECONDS
        """Until the next reading at least, whatever happens meanwhile."""

    def watch(self, stop: Stop) -> Iterator[ProcessFacts | How]:
        """Yield the processes in focus until stopped; with no focus, none.

        Raises:
            SourceAbsentError: there is no proc file system at that place.
            CollectorError: it is not readable.
        """
        with ExitStack() as held:
            events = self._events(held) if self._listen else None
            also = "proc connector, " if events else ""
            read, facts, told = Focus(), ProcessFacts(), 0.0
            while not stop:
                focus = self._attention.focus
                if told != self._attention.refresh:
                    told = self._attention.refresh
                    yield How(f"{also}polled every {told:g} s")
                began = time.thread_time()
                before, facts = facts, self._read(focus)
                if events:
                    facts = self._with_brief(events, before, facts)
                self._rest = _REST_SECONDS
                if focus.everything and not _is_elsewhere(focus, read):
                    # Not after the first one: rates need a second.
                    self._rest = _REST_OF_ALL * (time.thread_time() - began)
                read = focus
                yield facts
                self._wait(stop, focus, facts, events)

    def _events(self, held: ExitStack) -> ProcEvents | None:
        """Return the kernel's events; None where they are not for us."""
        from ocnetview.collectors.proc_events import ProcEvents  # noqa: PLC0415 - rare

        with suppress(OSError):  # other namespaces than the first, or no right
            return held.enter_context(closing(ProcEvents(self.where)))
        return None

    def _with_brief(
        self, events: ProcEvents, before: ProcessFacts, now: ProcessFacts
    ) -> ProcessFacts:
        """Return a reading with those of the last seconds that none has seen."""
        old, new = ({p.pid: p for p in one.processes} for one in (before, now))
        end = now.at + _LINGER
        self._brief += [(end, one) for one in events.passing.take(old, new)]
        self._brief = [(end, one) for end, one in self._brief if end > now.at]
        return changed(now, brief=tuple(one for _, one in self._brief))

    def _wait(
        self, stop: Stop, focus: Focus, facts: ProcessFacts, events: ProcEvents | None
    ) -> None:
        """Wait for the next tick, another focus, or what happens to what is in it."""
        began, refresh = time.monotonic(), self._attention.refresh
        end = began + max(self._rest, until_tick(refresh))
        heard = [events] if events and focus != Focus() else []
        rested = began + self._rest if heard else end
        pids = {process.pid for process in facts.processes}
        containers = {container for container, _ in focus.containers}
        while not stop and not _is_elsewhere(self._attention.focus, focus):
            if self._attention.refresh != refresh:
                return
            now = time.monotonic()
            if now >= end:
                return
            if now < rested:
                self._attention.wait(min(rested, end) - now, stop)
            else:
                self._attention.wait(end - now, stop, heard)
                if any(one.touched(pids, containers) for one in heard):
                    return

    def _read(self, focus: Focus) -> ProcessFacts:
        """Return the processes in focus."""
        try:
            return self._reader.read(focus)
        except FileNotFoundError as error:
            raise SourceAbsentError(
                self.name, f"read {self.where}", "no proc file system there"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, f"read {self.where}", reason) from error


def _is_elsewhere(focus: Focus, before: Focus) -> bool:
    """Claim that something else is looked at, not only more or fewer containers of all.

    While every process is looked at, containers come and go without a turn.
    """
    if focus.everything and before.everything:
        return focus.threads != before.threads
    return focus != before
