"""OVSDB's rows as a monitor sends them, kept up to date and made into facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from ocnetview.facts import OvsBridge, OvsFacts, OvsInterface, OvsPort

Row = dict[str, Any]
_NAME = attrgetter("name")
_PAIR = 2

_MOST_ROWS = 1 << 18
"""More rows than any switch has: OpenFlow 1.0 numbers its ports in 16 bits."""


def _single(value: object) -> object:
    """Return an optional value's only member, or None (RFC 7047, section 5.1)."""
    match value:
        case ["set", []]:
            return None
        case ["set", [only]]:
            return only
    return value


def _text(value: object) -> str:
    """Return a string; an absent optional one is empty."""
    if isinstance(value, str):
        return value
    value = _single(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    raise ValueError("a column that is no string")


def _integer(value: object) -> int | None:
    """Return an integer, or None for an absent optional one."""
    if type(value) is int:
        return value
    value = _single(value)
    if value is None or type(value) is int:
        return value
    raise ValueError("a column that is no integer")


def _members(kind: type) -> Callable[[object], frozenset[Any]]:
    """Return a parser of sets, a set of one being written without its brackets."""

    def members(value: object) -> frozenset[Any]:
        """Return the members; a reference is its UUID's text."""
        match value:
            case ["set", list(items)]:
                pass
            case _:
                items = [value]
        found = frozenset([_atom(item) for item in items])
        for atom in found:
            if type(atom) is not kind:
                raise ValueError(f"a set with a member that is no {kind.__name__}")
        return found

    return members


def _atom(value: object) -> object:
    match value:
        case ["uuid", str(text)]:
            return text
        case str() | int():
            return value
    raise ValueError("a set with a member that is no value")


def _map(value: object) -> dict[str, str]:
    """Return a map of strings to strings."""
    match value:
        case ["map", list(pairs)]:
            pass
        case _:
            raise ValueError("a column that is no map")
    found: dict[str, str] = {}
    for pair in pairs:
        key, text = pair if type(pair) is list and len(pair) == _PAIR else (None, None)
        if type(key) is not str or type(text) is not str:
            raise ValueError("a map with a pair that is not of strings")
        found[key] = text
    return found


COLUMNS: Mapping[str, Mapping[str, Callable[[object], Any]]] = {
    "Open_vSwitch": {"ovs_version": _text},
    "Bridge": {
        "name": _text,
        "ports": _members(str),
        "datapath_type": _text,
        "fail_mode": _text,
        "protocols": _members(str),
        "external_ids": _map,
    },
    "Port": {
        "name": _text,
        "tag": _integer,
        "trunks": _members(int),
        "interfaces": _members(str),
    },
    "Interface": {
        "name": _text,
        "type": _text,
        "ofport": _integer,
        "ifindex": _integer,
        "error": _text,
        "mac_in_use": _text,
        "mtu": _integer,
        "admin_state": _text,
        "link_state": _text,
        "external_ids": _map,
        "options": _map,
    },
}
"""The columns that are shown or matched on, each with its parser.

Never `statistics` or `status`: the daemon writes them every few seconds.
"""


def _changed(old: Any, change: Any) -> Any:  # noqa: ANN401 - a column's own type
    """Return a column after `modify` of an update2 notification.

    ovsdb-server(7), 4.1.14: for a set the members that come or go, for a map the
    pairs that come, change, or (when equal to the old) go, else the new value.
    """
    if isinstance(change, frozenset):
        return (old or frozenset()) ^ change
    if isinstance(change, dict):
        merged = dict(old or {})
        for key, text in change.items():
            if merged.get(key) == text:
                del merged[key]
            else:
                merged[key] = text
        return merged
    return change


def _object(value: object) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise ValueError("an update that is no object")


class Rows:
    """The monitored rows of the four tables, by UUID."""

    def __init__(self) -> None:
        """Begin without rows."""
        self._tables: dict[str, dict[str, Row]] = {table: {} for table in COLUMNS}
        self._interfaces: dict[str, OvsInterface] = {}

    def update(self, updates: object) -> None:
        """Apply the table-updates of RFC 7047, section 4.1.6.

        Raises:
            ValueError: they are not of the form described there.
        """
        for table, uuid, change in self._changes(updates):
            if change.get("new") is None:
                self._put(table, uuid, None)
            else:
                self._put(table, uuid, _parsed(table, change["new"]))

    def update2(self, updates: object) -> None:
        """Apply the table-updates2 of ovsdb-server(7), section 4.1.14.

        Raises:
            ValueError: they are not of the form described there.
        """
        for table, uuid, change in self._changes(updates):
            match change:
                case {"initial": row} | {"insert": row}:
                    self._put(table, uuid, _parsed(table, row))
                case {"modify": row}:
                    old = self._tables[table].get(uuid)
                    if old is None:
                        raise ValueError("a change of a row that is not there")
                    new = _parsed(table, row)
                    changed = {n: _changed(old.get(n), v) for n, v in new.items()}
                    self._put(table, uuid, old | changed)
                case {"delete": _}:
                    self._put(table, uuid, None)
                case _:
                    raise ValueError("an update of an unknown kind")

    def _changes(self, updates: object) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Return each row's update, of the tables that we know."""
        return [
            (table, uuid, _object(change))
            for table, rows in _object(updates).items()
            if table in self._tables
            for uuid, change in _object(rows).items()
        ]

    def _put(self, table: str, uuid: str, row: Row | None) -> None:
        rows = self._tables[table]
        if table == "Interface":
            self._interfaces.pop(uuid, None)
        if row is None:
            rows.pop(uuid, None)
            return
        rows[uuid] = row
        if len(rows) > _MOST_ROWS:
            raise ValueError(f"more than {_MOST_ROWS} rows in table {table}")

    def facts(self) -> OvsFacts:
        """Return all of it, in the order of the names."""
        ports = self._tables["Port"]
        switches = self._tables["Open_vSwitch"].values()
        bridges = [
            OvsBridge(
                name=row.get("name", ""),
                datapath_type=row.get("datapath_type", ""),
                fail_mode=row.get("fail_mode", ""),
                protocols=tuple(sorted(row.get("protocols", ()))),
                ports=tuple(
                    sorted(
                        [
                            self._port(ports[u])
                            for u in row.get("ports", ())
                            if u in ports
                        ],
                        key=_NAME,
                    )
                ),
                external_ids=row.get("external_ids", {}),
            )
            for row in self._tables["Bridge"].values()
        ]
        return OvsFacts(
            bridges=tuple(sorted(bridges, key=_NAME)),
            version=max((row.get("ovs_version", "") for row in switches), default=""),
        )

    def _port(self, row: Row) -> OvsPort:
        found = map(self._interface, row.get("interfaces", ()))
        interfaces = [interface for interface in found if interface is not None]
        if len(interfaces) > 1:
            interfaces.sort(key=_NAME)
        trunks = row.get("trunks")
        return OvsPort(
            name=row.get("name", ""),
            tag=row.get("tag"),
            trunks=tuple(sorted(trunks)) if trunks else (),
            interfaces=tuple(interfaces),
        )

    def _interface(self, uuid: str) -> OvsInterface | None:
        """Return an interface's facts, made once per change of its row."""
        made = self._interfaces.get(uuid)
        row = self._tables["Interface"].get(uuid)
        if made is None and row is not None:
            values = {"name": "", **row}
            # The one column that our field names otherwise.
            if "mac_in_use" in values:
                values["mac"] = values.pop("mac_in_use")
            made = self._interfaces[uuid] = OvsInterface(**values)
        return made


def _parsed(table: str, row: object) -> Row:
    """Return a row's columns, those that we know, as our types."""
    parsers = COLUMNS[table]
    columns = _object(row).items()
    return {name: parsers[name](text) for name, text in columns if name in parsers}
