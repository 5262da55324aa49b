"""The columns of packets, and what a filter can ask of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from ocnetview.columns.column import NOTHING, Column, shown
from ocnetview.columns.measures import Measure
from ocnetview.model.packets import Became, PacketRow

_BILLION = 1_000_000_000


def _clock(row: PacketRow) -> str:
    """Return when it was captured, in UTC to the microsecond."""
    seconds, rest = divmod(row.packet.at, _BILLION)
    try:
        when = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return f"{seconds}.{rest // 1000:06}"
    return f"{when:%Y-%m-%dT%H:%M:%S}.{rest // 1000:06}Z"


def _latency(row: PacketRow) -> float | None:
    """Return the microseconds between the two places."""
    if row.fate is None or row.fate.latency is None:
        return None
    return round(row.fate.latency / 1000, 1)


def _latency_text(row: PacketRow) -> str:
    """Return the microseconds between the two places as text."""
    latency = _latency(row)
    return NOTHING if latency is None else f"{latency:.0f}"


def _seconds(row: PacketRow, place: int) -> float | None:
    """Return when it passed one of two places, in seconds; None for unseen there."""
    since = row.since if row.packet.spot == place else row.since_other
    return None if since is None else round(since / _BILLION, 6)


def _seconds_text(row: PacketRow, place: int) -> str:
    """Return when it passed one of two places as text."""
    seconds = _seconds(row, place)
    return NOTHING if seconds is None else f"{seconds:.6f}"


def _fate(row: PacketRow) -> str | None:
    return str(row.fate.became) if row.fate else None


def _fate_text(row: PacketRow) -> str:
    """Return what became of it; of what is lost, how it is known."""
    if row.fate is None:
        return NOTHING
    if row.fate.became in (Became.SEEN, Became.WAITING):
        return str(row.fate.became)
    return shown(row.fate.note or row.fate.became)


PACKET_COLUMNS: tuple[Column[PacketRow], ...] = (
    Column(
        "number",
        "NO",
        5,
        lambda r: r.number + 1,
        lambda r: str(r.number + 1),
        right=True,
        rank=5,
    ),
    Column(
        "time",
        "TIME",
        10,
        lambda r: round(r.since / _BILLION, 6),
        lambda r: f"{r.since / _BILLION:.6f}",
        right=True,
    ),
    Column("at", "CLOCK (UTC)", 15, _clock, lambda r: _clock(r)[11:26], rank=6),
    Column(
        "from",
        "FROM",
        20,
        lambda r: r.origin,
        lambda r: shown(r.origin),
        wants=30,
        named=True,
    ),
    Column(
        "to",
        "TO",
        20,
        lambda r: r.target,
        lambda r: shown(r.target),
        wants=30,
        named=True,
    ),
    Column(
        "protocol",
        "PROTO",
        6,
        lambda r: r.header.protocol,
        lambda r: shown(r.header.protocol),
        rank=1,
    ),
    Column(
        "length",
        "LEN",
        5,
        lambda r: r.packet.length,
        lambda r: str(r.packet.length),
        right=True,
        measure=Measure.BYTES,
        rank=2,
    ),
    Column(
        "info",
        "INFO",
        14,
        lambda r: r.header.info,
        lambda r: shown(r.header.info),
        grows=True,
        wants=60,
    ),
)
"""Of one place."""

HOP_COLUMNS: tuple[Column[PacketRow], ...] = (
    Column(
        "hop", "SPOT", 12, lambda r: r.spot or None, lambda r: shown(r.spot), rank=1
    ),
    Column("fate", "FATE", 14, _fate, _fate_text, rank=2, wants=40),
    Column("latency", "µs", 6, _latency, _latency_text, right=True),
    *(
        Column(
            f"time_{place + 1}",
            f"AT {place + 1}",
            9,
            partial(_seconds, place=place),
            partial(_seconds_text, place=place),
            right=True,
        )
        for place in (0, 1)
    ),
)
"""What two places add: where it was, what became of it, how long that took, when."""

TWO_HOP_COLUMNS = (*PACKET_COLUMNS[:-1], *HOP_COLUMNS, PACKET_COLUMNS[-1])
"""All that is known of a packet of two places that are compared."""

_BY_KEY = {column.key: column for column in TWO_HOP_COLUMNS}
SIDE_BY_SIDE = (
    _BY_KEY["number"],
    _BY_KEY["time_1"],
    _BY_KEY["time_2"],
    _BY_KEY["latency"],
    _BY_KEY["at"],
    replace(_BY_KEY["from"], width=16),
    replace(_BY_KEY["to"], width=16),
    _BY_KEY["protocol"],
    _BY_KEY["length"],
    _BY_KEY["fate"],
    _BY_KEY["info"],
)
"""Of two places in a list: a packet is one row, with both times beside each other."""
