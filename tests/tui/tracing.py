"""A switch and a cluster that answer traces as they are told, and remember them."""

from __future__ import annotations

import re
import select
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tui.nodes import HOST
from tui.probing import AT

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts import Link
from ocnetview.facts.cluster import (
    Endpoint,
    NodesFacts,
    OtherNode,
    ServiceFacts,
    ServicePort,
)
from ocnetview.facts.openflow import FlowEntry, FlowsFacts, TraceFacts
from ocnetview.model import Bridge, NodeModel

RECORDINGS = Path(__file__).parents[1] / "recordings" / "trace"
ANSWERS = (
    (r"nw_src=10\.128\.2\.17,", "delivered-back"),
    (r"nw_src=10\.130\.0\.9,", "arriving"),
    (r"nw_dst=10\.128\.2\.17,", "delivered"),
    (r"nw_dst=10\.128\.2\.13,", "dropped"),
    (r"nw_dst=10\.130\.0\.9,", "tunnel"),
)
"""Which recording answers a flow that holds this; others leave by tun0."""
OTHER = OtherNode("worker-2", ("192.0.2.18",), ("10.130.0.0/23",), "Node")
SOURCE = "/run/openvswitch/ovs-vswitchd.711.ctl"

PEERS = (
    FlowEntry(10, 100, "tun_src=192.0.2.18", "goto_table:30"),
    FlowEntry(10, 100, "tun_src=192.0.2.19", "goto_table:30"),
    FlowEntry(
        90, 100, "ip,nw_dst=10.130.0.0/23", "set_field:192.0.2.18->tun_dst,output:1"
    ),
)
"""Flows of one peer that is whole, and of one that nothing is sent to."""


def recorded(name: str) -> str:
    """Return what a switch answered once."""
    return (RECORDINGS / f"{name}.txt").read_text("utf-8")


class TellingSwitch:
    """Answers traces with recordings, with an error, or never."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, tuple[str, ...]]] = []
        self.hangs = False
        """Claims that it answers only when it is told to stop."""
        self.failure: ProbeError | None = None
        self.unreadable: ProbeError | None = None
        """Why it tells no flows, though it traces."""
        self.note: tuple[FlowEntry, ...] = ()
        """What is in table 253."""
        self.read: list[tuple[str, ...]] = []
        """Which flows were asked for."""

    def flows(self, bridge: Bridge, asked: Sequence[str], stop: Stop) -> FlowsFacts:
        """Return the note, or the flows of two peers.

        Raises:
            ProbeError: it was told to fail.
        """
        del stop
        self.read.append(tuple(asked))
        if failure := self.failure or self.unreadable:
            raise failure
        if tuple(asked) == ("table=253",):
            return FlowsFacts("ovs-ofctl of br0", AT, bridge.name, self.note)
        return FlowsFacts("ovs-ofctl of br0", AT, bridge.name, PEERS)

    def trace(
        self, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str] = ()
    ) -> TraceFacts:
        """Return the recording that fits, and remember who asked.

        Raises:
            ProbeError: it was told to fail, or to stop.
        """
        self.asked.append((bridge.name, flow, tuple(states)))
        if self.hangs:
            select.select([stop], [], [])
            raise ProbeError(bridge.name, "trace a packet", "told to stop")
        if self.failure:
            raise self.failure
        name = next((n for said, n in ANSWERS if re.search(said, flow)), "leaves")
        return TraceFacts(SOURCE, AT, bridge.name, flow, recorded(name))


class TellingCluster:
    """Knows one other node and one service."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failure: ProbeError | None = None
        self.told: ServiceFacts | None = None
        """Another service than the usual one."""

    def nodes(self, stop: Stop) -> NodesFacts:
        """Return the other node.

        Raises:
            ProbeError: it was told to fail.
        """
        del stop
        self.asked.append("nodes")
        if self.failure:
            raise self.failure
        return NodesFacts("nodes of the API", AT, (OTHER,))

    def service(self, namespace: str, name: str, stop: Stop) -> ServiceFacts:
        """Return the service.

        Raises:
            ProbeError: there is none of this name, or it was told to fail.
        """
        del stop
        self.asked.append(f"{namespace}/{name}")
        if self.failure:
            raise self.failure
        if self.told:
            return self.told
        if (namespace, name) != ("shop", "web"):
            who = f"service {namespace}/{name}"
            raise ProbeAbsentError(who, "read it", "there is none of this name")
        ends = (
            Endpoint("10.128.2.17", 8080, 80, pod="shop/web-84d5f-j4r7x"),
            Endpoint("10.130.0.9", 8080, 80, node="worker-2", pod="shop/web-x"),
            Endpoint("10.130.0.10", 8080, 80, ready=False),
        )
        ports = (ServicePort(80, name="http"), ServicePort(53, "udp", "dns"))
        return ServiceFacts(
            "services", AT, namespace, name, ("172.30.7.7",), ports, ends
        )

    def service_at(self, address: str, stop: Stop) -> ServiceFacts | None:
        """Return the service, of its own address.

        Raises:
            ProbeError: it was told to fail.
        """
        self.asked.append(address)
        if self.failure:
            raise self.failure
        if address != "172.30.7.7":
            return None
        return self.service("shop", "web", stop)


def traceable(model: NodeModel) -> NodeModel:
    """Return the node with MACs, and with the node's own address on tun0."""
    tun0 = Link(
        HOST, 11, "tun0", up=True, mac="fa:4e:a6:71:84:8e", addresses=("10.128.2.1/23",)
    )
    bridges = []
    for bridge in model.bridges:
        ports = tuple(
            replace(port, link=tun0) if port.name == "tun0" else port
            for port in bridge.ports
        )
        bridges.append(replace(bridge, ports=ports))
    pods = []
    for pod in model.pods:
        found = []
        for one in pod.interfaces:
            link = one.link
            if link and link.addresses and link.addresses[0].startswith("10.128."):
                octets = link.addresses[0].partition("/")[0].split(".")
                mac = "0a:58:" + ":".join(f"{int(octet):02x}" for octet in octets)
                found.append(replace(one, link=link._replace(mac=mac)))
            else:
                found.append(one)
        pods.append(replace(pod, interfaces=tuple(found)))
    return replace(model, bridges=tuple(bridges), pods=tuple(pods))
