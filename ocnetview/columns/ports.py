"""The columns of a bridge's ports."""

from __future__ import annotations

from ocnetview.columns.column import Column, rate_columns, shown
from ocnetview.model import LOCAL_OFPORT, Port


def _ofport(port: Port) -> str:
    return "LOCAL" if port.ofport == LOCAL_OFPORT else shown(port.ofport)


PORT_COLUMNS: tuple[Column[Port], ...] = (
    Column("ofport", "OFPORT", 6, lambda p: p.ofport, _ofport, right=True),
    Column("name", "PORT", 15, lambda p: p.name, lambda p: shown(p.name)),
    Column("type", "TYPE", 8, lambda p: p.type, lambda p: shown(p.type), rank=2),
    Column(
        "tag", "TAG", 4, lambda p: p.tag, lambda p: shown(p.tag), right=True, rank=4
    ),
    Column(
        "purpose",
        "POD OR PURPOSE",
        24,
        lambda p: p.purpose,
        lambda p: shown(p.purpose),
        grows=True,
        wants=46,
        named=True,
    ),
    Column("state", "STATE", 9, lambda p: p.state, lambda p: shown(p.state), rank=1),
    *rate_columns(),
    Column(
        "error",
        "ERROR",
        12,
        lambda p: p.error,
        lambda p: shown(p.error),
        rank=3,
        wants=60,
    ),
)
