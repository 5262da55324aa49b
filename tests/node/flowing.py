"""Runs on the lab: reads the flows of what it is told, and prints what came of it.

Arguments: `view` and what is wired, as JSON; or `ask`, a bridge, its protocols with
commas, and seconds after which it is told to stop, 0 for never.
"""

from __future__ import annotations

import json
import sys
import threading
import time

from ocnetview.collectors.base import Stop
from ocnetview.config import load_settings
from ocnetview.details.flows import FlowsView, flows_detail, judge
from ocnetview.details.recipes.flows import flows_recipes
from ocnetview.details.section import as_text
from ocnetview.errors import ProbeError
from ocnetview.match.openflow import NOTE_TABLE, Wired
from ocnetview.match.openflow_text import flow_line
from ocnetview.model import Bridge, BridgeKind
from ocnetview.node import live_node
from ocnetview.probes.flows import read_flows
from ocnetview.probes.switch import LiveSwitch
from ocnetview.wanted import read_network


def view(text: str) -> dict[str, object]:
    """Return the entries as they were read, and as they are shown."""
    wired = Wired(**json.loads(text))
    node = live_node(load_settings({}))
    model = read_network(node)
    facts = read_flows(node.switch(), model, wired, Stop())
    seen = FlowsView(wired, facts)
    rows = judge(model, seen).rows
    return {
        "lines": [flow_line(e) for e in facts.entries if e.table != NOTE_TABLE],
        "rows": [[r.table, r.match, r.actions, r.note, r.bad] for r in rows],
        "text": as_text(flows_detail(model, seen)),
        "commands": [r.command for r in flows_recipes(model, [seen])],
    }


def ask(name: str, protocols: str, seconds: str) -> dict[str, object]:
    """Return how many entries there are, or why they cannot be had, and how soon."""
    known = tuple(filter(None, protocols.split(",")))
    bridge = Bridge(name, BridgeKind.OVS, protocols=known)
    stop = Stop()
    if float(seconds):
        threading.Timer(float(seconds), stop.set).start()
    begun = time.monotonic()
    try:
        facts = LiveSwitch(load_settings({})).flows(bridge, ["in_port=3"], stop)
        told: dict[str, object] = {"count": len(facts.entries)}
    except ProbeError as error:
        told = {"error": str(error)}
    return {**told, "seconds": time.monotonic() - begun}


if __name__ == "__main__":
    done = (view if sys.argv[1] == "view" else ask)(*sys.argv[2:])
    print(json.dumps(done))  # noqa: T201 - the answer to the test
