"""Which other nodes a tunnel leads to: of the ports, the flows and the cluster."""

from __future__ import annotations

import time

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.cluster import OtherNode
from ocnetview.facts.openflow import FlowEntry
from ocnetview.match.peers import PEER_TABLES, PeersFacts, peers_of
from ocnetview.match.scraps import address_in
from ocnetview.model import Bridge, NodeModel, Port
from ocnetview.probes.base import Cluster, Switch


def read_peers(
    switch: Switch, cluster: Cluster, model: NodeModel, tunnel: Port, stop: Stop
) -> PeersFacts:
    """Return the peers of a tunnel's bridge.

    Flows are asked for only where the port itself names no peer; those tables have
    an entry for each node. What cannot be read leaves the rest as it is.
    """
    bridge = model.bridges_by_name.get(tunnel.bridge) or Bridge("", tunnel.datapath)
    entries: tuple[FlowEntry, ...] = ()
    unread, sources = "", ["OVSDB"]
    if not address_in(tunnel.ovs.options.get("remote_ip", "") if tunnel.ovs else ""):
        try:
            asked = [f"table={number}" for number in PEER_TABLES]
            flows = switch.flows(bridge, asked, stop)
            entries, sources = flows.entries, [*sources, flows.source]
        except ProbeError as error:
            unread = str(error)
    nodes: tuple[OtherNode, ...] = ()
    nameless = ""
    try:
        facts = cluster.nodes(stop)
        nodes, sources = facts.nodes, [*sources, facts.source]
    except ProbeError as error:
        nameless = str(error)
    found = peers_of(bridge, entries, nodes)
    where = ", ".join(sources)
    return PeersFacts(where, time.time(), bridge.name, found, unread, nameless)
