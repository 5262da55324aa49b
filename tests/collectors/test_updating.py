"""Updates by the kernel's events, in namespaces made for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from collectors.test_links import UNSHARE
from collectors.updating import STEPS

pytestmark = pytest.mark.node
UPDATING = Path(__file__).with_name("updating.py")
RARELY_SAME = ("counters", "at")
"""Of two readings: what goes on while nothing changes."""


def said_by(script: Path, *needed: str) -> dict[str, dict[str, Any]]:
    """Return what a script says in namespaces made for it, by the name of each line.

    It is skipped without root, a tool, or a file that it needs.
    """
    missing = [tool for tool in ("unshare", "ip") if not shutil.which(tool)]
    missing += [path for path in needed if not Path(path).exists()]
    if missing or os.geteuid():
        pytest.skip(f"needs root, {', '.join(missing)}")
    done = subprocess.run(
        [*UNSHARE, sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(script.parents[1])},
        capture_output=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = map(json.loads, done.stdout.splitlines())
    return {line["name"]: line for line in found}


@pytest.fixture(scope="module")
def lines() -> dict[str, dict[str, Any]]:
    """Give what came of every step, by its name."""
    return said_by(UPDATING, "/dev/net/tun")


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts without what is other at each reading."""
    (said,) = facts.values()
    return {name: value for name, value in said.items() if name not in RARELY_SAME}


@pytest.mark.parametrize("name", [name for name, _ in STEPS])
def test_an_update_is_what_a_new_reader_finds(
    lines: dict[str, dict[str, Any]], name: str
) -> None:
    """Whatever changed, whether a link of ours tells of it or not."""
    line = lines[name]
    assert plain(line["facts"]) == plain(line["fresh"])


def test_nothing_is_dumped_where_nothing_changed(
    lines: dict[str, dict[str, Any]],
) -> None:
    """An update without events asks the kernel for no list."""
    assert lines["nothing"]["dumps"] == [0, 0]


def test_a_change_in_one_pod_is_read_there_alone(
    lines: dict[str, dict[str, Any]],
) -> None:
    """One list of links and one of addresses for a round of what happened inside."""
    links, addresses = lines["an address inside"]["dumps"]
    assert 1 <= links == addresses <= 3


def test_an_update_that_lost_events_says_so(lines: dict[str, dict[str, Any]]) -> None:
    """It tells nothing new then; a whole reading finds what was missed."""
    assert lines["lost"]["lost"] == [False, True, True, False, True]
