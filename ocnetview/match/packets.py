"""What the node knows, for its packets: rows with names, and two places compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ocnetview.facts.packets import Packet, Spot
from ocnetview.match.called import Names
from ocnetview.match.headers import decode
from ocnetview.match.lost import Compare
from ocnetview.match.tunnels import VXLAN_PORTS, vxlan_ports
from ocnetview.model import NodeModel
from ocnetview.model.packets import PacketRow


class PacketRows:
    """Makes the rows of one capture."""

    def __init__(
        self,
        spots: Sequence[Spot],
        names: Names,
        vxlan: Collection[int] = VXLAN_PORTS,
    ) -> None:
        """Take where the packets are captured, who is who, and VXLAN's ports."""
        self._vxlan = vxlan
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


def compare_spots(
    spots: Sequence[Spot], names: Names, model: NodeModel, since: int = 0
) -> Compare:
    """Return what compares two spots, with all that the node knows of both.

    `since` is when both of them captured, in nanoseconds since the epoch; 0 where
    nothing came before that.
    """
    owners = [
        (*names.addresses(spot.owner_key), *names.macs(spot.owner_key))
        for spot in spots
    ]
    many = [spot.ifname for spot in spots if not spot.owner_key]
    elsewhere = names.not_by(many[0]) if many else frozenset()
    return Compare(
        spots, owners, since=since, elsewhere=elsewhere, vxlan=vxlan_ports(model)
    )
