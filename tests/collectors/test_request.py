"""Requests that block, and that the end of the thread cuts short."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ocnetview.collectors.base import Stop
from ocnetview.collectors.request import ask_unless_stopped


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Give a stop that nobody has set."""
    stop = Stop()
    yield stop
    stop.close()


def test_an_answer_is_returned(stop: Stop) -> None:
    """What the request gives is returned, None too."""
    assert ask_unless_stopped(stop, lambda: 7) == 7
    assert ask_unless_stopped(stop, lambda: None) is None


def test_an_error_is_raised(stop: Stop) -> None:
    """What the request raises is raised where it was asked."""
    with pytest.raises(ZeroDivisionError):
        ask_unless_stopped(stop, lambda: 1 // 0)


def test_a_late_answer_is_discarded(stop: Stop) -> None:
    """Told to stop, the wait ends at once; what comes afterwards is handed back."""
    asked, go, late = threading.Event(), threading.Event(), threading.Event()
    discarded: list[int] = []

    def ask() -> int:
        asked.set()
        go.wait()
        return 7

    def discard(made: int) -> None:
        discarded.append(made)
        late.set()

    def end() -> None:
        asked.wait()
        stop.set()

    thread = threading.Thread(target=end)
    thread.start()
    with pytest.raises(InterruptedError):
        ask_unless_stopped(stop, ask, discard)
    assert discarded == []
    go.set()
    late.wait()
    thread.join()
    assert discarded == [7]


def test_once_stopped_nothing_is_waited_for(stop: Stop) -> None:
    """A request that begins after the end does not hold the thread up."""
    go = threading.Event()
    stop.set()
    with pytest.raises(InterruptedError):
        ask_unless_stopped(stop, go.wait)
    go.set()
