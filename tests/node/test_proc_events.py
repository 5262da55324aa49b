"""The proc connector where the kernel does not let us listen."""

from __future__ import annotations

import subprocess
import sys

import pytest
from node.lab import why_not

LISTEN = """
from ocnetview.collectors.base import Attention, Stop
from ocnetview.collectors.procfs import ProcessCollector
from ocnetview.config import Settings
settings = Settings(proc_events=True)
print(next(ProcessCollector(settings, Attention()).watch(Stop())).text)
"""


@pytest.mark.parametrize("space", ["--net", "--pid", "--user"])
def test_other_namespaces_are_polled(space: str) -> None:
    """A refusal, and a kernel that answers nothing, leave the processes to /proc."""
    if reason := why_not():
        pytest.skip(f"no namespaces on this machine: {reason}")
    done = subprocess.run(
        ["unshare", space, "--fork", sys.executable, "-c", LISTEN],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "polled every 1 s\n", done.stderr
