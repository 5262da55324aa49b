"""Packets -> rows, with the names of who sent and gets them."""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.facts.packets import Packet, Spot
from ocnetview.match.called import Names
from ocnetview.match.packets.headers import decode
from ocnetview.model.packets import PacketRow


class PacketRows:
    """Makes the rows of one capture."""

    def __init__(self, spots: Sequence[Spot], names: Names) -> None:
        """Take where the packets are captured, and who is who."""
        self._vxlan = names.vxlan
        self._spots = tuple(s.title for s in spots) if len(spots) > 1 else ()
        self._names = names
        self._began: int | None = None
        self._next = 0

    def row(self, packet: Packet) -> PacketRow:
        """Return the next packet as a row; its fate is not known yet.

        Of a tunnel's packet the ends are those of the packet inside.
        """
        if self._began is None:
            self._began = packet.at
        header = decode(packet, self._vxlan)
        inside = header.layers[-1]
        side = self._names.side
        number, self._next = self._next, self._next + 1
        return PacketRow(
            number,
            packet,
            header,
            packet.at - self._began,
            side(inside.source, inside.source_port),
            side(inside.target, inside.target_port),
            self._spots[packet.spot] if self._spots else "",
        )
