"""Pins that come and go, at the kernel's word."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocnetview.collectors.pin_events import PinEvents
from ocnetview.config import Settings

PROBE = """
import subprocess, sys
from pathlib import Path
from ocnetview.collectors.pin_events import PinEvents
from ocnetview.config import Settings
pins = Path(sys.argv[1])
(pins / "pin").touch()
events = PinEvents(Settings(netns_dirs=(str(pins),)))
assert events.works
said = [events.heard()]
subprocess.run(["mount", "--bind", "/proc/self/ns/net", pins / "pin"], check=True)
said += [events.heard(), events.heard()]
subprocess.run(["umount", pins / "pin"], check=True)
said += [events.heard(), events.heard()]
print(said)
"""
"""Mounts a pin over a file that was there, and takes it away again."""


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """Give a folder for pins."""
    folder = tmp_path / "pins"
    folder.mkdir()
    return folder


@pytest.fixture
def events(pins: Path) -> Iterator[PinEvents]:
    """Give what hears of that folder, all that was there before heard."""
    made = PinEvents(Settings(netns_dirs=(str(pins),)))
    if not made.works:
        pytest.skip("no inotify instance is left for this user")
    made.heard()
    yield made
    made.close()


def test_a_file_that_comes_or_goes_is_heard_once(pins: Path, events: PinEvents) -> None:
    """Then all is quiet again."""
    (pins / "pin").touch()
    assert (events.heard(), events.heard()) == (True, False)
    (pins / "pin").unlink()
    assert (events.heard(), events.heard()) == (True, False)


def test_a_folder_that_comes_later_is_listened_to(tmp_path: Path) -> None:
    """Docker makes its own with its first container; something else is heard then."""
    late = tmp_path / "late"
    early = tmp_path / "early"
    early.mkdir()
    made = PinEvents(Settings(netns_dirs=(str(early), str(late))))
    if not made.works:
        pytest.skip("no inotify instance is left for this user")
    made.heard()
    late.mkdir()
    (early / "x").touch()
    assert made.heard()
    (late / "pin").touch()
    assert made.heard()
    made.close()


def test_what_may_not_be_listened_to_is_always_looked_at(tmp_path: Path) -> None:
    """Without a list of mounts all may have changed; nothing is left open."""
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - names, as they are
    made = PinEvents(Settings(proc=str(tmp_path), netns_dirs=()))
    assert (made.works, made.heard(), made.heard()) == (False, True, True)
    assert (made.readable, made.exceptional) == ([], [])
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208 - the same
    made.close()


def test_a_pin_is_heard_when_it_is_mounted(pins: Path) -> None:
    """The file was there before; that a namespace lies over it, the mounts tell."""
    if os.geteuid():
        pytest.skip("needs root to mount")
    command = ("unshare", "--mount", "--propagation", "private", sys.executable)
    done = subprocess.run(
        [*command, "-c", PROBE, str(pins)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str([False, True, False, True, False])
