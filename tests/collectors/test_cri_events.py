"""What makes it worthwhile to ask a runtime again, heard from the real kernel."""

from __future__ import annotations

import ctypes
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ocnetview.collectors.base import Stop
from ocnetview.collectors.cri_events import CriEvents
from ocnetview.config import Settings

CLONE_NEWNET = 0x40000000
LONG = 30.0
"""Seconds that no test waits unless it fails."""


def elsewhere(task: Callable[[], bool]) -> bool:
    """Return what a task gives in a network namespace made for it."""
    told: list[bool] = []
    refused: list[int] = []

    def run() -> None:
        if ctypes.CDLL(None).unshare(CLONE_NEWNET):
            refused.append(1)
        else:
            told.append(task())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if refused:
        pytest.skip("needs CAP_SYS_ADMIN")
    return told[0]


def settings(proc: Path) -> Settings:
    """Return the settings of a node without any cgroup."""
    return Settings(proc=str(proc), refresh=0.01)


def test_a_link_that_changes_is_heard(tmp_path: Path) -> None:
    """Each pod has one, so that a change of any may be one of pods."""

    def change() -> bool:
        with closing(CriEvents(settings(tmp_path))) as events:
            before = events.drain()
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            return events.wait(Stop(), LONG) and not before

    assert elsewhere(change)


def test_the_wait_ends_when_told_to_stop(tmp_path: Path) -> None:
    """It is the collector's longest."""
    stop = Stop()
    stop.set()
    with closing(CriEvents(settings(tmp_path))) as events:
        assert not events.wait(stop, LONG)
    stop.close()


def test_nothing_is_no_event(tmp_path: Path) -> None:
    """Where nothing happens the time runs out."""

    def wait() -> bool:
        with closing(CriEvents(settings(tmp_path))) as events:
            return events.wait(Stop(), 0.001)

    assert not elsewhere(wait)


def test_what_cannot_be_watched_is_looked_for(tmp_path: Path) -> None:
    """A container whose cgroup is out of sight makes it turn to the processes."""
    pid = tmp_path / "7"
    pid.mkdir()
    (pid / "cgroup").write_text(f"0::/elsewhere/{1:064x}\n")
    (tmp_path / "self").mkdir()
    line = f"30 24 0:27 / {tmp_path} rw - cgroup2 cgroup2 rw\n"
    (tmp_path / "self" / "mountinfo").write_text(line)

    def wait() -> bool:
        with closing(CriEvents(settings(tmp_path))) as events:
            events.look([7])
            events.drain()
            new = tmp_path / "8"
            new.mkdir()
            (new / "cgroup").write_text(f"0::/elsewhere/{2:064x}\n")
            return events.wait(Stop(), LONG)

    assert elsewhere(wait)


def test_all_descriptors_are_given_back(tmp_path: Path) -> None:
    """Nothing of it stays open."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    CriEvents(settings(tmp_path)).close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_end_of_the_runtime_is_heard(tmp_path: Path) -> None:
    """Nothing else tells of a crash; and a process ends once."""

    def end() -> bool:
        with (
            subprocess.Popen(["sleep", "1000"]) as runtime,
            closing(CriEvents(settings(tmp_path))) as events,
        ):
            events.follow(runtime.pid)
            before = events.wait(Stop(), 0.001)
            runtime.kill()
            heard = events.wait(Stop(), LONG)
            events.follow(runtime.pid)
            return heard and not before and not events.wait(Stop(), 0.001)

    assert elsewhere(end)


def test_who_cannot_be_followed_is_no_error(tmp_path: Path) -> None:
    """A runtime of another pid namespace is 0, and one that has just ended is none."""
    with closing(CriEvents(settings(tmp_path))) as events:
        events.follow(0)
        events.follow(2**22 + 1)
        assert not events.wait(Stop(), 0.001)
