"""What commands print, as what they print it from: links and OVSDB's rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ocnetview.collectors.ovsdb_rows import COLUMNS, Rows
from ocnetview.facts import Link, Netns, OperState, OvsFacts, OvsInterface

Row = dict[str, Any]
_LINK = re.compile(
    r"(?P<index>\d+): (?P<name>[^@:\s]+)(?:@(?P<peer>\S+))?: <(?P<flags>\S*)>"
    r".*? mtu (?P<mtu>\d+)(?:.*? master (?P<master>\S+))?.*? state (?P<state>\S+)"
)
_MAC = re.compile(r"\s+link/ether ([0-9a-f:]{17})")
_NETNS = re.compile(r" link-netns(?:id)? (\S+)")
_ADDRESS = re.compile(r"\s+inet6? ([0-9a-f.:]+/\d+)")
_KIND = re.compile(r" {4}(veth|macvlan|ipvlan|vlan|bridge|tun|openvswitch|ipip)\b")
_CHARACTER = re.compile(r"\\(.)")
_ATOM = r'"(?:[^"\\]|\\.)*"|[^\s",{}\[\]=]+'
_PAIR = re.compile(rf"({_ATOM})=({_ATOM})")


def read_links(
    text: str,
    here: Netns,
    there: Mapping[str, Netns] | None = None,
    kinds: Mapping[str, str] | None = None,
) -> tuple[Link, ...]:
    """Return the links that `ip link`, `ip -d link` or `ip addr` printed.

    `there` has the namespaces by the number or name that is printed for them, `kinds`
    what -d would have printed; without either, what has a peer's index is a veth.
    """
    found: list[tuple[Link, str]] = []
    for line in text.splitlines():
        head = _LINK.match(line)
        if head is not None:
            found.append((_link(head, here), head["master"] or ""))
        elif found:
            one, master = found[-1]
            found[-1] = (_with_line(one, line, there or {}), master)
    indexes = {one.name: one.ifindex for one, _ in found}
    return tuple(
        one._replace(
            master=indexes.get(master),
            kind=(kinds or {}).get(one.name, one.kind),
        )
        for one, master in found
    )


def _link(head: re.Match[str], here: Netns) -> Link:
    peer = re.fullmatch(r"if(\d+)", head["peer"] or "")
    return Link(
        here,
        int(head["index"]),
        head["name"],
        kind="veth" if peer else "",
        peer_index=int(peer[1]) if peer else None,
        mtu=int(head["mtu"]),
        up="UP" in head["flags"].split(","),
        operstate=OperState(head["state"].lower()),
    )


def _with_line(one: Link, line: str, there: Mapping[str, Netns]) -> Link:
    """Return a link with what a line below its first one adds."""
    if mac := _MAC.match(line):
        one = one._replace(mac=mac[1])
    if (name := _NETNS.search(line)) and one.peer_index:
        number = int(name[1]) if name[1].isdigit() else None
        one = one._replace(nsid=number, peer_netns=there.get(name[1]))
    if address := _ADDRESS.match(line):
        one = one._replace(addresses=(*one.addresses, address[1]))
    if kind := _KIND.match(line):
        one = one._replace(kind=kind[1])
    return one


def read_show(text: str) -> OvsFacts:
    """Return what OVSDB holds where `ovs-vsctl show` prints this."""
    bridges: list[Row] = [{"name": "br-int", "ports": []}]
    version = ""
    for line in text.splitlines():
        key, _, value = line.strip().partition(" ")
        match key:
            case "Bridge":
                bridges.append({"name": _plain(value), "ports": []})
            case "Port":
                bridges[-1]["ports"].append((_plain(value), []))
            case "Interface":
                bridges[-1]["ports"][-1][1].append({"name": _plain(value)})
            case "fail_mode:" | "datapath_type:":
                bridges[-1][key[:-1]] = value
            case "type:" | "options:" | "error:":
                bridges[-1]["ports"][-1][1][-1][key[:-1]] = _column(value)
            case "ovs_version:":
                version = _plain(value)
    return _facts([one for one in bridges if one["ports"]], version)


def read_list(text: str, bridge: str = "br0") -> OvsFacts:
    """Return what OVSDB holds where `ovs-vsctl list interface` prints this."""
    rows: list[Row] = [{}]
    for line in text.splitlines():
        column = re.match(r"(\w+)\s*: (.*)", line)
        if column is not None:
            rows[-1][column[1]] = _column(column[2])
        elif not line or line.startswith("#"):
            rows.append({})
    return of_rows(filter(None, rows), bridge)


def read_table(text: str, table: str = "Interface", bridge: str = "br0") -> OvsFacts:
    """Return what OVSDB holds where `ovsdb-client dump` prints this."""
    lines = text.partition(f"{table} table\n")[2].split("\n\n")[0].splitlines()
    spans = [(dash.start(), dash.end()) for dash in re.finditer("-+", lines[1])]
    cells = [[line[a:b].strip() for a, b in spans] for line in lines]
    rows = [dict(zip(cells[0], map(_column, row), strict=True)) for row in cells[2:]]
    return of_rows(rows, bridge)


def read_json(text: str, bridge: str = "br0") -> OvsFacts:
    """Return what OVSDB holds where `ovs-vsctl -f json list interface` prints this."""
    said = json.loads(text)
    rows = [dict(zip(said["headings"], row, strict=True)) for row in said["data"]]
    return of_rows(rows, bridge)


def rows_of(facts: OvsFacts) -> tuple[OvsInterface, ...]:
    """Return every row of the Interface table that a port has."""
    ports = [port for bridge in facts.bridges for port in bridge.ports]
    return tuple(row for port in ports for row in port.interfaces)


def of_rows(interfaces: Iterable[Row], bridge: str = "br0") -> OvsFacts:
    """Return one bridge with a port for each row of the Interface table."""
    ports = [(row["name"], [row]) for row in interfaces]
    return _facts([{"name": bridge, "ports": ports}], "")


def _plain(value: str) -> str:
    """Return a printed string without its quotes."""
    if value.startswith('"'):
        return _CHARACTER.sub(r"\1", value[1:-1])
    return value


def _column(value: str) -> object:
    """Return a printed column in the JSON form of RFC 7047, section 5.1."""
    if value == "[]":
        return ["set", []]
    if value.startswith("{"):
        pairs = [[_plain(k), _plain(v)] for k, v in _PAIR.findall(value)]
        return ["map", pairs]
    return int(value) if re.fullmatch(r"-?\d+", value) else _plain(value)


def _facts(bridges: Sequence[Row], version: str) -> OvsFacts:
    """Return what our own reader makes of a monitor's reply with these rows."""
    tables: dict[str, dict[str, Row]] = {table: {} for table in COLUMNS}
    tables["Open_vSwitch"]["0"] = {"new": {"ovs_version": version}}
    for bridge in bridges:
        listed: list[list[str]] = []
        for port, interfaces in bridge["ports"]:
            made = list(_numbered(interfaces, tables["Interface"]))
            row = {"name": port, "interfaces": ["set", made]}
            listed += _numbered([row], tables["Port"])
        row = {**bridge, "ports": ["set", listed]}
        list(_numbered([row], tables["Bridge"]))
    rows = Rows()
    rows.update(tables)
    return rows.facts()


def _numbered(rows: Iterable[Row], table: dict[str, Row]) -> Iterator[list[str]]:
    """Put rows into a table; yield the references to them."""
    for row in rows:
        uuid = f"{len(table)}"
        table[uuid] = {"new": row}
        yield ["uuid", uuid]
