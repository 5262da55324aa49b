"""Run in the lab: all collectors and the join, without a screen, until the input ends.

python collecting.py TREE, the id and pid of a container whose processes are read, or
null. It prints a line once every source has answered or failed.
"""

from __future__ import annotations

import json
import sys
import threading

from ocnetview.collectors.base import Focus
from ocnetview.config import load_settings
from ocnetview.facts import SourceState
from ocnetview.model import NodeModel
from ocnetview.node import live_node


def main() -> None:
    """Collect at the usual rate."""
    tree = json.loads(sys.argv[1])
    feed = live_node(load_settings({})).feed()
    whole = threading.Event()

    def publish(model: NodeModel) -> None:
        waited = [s for s in model.sources if s.state is SourceState.WAITING]
        if model.pods and model.bridges and not waited:
            whole.set()

    feed.start(publish)
    if tree:
        id_, pid = tree
        feed.focus(Focus(frozenset({(id_, pid)})))
    whole.wait(60)
    print(flush=True)  # noqa: T201 - the answer
    sys.stdin.read()
    feed.stop()


if __name__ == "__main__":
    main()
