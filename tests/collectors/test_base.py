"""Stopping collectors and turning their attention."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator

import pytest

from ocnetview.collectors.base import Attention, Focus, Named, Stop
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import ContainerFacts, SourceKind


def test_stop_is_a_flag_and_a_descriptor() -> None:
    """Whoever waits by select is woken as well as who asks."""
    stop = Stop()
    assert not stop
    assert select.select([stop.fileno()], [], [], 0)[0] == []
    stop.set()
    assert stop
    assert stop.wait(0)
    assert select.select([stop.fileno()], [], [], 0)[0] == [stop.fileno()]
    stop.close()


def test_a_stop_that_nobody_holds_any_more_holds_no_descriptor() -> None:
    """A thread that hangs when all others are told to end may be the last to see it."""
    stop = Stop()
    fd = stop.fileno()
    del stop
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)


def test_what_blocks_is_closed_once_and_only_inside() -> None:
    """A closer runs when the end comes in its block, or came before it."""
    called: list[str] = []
    stop = Stop()
    with stop.closing(lambda: called.append("early")):
        pass
    with stop.closing(lambda: called.append("inside")):
        stop.set()
    with stop.closing(lambda: called.append("late")):
        pass
    assert called == ["inside", "late"]
    stop.close()


class Absent:
    """A collector whose source is not there after its first word."""

    name, kind, where = "cri", SourceKind.CONTAINERS, "unix:///x"

    def watch(self, _: Stop) -> Iterator[ContainerFacts]:
        """Yield once, then find nothing."""
        yield ContainerFacts("cri-o")
        raise SourceAbsentError(self.name, "connect", "no such socket", "is it up?")


def test_what_was_named_is_missed_where_it_is_not() -> None:
    """The same facts and words, but a failure and no mere absence."""
    stop = Stop()
    named = Named(Absent())
    assert (named.name, named.kind, named.where) == ("cri", "containers", "unix:///x")
    told = named.watch(stop)
    assert next(told) == ContainerFacts("cri-o")
    with pytest.raises(
        CollectorError, match=r"cri: cannot connect: .* \(is it up\?\)"
    ) as e:
        next(told)
    assert not isinstance(e.value, SourceAbsentError)
    stop.close()


def test_attention_wakes_on_another_focus_only() -> None:
    """The same focus again is no news; another one is there at once, and once."""
    stop, attention = Stop(), Attention()
    attention.turn(Focus())
    attention.turn(Focus(pids=frozenset({1})))
    attention.wait(600, stop)
    stop.set()
    attention.wait(600, stop)
    assert attention.focus.pids == {1}
    stop.close()
    attention.close()


def test_turning_after_the_end_is_no_error() -> None:
    """The screen may still be told of a click while everything closes."""
    attention = Attention()
    attention.close()
    attention.close()
    attention.turn(Focus(pids=frozenset({1})))
    assert attention.focus.pids == {1}
