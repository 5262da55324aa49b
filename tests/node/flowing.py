"""Runs on the lab: reads the flows of what it is told, and prints what came of it.

Arguments: `view` and what is wired, as JSON; `ask`, a bridge, and its protocols with
commas; or `leave` and a folder for the socket of a switch that does not answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from node.silent import silent

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings, load_settings
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


def ask(name: str, protocols: str) -> dict[str, object]:
    """Return how many entries there are, or why they cannot be had."""
    known = tuple(filter(None, protocols.split(",")))
    bridge = Bridge(name, BridgeKind.OVS, protocols=known)
    return _ask(bridge, load_settings({}), Stop())


def leave(folder: str) -> dict[str, object]:
    """Return why there is no answer of a switch that hears us, and who is left."""
    settings = load_settings({"ovsdb": f"unix:{folder}/db.sock"})
    stop = Stop()
    with silent(Path(folder) / "br0.mgmt", stop) as heard:
        told = _ask(Bridge("br0", BridgeKind.OVS), settings, stop)
        return {**told, "left": heard.result().asker_lives}


def _ask(bridge: Bridge, settings: Settings, stop: Stop) -> dict[str, object]:
    """Return how many entries there are, or why they cannot be had."""
    try:
        facts = LiveSwitch(settings).flows(bridge, ["in_port=3"], stop)
    except ProbeError as error:
        return {"error": str(error)}
    return {"count": len(facts.entries)}


if __name__ == "__main__":
    kinds: dict[str, Callable[..., object]] = {"view": view, "ask": ask, "leave": leave}
    done = kinds[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(done))  # noqa: T201 - the answer to the test
