"""Runs on the lab: traces packets as ocnetview does, or sends real ones.

python tracing.py trace LINK TARGET PROTOCOL
python tracing.py flow BRIDGE FLOW SECONDS
python tracing.py send FROM TO SOURCE TARGET PORT...

LINK is a port's device, whose namespace sends. SECONDS is when it is told to stop, 0
for never. FROM and TO are namespaces' names; a datagram is sent to each port in turn,
and what arrived until the last one did is printed.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable

from ocnetview.collectors.base import Stop
from ocnetview.config import load_settings
from ocnetview.details.recipes.trace import command_of
from ocnetview.errors import ProbeError
from ocnetview.match.trace_flow import Protocol
from ocnetview.model import Bridge, BridgeKind
from ocnetview.node import live_node
from ocnetview.probes.trace_targets import Aiming
from ocnetview.probes.tracing import Tracer
from ocnetview.wanted import read_network

WAIT = 10
"""Seconds for a datagram that does arrive."""
_NO_CHECK = 11
"""SO_NO_CHECK: a checksum left to hardware that there is not would be wrong."""


def trace(link: str, target: str, protocol: str) -> list[dict[str, object]]:
    """Return what became of a packet, and of its answer."""
    node = live_node(load_settings({}))
    model = read_network(node)
    port = model.ports_by_key[f"br0/{link}"]
    source = model.pods_by_key.get(port.pod)
    stop = Stop()
    aim = Aiming(model, node.cluster(), stop).aim(source, target, Protocol(protocol))
    tracer = Tracer(node.switch(), node.cluster(), model, stop)
    return [
        {
            "way": one.way,
            "flow": one.question.flow if one.question else "",
            "states": list(one.question.states) if one.question else [],
            "text": one.facts.text if one.facts else "",
            "fate": one.verdict.fate if one.verdict else "",
            "says": one.says,
            "command": command_of(model, one),
        }
        for route in aim.routes
        for one in tracer.trace(route)
    ]


def flow(bridge: str, text: str, seconds: str) -> dict[str, object]:
    """Return what a bridge says to a flow, or why it says nothing, and how soon."""
    stop = Stop()
    if float(seconds):
        threading.Timer(float(seconds), stop.set).start()
    switch = live_node(load_settings({})).switch()
    begun = time.monotonic()
    try:
        facts = switch.trace(Bridge(bridge, BridgeKind.OVS), text, stop)
        told: dict[str, object] = {"text": facts.text, "source": facts.source}
    except ProbeError as error:
        told = {"error": str(error)}
    return {**told, "seconds": time.monotonic() - begun}


def inside(name: str) -> socket.socket:
    """Return a UDP socket in this namespace, which this process stays in."""
    fd = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(fd, 0):
            raise OSError(ctypes.get_errno(), f"setns to {name}")
    finally:
        os.close(fd)
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def send(source: str, target: str, own: str, address: str, *ports: str) -> list[int]:
    """Return the ports whose datagram arrived, until that to the last one did."""
    sender = inside(source)
    sender.setsockopt(socket.SOL_SOCKET, _NO_CHECK, 1)
    sender.bind((own, 12345))
    receivers = {}
    for port in map(int, ports):
        receivers[port] = inside(target)
        receivers[port].bind((address, port))
        receivers[port].settimeout(WAIT)
    for port in receivers:
        sender.sendto(b"x", (address, port))
    *_, last = receivers
    receivers[last].recv(1)
    arrived = []
    for port, receiver in receivers.items():
        receiver.settimeout(0)
        try:
            receiver.recv(1)
        except BlockingIOError:
            continue
        arrived.append(port)
    return [*arrived, last]


if __name__ == "__main__":
    kinds: dict[str, Callable[..., object]] = {
        "trace": trace,
        "flow": flow,
        "send": send,
    }
    what = kinds[sys.argv[1]]
    print(json.dumps(what(*sys.argv[2:])))  # noqa: T201 - the answer to the test
