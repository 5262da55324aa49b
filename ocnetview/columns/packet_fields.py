"""What a filter can ask of a packet."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.columns.fields import Field, column_field
from ocnetview.columns.packets import TWO_HOP_COLUMNS
from ocnetview.model import NodeModel
from ocnetview.model.packets import PacketRow


def _hosts(row: PacketRow, _: NodeModel) -> Iterator[str]:
    """Yield the addresses of both ends, a tunnel's and those inside it."""
    for header in row.header.layers:
        yield from (header.source, header.target)
        yield from (header.source_mac, header.target_mac)


def _numbers(row: PacketRow, _: NodeModel) -> Iterator[str]:
    """Yield the ports of both ends, a tunnel's and those inside it."""
    for header in row.header.layers:
        ports = (header.source_port, header.target_port)
        yield from (str(port) for port in ports if port is not None)


PACKET_FIELDS: tuple[Field[PacketRow], ...] = (
    Field(("host", "ip", "mac"), _hosts),
    Field(("port",), _numbers),
    Field(
        ("vni",),
        lambda r, _: (str(h.vni) for h in r.header.layers if h.vni is not None),
    ),
    *map(column_field, TWO_HOP_COLUMNS),
)
