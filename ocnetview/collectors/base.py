"""What a collector is, and how it is told to stop or to look elsewhere."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Facts, Netns, SourceKind
from ocnetview.frozen import dataclass


class Stop:
    """Tells a collector's thread to end; waited for as a flag or a descriptor."""

    _fd = -1

    def __init__(self) -> None:
        self._event = threading.Event()
        self._fd = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._closers: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Claim that the thread must end."""
        return self._event.is_set()

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when the thread must end."""
        return self._fd

    def wait(self, seconds: float) -> bool:
        """Wait this long at most; return whether the thread must end."""
        return self._event.wait(seconds)

    def set(self) -> None:
        """End the thread: wake it and close what it blocks on."""
        with self._lock:
            self._event.set()
            os.eventfd_write(self._fd, 1)
            for close in self._closers:
                close()

    @contextmanager
    def closing(self, close: Callable[[], None]) -> Iterator[None]:
        """Call `close` from the stopping thread while this block runs.

        For a library that blocks in a read of its own and can only be woken by
        closing what it reads from.
        """
        with self._lock:
            if self:
                close()
            self._closers.append(close)
        try:
            yield
        finally:
            with self._lock:
                self._closers.remove(close)

    def close(self) -> None:
        """Give the descriptor back, once no thread waits for it any more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __del__(self) -> None:
        """Give it back when the last thread that was not waited for has ended."""
        self.close()


class Runs(Protocol):
    """A container, or a sandbox, that may have a process."""

    @property
    def id(self) -> str:
        """Return its id, which its cgroup bears."""

    @property
    def pid(self) -> int | None:
        """Return its main process in the host's numbering; None without one."""


@dataclass(frozen=True, slots=True)
class Focus:
    """Which containers and processes are looked at, so worth reading now."""

    containers: frozenset[tuple[str, int]] = frozenset()
    """Container id and main pid."""
    pids: frozenset[int] = frozenset()
    """Single processes, whatever they belong to."""
    everything: bool = False
    """Claims that every process of the node is looked at.

    The containers then tell whose those are whose cgroup names none.
    """
    threads: frozenset[str] | None = frozenset()
    """Ids of the containers whose threads are looked at; None: those of all."""

    @classmethod
    def on(cls, containers: Iterable[Runs], pids: Iterable[int] = ()) -> Focus:
        """Return the focus on these containers, as far as they run, and processes."""
        running = ((c.id, c.pid) for c in containers if c.pid)
        return cls(frozenset(running), frozenset(pids))

    @classmethod
    def on_all(cls, containers: Iterable[Runs] = ()) -> Focus:
        """Return the focus on every process of the node, told of its containers."""
        return replace(cls.on(containers), everything=True)

    def and_threads(self, containers: Iterable[str] | None = None) -> Focus:
        """Return the same focus with the threads of these containers, or of all."""
        ids = None if containers is None else frozenset(containers)
        return replace(self, threads=ids)


class HasFileno(Protocol):
    """What a thread can wait for."""

    def fileno(self) -> int:
        """Return a descriptor that becomes readable."""


class Attention:
    """Hands the focus from the front end to the collectors that read by it."""

    counted: frozenset[int] | None = frozenset()
    """Our own links whose counters are looked at, by ifindex; None for all of them."""
    watched: frozenset[tuple[Netns, int]] = frozenset()
    """Links, here or in other namespaces, whose counters are wanted besides."""

    def __init__(self, focus: Focus | None = None, refresh: float = 1.0) -> None:
        self.focus = focus or Focus()
        self.refresh = refresh
        """Seconds between two readings of counters and processes."""
        self._turned = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def turn(self, focus: Focus) -> None:
        """Look at this from now on."""
        if focus != self.focus:
            self.focus = focus
            if self._turned >= 0:
                os.eventfd_write(self._turned, 1)

    def pace(self, seconds: float) -> None:
        """Read this often from now on, beginning at once."""
        self.refresh = seconds
        if self._turned >= 0:
            os.eventfd_write(self._turned, 1)

    def wait(
        self, seconds: float, stop: Stop, others: Iterable[HasFileno] = ()
    ) -> None:
        """Wait for the next tick, a change of focus, the end, or one of the others."""
        watched = [stop.fileno(), self._turned, *(one.fileno() for one in others)]
        ready, _, _ = select.select(watched, [], [], seconds)
        if self._turned in ready:
            os.eventfd_read(self._turned)

    def close(self) -> None:
        """Give the descriptor back, once no thread waits for it any more."""
        if self._turned >= 0:
            os.close(self._turned)
            self._turned = -1


@dataclass(frozen=True, slots=True)
class How:
    """A notice: by which means the source is kept fresh from now on."""

    text: str
    """Such as `events`, `monitor`, `events, list every 20 s`, `polled every 1 s`."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A notice: what the source said last may not be true any more.

    It is being read again whole, and the facts that follow make it fresh.
    """

    reason: str
    """Such as `events were lost`; safe to print."""


def until_tick(refresh: float) -> float:
    """Return in how many seconds the next tick is, the same moment for all threads.

    What wakes up together shares what a node that slept has to bring back to its
    caches, and a burst of facts is joined once.
    """
    left = refresh - time.monotonic() % refresh
    return left if left > refresh / 10 else left + refresh


class Collector(Protocol):
    """Reads one source and gives its whole fact set again on each change."""

    name: str
    """The source's name, as the status bar shows it; no two have the same."""
    kind: SourceKind
    """What it tells of."""
    where: str
    """The socket, address or folder it reads, for `ocnetview sources`."""

    def watch(self, stop: Stop) -> Iterator[Facts | How | Stale]:
        """Yield the facts, then again after each change, until stopped.

        The very same facts once more confirm that they are still true. `How` comes
        before the first facts, and when another means is used from now on.

        Raises:
            CollectorError: the source cannot be read; the engine tries again.
            SourceAbsentError: the node does not have it.
        """
        ...


class Named:
    """A collector whose source the user named: not to find it is a failure."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self.name, self.kind = collector.name, collector.kind
        self.where = collector.where

    def watch(self, stop: Stop) -> Iterator[Facts | How | Stale]:
        """Yield what the collector yields.

        Raises:
            CollectorError: also where the source is not there.
        """
        try:
            yield from self._collector.watch(stop)
        except SourceAbsentError as error:
            raise CollectorError(
                error.source, error.doing, error.reason, error.hint
            ) from error
