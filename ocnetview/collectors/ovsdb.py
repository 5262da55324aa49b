"""Bridges, ports and interfaces of Open vSwitch, over the OVSDB socket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from ocnetview.collectors.base import How, Stop
from ocnetview.collectors.jsonrpc import PROBE_SECONDS, Message, Peer, connect
from ocnetview.collectors.ovsdb_rows import COLUMNS, Rows
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import OvsFacts, SourceKind
from ocnetview.units import printable

_DATABASE = "Open_vSwitch"
_MONITOR_ID = "ocnetview"
_QUIET_SECONDS = 0.03
"""A burst of updates ends when nothing came for so long."""
_BURST_SECONDS = 0.25
"""A burst that does not end is shown at least this often."""


class OvsdbCollector:
    """Gives what Open vSwitch is configured to have, again after each change."""

    name = "ovsdb"
    kind = SourceKind.BRIDGES

    def __init__(self, settings: Settings, probe: float = PROBE_SECONDS) -> None:
        """Read from the settings' remote; ask a daemon silent for so many seconds."""
        self.where = settings.ovsdb
        self._probe = probe

    def watch(self, stop: Stop) -> Iterator[OvsFacts | How]:
        """Yield the whole configuration, then again after each burst of changes.

        Each sign of life confirms it: the server tells of changes before it.

        Raises:
            CollectorError: OVSDB cannot be reached, or the connection is lost.
            SourceAbsentError: its socket is not there.
        """
        try:
            sock = connect(self.where, stop)
        except (OSError, ValueError) as error:
            if stop:
                return
            raise connect_error(self.where, error) from error
        with closing(Peer(sock, stop, self._probe)) as peer:
            try:
                yield from self._follow(peer, stop)
            except (OSError, ValueError) as error:
                if not stop:
                    raise self._error("follow changes", _reason(error)) from error

    def _follow(self, peer: Peer, stop: Stop) -> Iterator[OvsFacts | How]:
        """Yield the facts of one connection."""
        rows = Rows()
        self._subscribe(peer, rows)
        yield How("monitor")
        shown = rows.facts()
        yield shown
        while not stop:
            messages = peer.receive(signs=True)
            told = bool(messages)
            end = time.monotonic() + _BURST_SECONDS
            while messages:
                for message in messages:
                    self._apply(message, rows)
                late = time.monotonic() >= end
                messages = [] if late else peer.receive(_QUIET_SECONDS)
            if told and (facts := rows.facts()) != shown:
                shown = facts
            if not stop:
                yield shown

    def _subscribe(self, peer: Peer, rows: Rows) -> None:
        """Ask to be told of the columns we use, and take the rows as they are.

        `monitor_cond` (ovsdb-server(7)) sends less than RFC 7047's `monitor`, but
        Open vSwitch before 2.6 and other servers do not know it.
        """
        schema = peer.call("get_schema", [_DATABASE])
        wanted = self._wanted(self._result("read the schema", schema))
        params = [_DATABASE, _MONITOR_ID, wanted]
        reply = peer.call("monitor_cond", params)
        if reply.get("error") is None:
            rows.update2(self._result("read the tables", reply))
            return
        reply = peer.call("monitor", params)
        rows.update(self._result("read the tables", reply))

    def _wanted(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the monitor requests for those columns that the server has."""
        tables = schema.get("tables")
        wanted = {}
        for table, columns in COLUMNS.items():
            has = tables.get(table) if isinstance(tables, dict) else None
            known = has.get("columns") if isinstance(has, dict) else None
            if not isinstance(known, dict):
                raise self._error("read the schema", f"it has no table {table}")
            wanted[table] = {"columns": [name for name in columns if name in known]}
        return wanted

    def _apply(self, message: Message, rows: Rows) -> None:
        """Take an update notification of our monitor; others are not for us."""
        params = message.get("params")
        match message.get("method"), params:
            case "update", [str(monitor), dict(updates)] if monitor == _MONITOR_ID:
                rows.update(updates)
            case "update2", [str(monitor), dict(updates)] if monitor == _MONITOR_ID:
                rows.update2(updates)
            case "monitor_canceled", _:
                raise ConnectionAbortedError("the server ended the monitor")
            case _:
                pass

    def _result(self, doing: str, reply: Message) -> dict[str, Any]:
        """Return what a request gave; all of ours give objects."""
        error = reply.get("error")
        if error is not None:
            text = error.get("error") if isinstance(error, dict) else error
            raise self._error(doing, f"{_DATABASE}: {text}")
        result = reply.get("result")
        if not isinstance(result, dict):
            raise self._error(doing, "the reply is not what OVSDB answers")
        return result

    def _error(self, doing: str, reason: str) -> CollectorError:
        return CollectorError(self.name, doing, printable(reason))


def _reason(error: OSError | ValueError) -> str:
    """Return the error's own words, without Python's or a number."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def connect_error(remote: str, error: OSError | ValueError) -> CollectorError:
    """Return what a failed connection means to the user, and what would help."""
    name, doing = OvsdbCollector.name, f"connect to {printable(remote)}"
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        hint = "is Open vSwitch running here?"
        return SourceAbsentError(name, doing, "no such socket", hint)
    if isinstance(error, PermissionError):
        hint = "needs root or group openvswitch"
        return CollectorError(name, doing, "permission denied", hint)
    if isinstance(error, ConnectionRefusedError):
        return CollectorError(name, doing, "no daemon answers", "is ovsdb-server up?")
    return CollectorError(name, doing, printable(_reason(error)))
