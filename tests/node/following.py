"""An engine that runs inside a lab, and the states that it publishes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from node.lab import Lab

INSIDE = str(Path(__file__).with_name("inside.py"))

State = dict[str, Any]


class Follower:
    """An engine that runs inside the lab, and the states that it publishes."""

    def __init__(self, lab: Lab, **environment: str) -> None:
        """Start it."""
        self.process = lab.start(sys.executable, INSIDE, "follow", **environment)
        self.states: list[State] = []

    def wait(self, wanted: Callable[[State], bool]) -> State:
        """Return the first state that is wanted; the test's time limit ends it."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.states.append(json.loads(line))
            if wanted(self.states[-1]):
                return self.states[-1]
        raise AssertionError(f"the engine ended; its last states: {self.states[-2:]}")

    def close(self) -> None:
        """End it, as a front end would, and let it say what it likes till then."""
        self.process.communicate(timeout=20)
        assert self.process.returncode == 0
