"""A request that blocks in a library, and that the end of the thread cuts short."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from ocnetview.collectors.base import Stop

T = TypeVar("T")


class _Handover(Generic[T]):
    """Passes what a thread made to the one that waits, or discards it if none does."""

    def __init__(self, discard: Callable[[T], None]) -> None:
        self.done = threading.Event()
        self._discard = discard
        self._lock = threading.Lock()
        self._made: list[T] = []
        self._error: Exception | None = None
        self._abandoned = False

    def run(self, ask: Callable[[], T]) -> None:
        """Ask, and keep the answer or the error."""
        try:
            made = ask()
        except Exception as error:  # noqa: BLE001 - a thread's edge; raised in `take`
            self._error = error
        else:
            with self._lock:
                self._made.append(made)
                if self._abandoned:
                    self._discard(made)
        self.done.set()

    def take(self) -> T:
        """Return the answer or raise the error; without one, want none any more."""
        with self._lock:
            self._abandoned = not self._made
        if self._error is not None:
            raise self._error
        if self._abandoned:
            raise InterruptedError(errno.EINTR, "told to stop")
        return self._made[0]


def ask_unless_stopped(
    stop: Stop, ask: Callable[[], T], discard: Callable[[T], None] = lambda _: None
) -> T:
    """Return what `ask` returns, but do not wait for it once told to stop.

    It runs in a thread of its own, which ends when `ask` does: so `ask` needs a
    timeout. What comes too late is given to `discard`.

    Raises:
        InterruptedError: told to stop meanwhile.
        Exception: whatever `ask` raises.
    """
    handover = _Handover(discard)
    thread = threading.Thread(
        target=handover.run, args=(ask,), name="ocnetview-request", daemon=True
    )
    with stop.closing(handover.done.set):
        thread.start()
        handover.done.wait()
    return handover.take()
