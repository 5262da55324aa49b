"""Programs of ours that run in the lab and are talked with by lines of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from node.lab import REPOSITORY, Lab, LabError

INSIDE = Path(__file__).with_name("inside")
PLACES = {"PYTHONPATH": str(REPOSITORY / "tests")}
"""Where programs in the lab find this package."""


class Program:
    """A program of ours that runs in the lab until its input ends."""

    def __init__(self, lab: Lab, script: str, *arguments: str) -> None:
        """Start it."""
        path = str(INSIDE / script)
        self.process = lab.start(sys.executable, path, *arguments, **PLACES)
        self._script = script

    def line(self) -> Any:  # noqa: ANN401 - what it printed
        """Return the next thing that it says.

        Raises:
            LabError: it ended instead; what it complained of is on stderr.
        """
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            self.end()
            raise LabError(f"{self._script} ended with {self.process.wait()}")
        return json.loads(line)

    def tell(self, value: object) -> None:
        """Send it a line of JSON."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def end(self) -> str:
        """End it, and return all that it said since."""
        if self.process.stdin and self.process.stdin.closed:
            return ""
        said, _ = self.process.communicate(timeout=120)
        return said


def ask(lab: Lab, script: str, wish: object) -> Any:  # noqa: ANN401 - what it found
    """Return what a program says that does something once.

    Raises:
        LabError: it said nothing.
    """
    program = Program(lab, script, json.dumps(wish))
    said = program.line()
    program.end()
    return said
