"""All that is known of one port of a bridge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocnetview.details.section import Line, Section, Table
from ocnetview.facts import Counters, Link, OvsInterface
from ocnetview.match.ports import link_state
from ocnetview.model import LOCAL_OFPORT, NodeModel, Port, Rate
from ocnetview.units import printable, quantity


def port_detail(model: NodeModel, port: Port) -> tuple[Section, ...]:
    """Return the port, its link, what went through it, and OVSDB's columns."""
    parts = [Section(f"port {printable(port.name)}", _lines(_port(model, port)))]
    if port.link:
        parts.append(Section("link", _lines(_link(port.link))))
    if port.counters:
        parts.append(_traffic(port.counters, port.rate))
    if port.ovs:
        parts.append(Section("Open vSwitch", _lines(_ovs(port.ovs))))
        parts += _mapping("external_ids", port.ovs.external_ids)
        parts += _mapping("options", port.ovs.options)
    return tuple(parts)


def _lines(found: Iterator[tuple[str, str, bool]]) -> tuple[Line, ...]:
    """Return the lines that have something to say."""
    return tuple(
        Line(printable(label), printable(text), bad)
        for label, text, bad in found
        if text
    )


def _port(model: NodeModel, port: Port) -> Iterator[tuple[str, str, bool]]:
    """Yield what the port is."""
    bridge = model.bridges_by_name.get(port.bridge)
    parts = [port.bridge, f"{bridge.kind} bridge" if bridge else ""]
    if bridge and bridge.datapath_type:
        parts.append(f"datapath_type {bridge.datapath_type}")
    if bridge and bridge.fail_mode:
        parts.append(f"fail_mode {bridge.fail_mode}")
    yield "bridge", ", ".join(filter(None, parts)), False
    local = " (LOCAL)" if port.ofport == LOCAL_OFPORT else ""
    yield "ofport", "" if port.ofport is None else f"{port.ofport}{local}", False
    yield "type", port.type, False
    yield "VLAN", "" if port.tag is None else str(port.tag), False
    yield "trunks", ", ".join(map(str, port.trunks)), False
    yield "role", f"{port.role}: {port.purpose}" if port.purpose else port.role, False
    pod = model.pods_by_key.get(port.pod)
    yield str(pod.kind) if pod else "", pod.title if pod else "", False
    yield "state", port.state, port.state in ("no device", "error")
    yield "error", port.error, True


def _link(link: Link) -> Iterator[tuple[str, str, bool]]:
    """Yield what the kernel says of the port's link."""
    yield "name", f"{link.name}, ifindex {link.ifindex}", False
    yield "also", ", ".join(link.altnames), False
    yield "kind", link.kind or "physical", False
    yield "state", link_state(link), not link.up
    yield "MTU", str(link.mtu) if link.mtu else "", False
    yield "MAC", link.mac, False
    yield "addresses", ", ".join(link.addresses), False
    peer = f"ifindex {link.peer_index}" if link.peer_index else ""
    yield "peer", f"{peer} in {link.peer_netns}" if link.peer_netns else peer, False
    yield "device", link.parent_dev, False


def _traffic(total: Counters, rate: Rate | None) -> Section:
    """Return what went through the link, as the link itself counts."""
    rows = []
    for way, total_of, rate_of in (("received", "rx", "rx"), ("sent", "tx", "tx")):
        cells = [way]
        for what in ("bytes", "packets", "errors", "dropped"):
            number = getattr(total, f"{total_of}_{what}")
            cells.append(quantity(number) if what == "bytes" else str(number))
            if what in ("bytes", "packets"):
                second = getattr(rate, f"{rate_of}_{what}") if rate else None
                cells.append("" if second is None else quantity(second))
        rows.append(tuple(cells))
    heads = ("", "BYTES", "B/s", "PACKETS", "PKT/s", "ERRORS", "DROPPED")
    return Section("traffic", table=Table(heads, tuple(rows), frozenset(range(1, 7))))


def _ovs(row: OvsInterface) -> Iterator[tuple[str, str, bool]]:
    """Yield the columns of OVSDB's Interface row."""
    yield "type", row.type or "system", False
    yield "ofport", "" if row.ofport is None else str(row.ofport), row.ofport == -1
    yield "ifindex", "" if row.ifindex is None else str(row.ifindex), False
    yield "mac_in_use", row.mac, False
    yield "mtu", "" if row.mtu is None else str(row.mtu), False
    yield "admin_state", row.admin_state, False
    yield "link_state", row.link_state, False
    yield "error", row.error, True


def _mapping(title: str, values: Mapping[str, str]) -> Iterator[Section]:
    """Yield the section of a column that is a map, unless it is empty."""
    if values:
        found = ((key, value, False) for key, value in sorted(values.items()))
        yield Section(title, _lines(found))
