"""Runs on the lab: traces packets as ocnetview does, or sends real ones.

python tracing.py trace LINK TARGET PROTOCOL
python tracing.py flow BRIDGE FLOW
python tracing.py leave FOLDER
python tracing.py send FROM TO SOURCE TARGET PORT...

LINK is a port's device, whose namespace sends. FOLDER is for the socket of a daemon
that does not answer. FROM and TO are namespaces' names; a datagram is sent to each port
in turn, and what arrived until the last one did is printed.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from node.silent import silent

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings, load_settings
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


def flow(bridge: str, text: str) -> dict[str, object]:
    """Return what a bridge says to a flow, or why it says nothing."""
    return _flow(bridge, text, load_settings({}), Stop())


def leave(folder: str) -> dict[str, object]:
    """Return why there is no answer of a daemon that hears us, and what it heard."""
    settings = load_settings({"ovsdb": f"unix:{folder}/db.sock"})
    stop = Stop()
    with silent(Path(folder) / "ovs-vswitchd.1.ctl", stop) as heard:
        told = _flow("br0", "in_port=3", settings, stop)
        return {**told, "heard": heard.result().words}


def _flow(bridge: str, text: str, settings: Settings, stop: Stop) -> dict[str, object]:
    """Return what a bridge says to a flow, or why it says nothing."""
    switch = live_node(settings).switch()
    try:
        facts = switch.trace(Bridge(bridge, BridgeKind.OVS), text, stop)
    except ProbeError as error:
        return {"error": str(error)}
    return {"text": facts.text, "source": facts.source}


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
        "leave": leave,
        "send": send,
    }
    what = kinds[sys.argv[1]]
    print(json.dumps(what(*sys.argv[2:])))  # noqa: T201 - the answer to the test
