"""The kernel calls, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ocnetview.demo.kernel import Clone, Mount, mount, setns


def run(program: str) -> str:
    """Return what a Python program prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("length", [1, 40, 5000])
def test_a_title_of_any_length_is_shown(length: int) -> None:
    """Arguments are read back one by one, and nothing of the old ones is left."""
    program = f"""
from pathlib import Path
from ocnetview.demo.kernel import set_title
set_title("a-name-that-is-too-long", ("one", "x" * {length}, "last one"))
print(Path("/proc/self/comm").read_text().strip())
print(repr(Path("/proc/self/cmdline").read_text()))
print(repr(Path("/proc/self/environ").read_text()))
"""
    name, arguments, environment = run(program).splitlines()
    assert name == "a-name-that-is-"
    assert arguments == repr(f"one\0{'x' * length}\0last one\0")
    assert environment == "''"


def test_a_refusal_says_what_was_refused(tmp_path: Path) -> None:
    """The error has the kernel's number and our doing."""
    with pytest.raises(OSError, match=r"mount nothing on .*: No such device|permitted"):
        mount("x", str(tmp_path), "nothing", Mount.NONE)
    with pytest.raises(OSError, match="setns NEWNET: Bad file descriptor"):
        setns(-1, Clone.NEWNET)
