"""The commands that need no screen: each reads, prints or writes, and ends."""

from __future__ import annotations

from ocnetview.headless.asking import inside, sources, tree, who
from ocnetview.headless.capturing import capture
from ocnetview.headless.explaining import explain
from ocnetview.headless.flows import flows
from ocnetview.headless.graphing import graph
from ocnetview.headless.network import pod, pods, ports
from ocnetview.headless.nodes import demo, record
from ocnetview.headless.tracing import trace

COMMANDS = (
    *(ports, pods, pod, tree, inside, who),
    *(capture, flows, trace, explain, graph),
    *(sources, record, demo),
)
"""In the order that the help has."""
