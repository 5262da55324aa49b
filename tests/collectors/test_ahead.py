"""Links that a child process reads before they are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from collectors.test_updating import plain, said_by

AHEAD = Path(__file__).with_name("ahead.py")
ASKED = """
from ocnetview.collectors.ahead import prepare
from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
ahead = prepare()
ahead.begin(Settings(proc="/nowhere"))
print(ahead.facts(Stop()) is None)
"""
"""Such a reading fails; the child has loaded all that it needs by then."""
REFUSED = """
import sys
from ocnetview.collectors.ahead import prepare
sys.executable = "/nowhere/python"
print(prepare())
"""


@pytest.fixture(scope="module")
def lines() -> dict[str, dict[str, Any]]:
    """Give what came of every step, by its name."""
    return said_by(AHEAD)


@pytest.mark.node
@pytest.mark.parametrize("name", ["first", "later", "taken over", "ended", "used up"])
def test_what_was_read_ahead_is_what_a_new_reader_finds(
    lines: dict[str, dict[str, Any]], name: str
) -> None:
    """Also with what changed after it was read; and without the child."""
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


def test_no_child_is_needed() -> None:
    """Where none can be started there is none, and no error."""
    command = [sys.executable, "-c", REFUSED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


def test_nothing_is_taken_from_the_working_directory(tmp_path: Path) -> None:
    """Where root works, anybody may have put a module with one of our names."""
    (tmp_path / "pickle.py").write_text("open('taken', 'w')\n")
    (tmp_path / "ocnetview").mkdir()
    (tmp_path / "ocnetview" / "__init__.py").write_text("open('taken', 'w')\n")
    command = [sys.executable, "-P", "-c", ASKED]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == "True\n"
    assert not (tmp_path / "taken").exists()
