"""What is copied gets to a real tmux."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from node.lab import until

RECORDED = Path(__file__).parents[2] / "ocnetview" / "demo" / "recorded.json.gz"
ADDRESS = "10.128.0.5"
"""Of the first pod of the recorded demo node."""

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")


class Tmux:
    """A tmux of its own, with a shell in its one pane."""

    def __init__(self, folder: Path) -> None:
        self._words = ("tmux", "-S", str(folder / "tmux"), "-f", "/dev/null")
        environment = {k: v for k, v in os.environ.items() if k != "TMUX"}
        self._environment = environment | {"LC_ALL": "C.UTF-8", "HOME": str(folder)}
        self.do("new-session", "-d", "-x", "120", "-y", "40", "sh")

    def do(self, *words: str) -> str:
        """Tell tmux to do something, and return what it says."""
        done = subprocess.run(
            [*self._words, *words],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment,
        )
        return done.stdout

    def shows(self, text: str) -> bool:
        """Claim that a text stands in the pane."""
        return text in self.do("capture-pane", "-p")


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """Give a tmux, and end it."""
    made = Tmux(tmp_path)
    try:
        yield made
    finally:
        made.do("kill-server")


def test_tmux_takes_what_is_copied(tmux: Tmux) -> None:
    """Where `set-clipboard` is on, its newest buffer is the text."""
    tmux.do("set-option", "-s", "set-clipboard", "on")
    command = f"{sys.executable} -m ocnetview --replay {RECORDED}"
    tmux.do("send-keys", command, "Enter")
    until(lambda: tmux.shows(ADDRESS), "the pods are shown")
    tmux.do("send-keys", "y")
    until(lambda: tmux.shows("enter copies"), "the menu is shown")
    tmux.do("send-keys", "j", "Enter")
    until(lambda: tmux.shows("copied address"), "the user is told")
    assert tmux.do("show-buffer") == ADDRESS
