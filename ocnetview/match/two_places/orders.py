"""A capture at two places -> what compares them, with all that the node knows."""

from __future__ import annotations

from ocnetview.facts.packets import CaptureOrder
from ocnetview.match.called import Names
from ocnetview.match.packets.tunnels import VXLAN_PORTS
from ocnetview.match.two_places.lost import Compare
from ocnetview.records import changed


def compared(order: CaptureOrder, names: Names) -> CaptureOrder:
    """Return the order with who is behind both places; of one place as it is."""
    spots = order.spots
    if len(spots) == 1:
        return order
    keys = [spot.owner_key for spot in spots]
    free = [spot.ifname for spot in spots if not spot.owner]
    return changed(
        order,
        addresses=tuple((*names.addresses(k), *names.macs(k)) for k in keys),
        elsewhere=tuple(sorted({one for name in free for one in names.not_by(name)})),
        vxlan=tuple(sorted(names.vxlan)),
    )


def comparing(order: CaptureOrder, since: int = 0) -> Compare:
    """Return what compares the two places of an order.

    `since` is when both of them captured, in nanoseconds since the epoch.
    """
    return Compare(
        order.spots,
        order.addresses or ((), ()),
        since=since,
        elsewhere=order.elsewhere,
        vxlan=order.vxlan or VXLAN_PORTS,
    )
