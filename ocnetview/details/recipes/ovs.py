"""Recipes that ask Open vSwitch: its database, its ports, its flows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from ipaddress import ip_interface

from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.model import (
    LOCAL_OFPORT,
    Bridge,
    BridgeKind,
    Interface,
    NodeModel,
    Port,
    PortRole,
)
from ocnetview.units import printable

_COLUMNS = "name,type,ofport,error,external_ids,options,mac_in_use,mtu,link_state"
_PREFERRED = "OpenFlow13"
_PORTS = ("tcp_src=12345", "tcp_dst=80")
_IPV4, _IPV6 = 4, 6


def flags_of(bridge: Bridge | None) -> tuple[str, ...]:
    """Return how ovs-ofctl speaks to a bridge; nothing where all versions will do."""
    spoken = bridge.protocols if bridge else ()
    if not spoken:
        return ()
    return ("-O", _PREFERRED if _PREFERRED in spoken else spoken[-1])


def of_ovs_port(model: NodeModel, port: Port, desk: Desk) -> Iterator[Recipe]:
    """Yield what Open vSwitch knows of a port, and which entries are about it."""
    name = printable(port.name)
    bridge = model.bridges_by_name.get(port.bridge)
    yield Recipe(
        f"interface {name} in OVSDB",
        desk.vsctl(
            f"--columns={_COLUMNS}", "find", "Interface", f"name={_string(port.name)}"
        ),
        _row(port),
        "ovs-vsctl",
    )
    yield Recipe(
        f"VLAN of port {name} in OVSDB",
        desk.vsctl(
            "--columns=name,tag,trunks", "find", "Port", f"name={_string(port.name)}"
        ),
        f"tag {port.tag}" if port.tag else "no tag; a bond's port has another name",
        "ovs-vsctl",
    )
    if port.ofport is None or port.ofport < 0 or "/" in port.bridge:
        return  # the switch opens no bridge with a slash in its name
    target = desk.bridge(port.bridge)
    number = "LOCAL" if port.ofport == LOCAL_OFPORT else str(port.ofport)
    flags = flags_of(bridge)
    yield Recipe(
        f"counters of port {name}",
        desk.switch("ovs-ofctl", *flags, "dump-ports", target, number),
        "from the bridge's view: rx is what came from it",
        "ovs-ofctl",
    )
    yield Recipe(
        f"flows from port {name}",
        desk.switch("ovs-ofctl", *flags, "dump-flows", target, f"in_port={number}"),
        "with the packets that each matched",
        "ovs-ofctl",
    )


def _row(port: Port) -> str:
    """Return what OVSDB's row says above all."""
    ids = port.ovs.external_ids if port.ovs else {}
    said = [f"ofport {port.ofport if port.ofport is not None else 'none'}"]
    said += [f"{key}={value}" for key, value in sorted(ids.items())]
    return printable(", ".join(said))


def _string(text: str) -> str:
    """Return a string as OVSDB reads it (ovs-vsctl(8), Database Values)."""
    return json.dumps(text)


def of_ovs_pod(
    model: NodeModel, interface: Interface, port: Port, desk: Desk
) -> Iterator[Recipe]:
    """Yield where a pod's MAC was learned, and what would become of its packet."""
    link = interface.link
    if link is None or port.ofport is None or port.ofport < 0:
        return
    if link.mac:
        yield Recipe(
            f"where {printable(port.bridge)} learned the pod's MAC",
            f"{desk.switch('ovs-appctl', 'fdb/show', port.bridge)}"
            f" | grep -iF {link.mac}",
            f"port {port.ofport}; nothing where flows do without learning",
            "ovs-appctl",
        )
    flow = _flow(model, interface, port)
    # The daemon takes such a name for an option, wherever it stands.
    if flow and not port.bridge.startswith("-"):
        yield Recipe(
            "trace of a packet of the pod",
            desk.switch("ovs-appctl", "ofproto/trace", port.bridge, flow),
            "every table on the way; the last line says where it goes",
            "ovs-appctl",
        )


def _flow(model: NodeModel, interface: Interface, port: Port) -> str:
    """Return a packet of the pod as ofproto/trace is told of it; empty for none."""
    link = interface.link
    addresses = [ip_interface(a) for a in link.addresses] if link else []
    own = next((a for a in addresses if not a.is_link_local), None)
    if link is None or own is None:
        return ""
    bridge = model.bridges_by_name.get(port.bridge)
    mac, target = _other(model, bridge, port, own.version)
    if not target:
        return ""
    kind, source, to = (
        ("tcp", "nw_src", "nw_dst")
        if own.version == _IPV4
        else ("tcp6", "ipv6_src", "ipv6_dst")
    )
    parts = [f"in_port={port.ofport}", kind]
    parts += [f"dl_src={link.mac}"] if link.mac else []
    parts += [f"dl_dst={mac}"] if mac else []
    parts += [f"{source}={own.ip}", f"{to}={target}", "nw_ttl=64", *_PORTS]
    return ",".join(parts)


def _other(
    model: NodeModel, bridge: Bridge | None, port: Port, version: int
) -> tuple[str, str]:
    """Return MAC and address of somebody that the pod can reach: the gateway first."""
    found = []
    for one in bridge.ports if bridge else ():
        if one.role is PortRole.GATEWAY and one.link:
            found.append((0, one.link))
        pod = model.pods_by_key.get(one.pod)
        if pod and one.key != port.key:
            found += [(1, i.link) for i in pod.interfaces if i.link]
    for _, link in sorted(found, key=lambda pair: pair[0]):
        for text in link.addresses:
            address = ip_interface(text)
            if address.version == version and not address.is_link_local:
                return link.mac, str(address.ip)
    return "", ""


def of_ovs_bridge(bridge: Bridge, desk: Desk) -> Iterator[Recipe]:
    """Yield what shows a whole bridge, without its flows: they may be many."""
    if bridge.kind is not BridgeKind.OVS or "/" in bridge.name:
        return  # the switch opens no bridge with a slash in its name
    target = desk.bridge(bridge.name)
    name = printable(bridge.name)
    yield Recipe(
        f"ports of {name} with their numbers",
        desk.switch("ovs-ofctl", *flags_of(bridge), "dump-ports-desc", target),
        f"{len(bridge.ports)} ports",
        "ovs-ofctl",
    )
    yield Recipe(
        f"MAC addresses that {name} learned",
        desk.switch("ovs-appctl", "fdb/show", bridge.name),
        "port, VLAN, MAC, age",
        "ovs-appctl",
    )
