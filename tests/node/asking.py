"""Run in a lab: asks all of a pod's inside, says so, and lives on until its input ends.

python asking.py POD
"""

from __future__ import annotations

import sys

from ocnetview.collectors.base import Stop
from ocnetview.config import load_settings
from ocnetview.errors import ProbeError
from ocnetview.facts.asked import Inside
from ocnetview.match.who import find_pod
from ocnetview.node import live_node
from ocnetview.probes.base import Target
from ocnetview.wanted import read_network

node = live_node(load_settings({}))
model = read_network(node)
target = Target.of(find_pod(model, sys.argv[1])[0], model)
prober, stop = node.prober(), Stop()
told = []
for what in Inside:
    try:
        prober.ask(what, target, stop)
    except ProbeError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for who looks why it failed
    else:
        told.append(str(what))
print(*told, flush=True)  # noqa: T201 - the answer to the test
sys.stdin.read()
