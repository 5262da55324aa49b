"""The columns of packets, and what a filter can ask of them."""

from __future__ import annotations

from datetime import UTC, datetime

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
    Column("fate", "FATE", 14, _fate, _fate_text, wants=40),
    Column("latency", "µs", 6, _latency, _latency_text, right=True, rank=1),
)
"""What two places add: where it was, what became of it, how long that took."""

TWO_HOP_COLUMNS = (*PACKET_COLUMNS[:-1], *HOP_COLUMNS, PACKET_COLUMNS[-1])
"""Of two places that are compared."""
