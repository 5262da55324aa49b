"""The proc connector of this machine, where the kernel lets us listen."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest

from ocnetview.collectors.base import Attention, Focus, How, Stop
from ocnetview.collectors.proc_events import ProcEvents
from ocnetview.collectors.procfs import ProcessCollector
from ocnetview.config import Settings
from ocnetview.facts import ProcessFacts


@pytest.fixture
def events() -> Iterator[ProcEvents]:
    """Listen to the machine's processes."""
    try:
        listening = ProcEvents()
    except OSError as error:
        pytest.skip(f"no proc connector here: {error}")
    with closing(listening):
        yield listening


def test_a_fork_of_a_process_is_heard(events: ProcEvents) -> None:
    """The parent is one of those that are looked at."""
    subprocess.run(["true"], check=True)
    while not events.touched({os.getpid()}, ()):
        select.select([events], [], [])


def test_what_others_do_concerns_nobody(events: ProcEvents) -> None:
    """With nothing looked at nothing touches, unless so much came that some is lost."""
    subprocess.run(["true"], check=True)
    select.select([events], [], [])
    while events.touched((), ()):
        select.select([events], [], [])


@pytest.mark.usefixtures("events")
def test_a_tree_is_read_again_when_it_grows() -> None:
    """Not only at the next tick, which is far away."""
    attention, stop = Attention(Focus(pids=frozenset({os.getpid()}))), Stop()
    attention.pace(600)
    settings = Settings(proc_events=True)
    with closing(ProcessCollector(settings, attention).watch(stop)) as told:  # type: ignore[type-var]  # a generator
        assert next(told) == How("proc connector, polled every 600 s")
        assert isinstance(next(told), ProcessFacts)
        subprocess.run(["true"], check=True)
        assert isinstance(next(told), ProcessFacts)
    attention.close()
    stop.close()


@pytest.mark.usefixtures("events")
def test_what_comes_and_goes_between_two_readings_is_told() -> None:
    """With its parent, that it ended, and with what; for some seconds."""
    attention, stop = Attention(Focus(pids=frozenset({os.getpid()}))), Stop()
    attention.pace(600)
    settings = Settings(proc_events=True)
    with closing(ProcessCollector(settings, attention).watch(stop)) as told:  # type: ignore[type-var]  # a generator
        next(told)
        next(told)
        child = subprocess.Popen(["sh", "-c", "exit 3"])
        child.wait()
        found = {}
        while child.pid not in found:
            said = next(told)
            assert isinstance(said, ProcessFacts)
            found = {one.process.pid: one for one in said.brief}
            subprocess.run(["true"], check=True)
    brief = found[child.pid]
    assert (brief.process.ppid, brief.process.state) == (os.getpid(), "X")
    assert brief.code == 3 << 8
    attention.close()
    stop.close()
