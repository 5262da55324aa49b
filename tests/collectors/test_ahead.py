"""Links that a child process reads before they are asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from collectors.test_links import UNSHARE
from collectors.test_updating import plain

from ocnetview.collectors.ahead import prepare

AHEAD = Path(__file__).with_name("ahead.py")
REFUSED = """
import os, resource
from ocnetview.collectors.ahead import prepare
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
os.setuid(65534)
print(prepare())
"""


@pytest.fixture(scope="module")
def lines() -> dict[str, dict[str, Any]]:
    """Give what came of every step, by its name."""
    missing = [tool for tool in ("unshare", "ip") if not shutil.which(tool)]
    if missing or os.geteuid():
        pytest.skip(f"needs root, {', '.join(missing)}")
    done = subprocess.run(
        [*UNSHARE, sys.executable, str(AHEAD)],
        env=os.environ | {"PYTHONPATH": str(AHEAD.parents[1])},
        capture_output=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = map(json.loads, done.stdout.splitlines())
    return {line["name"]: line for line in found}


@pytest.mark.node
@pytest.mark.parametrize("name", ["first", "later", "taken over", "ended"])
def test_what_was_read_ahead_is_what_a_new_reader_finds(
    lines: dict[str, dict[str, Any]], name: str
) -> None:
    """With what changed before it was asked for, and after; and without the child."""
    line = lines[name]
    assert plain(line["facts"]) == plain(line["fresh"])


@pytest.mark.node
def test_who_goes_on_reads_nothing_again(lines: dict[str, dict[str, Any]]) -> None:
    """The reader of the child is taken over with all that it knows."""
    assert lines["taken over"]["dumps"] == [0, 0]


@pytest.mark.node
@pytest.mark.parametrize("name", ["end", "stopped"])
def test_no_child_is_left(lines: dict[str, dict[str, Any]], name: str) -> None:
    """Nor is anything told at the end; one that stands still is not waited for."""
    assert lines[name]["left"] == []
    assert not lines[name]["child"]


@pytest.mark.node
def test_a_child_ends_with_its_parent(lines: dict[str, dict[str, Any]]) -> None:
    """However that ends: nothing is left that reads for nobody."""
    assert lines["orphan"]["ended"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")
def test_no_child_is_needed() -> None:
    """Where no more processes are allowed there is none, and no error."""
    command = [sys.executable, "-c", REFUSED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


def test_no_child_is_made_beside_threads() -> None:
    """What another thread holds at that moment would be held in it for good."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    ahead = prepare()
    done.set()
    thread.join()
    assert ahead is None
