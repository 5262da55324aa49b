"""A capture at two places -> with what tells which way a packet goes between them."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.facts.packets import CaptureOrder
from ocnetview.match.called import Names
from ocnetview.model import NodeModel


def compared(model: NodeModel, order: CaptureOrder) -> CaptureOrder:
    """Return an order with the addresses of the pods behind its spots.

    A single spot is compared with nothing, and its order stays as it is.
    """
    if len(order.spots) == 1:
        return order
    names = Names(model)
    addresses = tuple(
        (*names.addresses(spot.owner_key), *names.macs(spot.owner_key))
        for spot in order.spots
    )
    others = (names.not_by(s.ifname) for s in order.spots if not s.owner)
    elsewhere = frozenset[str]().union(*others)
    return replace(order, addresses=addresses, elsewhere=tuple(sorted(elsewhere)))
