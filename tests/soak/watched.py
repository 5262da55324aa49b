"""Run in the lab: ocnetview's engine over all sources, and what it publishes.

python watched.py follow FOCUS: a line on its input asks for the model or for how the
sources fare; a line of JSON answers.
python watched.py fresh FOCUS: the model of a first reading of everything.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from typing import Any

from soak.compare import comparable

from ocnetview.collectors.ahead import prepare
from ocnetview.collectors.base import Focus
from ocnetview.config import load_settings
from ocnetview.facts import SourceKind
from ocnetview.joined import modelled
from ocnetview.model import NodeModel
from ocnetview.node import live_node


class Published:
    """What the engine published last, and how its sources fared until then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model = NodeModel()
        self._seen: Counter[str] = Counter()
        """How often each source came to be in each state."""
        self.models = 0
        self.reasons: set[str] = set()
        """Everything that a source ever gave as its reason."""

    def take(self, model: NodeModel) -> None:
        """Keep what is published; called from the engine's thread."""
        with self._lock:
            self.models += 1
            before = {one.name: one.state for one in self._model.sources}
            for source in model.sources:
                if source.state is not before.get(source.name):
                    self._seen[f"{source.name} {source.state}"] += 1
                self.reasons.add(f"{source.name}: {source.reason}")
            self._model = model

    @property
    def model(self) -> NodeModel:
        """Return the last model."""
        with self._lock:
            return self._model

    def told(self) -> dict[str, Any]:
        """Return how the sources fared, and what was said of them."""
        with self._lock:
            return {
                "states": {one.name: one.state for one in self._model.sources},
                "resyncs": {one.name: one.resyncs for one in self._model.sources},
                "seen": self._seen,
                "reasons": sorted(self.reasons),
                "models": self.models,
                "pods": len(self._model.pods),
            }


def say(value: object) -> None:
    """Print one line of JSON."""
    print(json.dumps(value), flush=True)  # noqa: T201 - the answer to the soak


def follow(focus: Focus) -> None:
    """Run the engine, and answer until the input ends."""
    published = Published()
    engine = live_node(load_settings({}), prepare()).feed()
    engine.start(published.take)
    engine.focus(focus)
    print("ready", flush=True)  # noqa: T201 - the answer to the soak
    for line in sys.stdin:
        match line.strip():
            case "model":
                say(comparable(published.model))
            case "told":
                say(published.told())
    engine.stop(10)
    left = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    say({"threads": left})


def fresh(focus: Focus) -> None:
    """Print what a first reading of everything gives."""
    node = live_node(load_settings({}))
    say(comparable(modelled(node.read(frozenset(SourceKind), focus))))


def main() -> None:
    """Do as the first argument says."""
    what, looked_at = sys.argv[1:]
    said = json.loads(looked_at)
    containers = frozenset((id_, pid) for id_, pid in said["containers"])
    focus = Focus(containers, frozenset(said["pids"]))
    {"follow": follow, "fresh": fresh}[what](focus)


if __name__ == "__main__":
    main()
