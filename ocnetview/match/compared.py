"""A capture at two places -> who is behind each, as far as comparing them needs it."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.facts.packets import CaptureOrder
from ocnetview.match.called import Names


def compared(order: CaptureOrder, names: Names) -> CaptureOrder:
    """Return the order with the addresses of both ends; of one spot as it is."""
    spots = order.spots
    if len(spots) == 1:
        return order
    keys = [spot.owner_key for spot in spots]
    free = [spot.ifname for spot in spots if not spot.owner]
    return replace(
        order,
        addresses=tuple((*names.addresses(k), *names.macs(k)) for k in keys),
        elsewhere=tuple({one for name in free for one in names.not_by(name)}),
    )
