"""A packet and two places -> which of them it passes first, and whether both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from ipaddress import ip_address

from ocnetview.facts.packets import Spot
from ocnetview.match.two_places.identity import Flow, Identity, for_many

_MOST_KNOWN = 4096
"""Flows of which it is remembered that they pass both places."""
_COLONS = 5
"""Of a MAC."""


def packed(addresses: Iterable[str]) -> frozenset[bytes]:
    """Return IP addresses and MACs as packets have them."""
    found = set()
    for text in addresses:
        if text.count(":") == _COLONS and len(text) == 17:  # noqa: PLR2004 - a MAC's
            found.add(bytes.fromhex(text.replace(":", "")))
        else:
            found.add(ip_address(text).packed)
    return frozenset(found)


class Directions:
    """Tells which of two places a packet should pass, and in what order."""

    def __init__(
        self,
        spots: Sequence[Spot],
        owners: Sequence[Collection[str]],
        elsewhere: Collection[str] = (),
    ) -> None:
        """Take the places, the addresses behind each, and those behind neither.

        `elsewhere` are addresses that nothing passes a place without an owner for:
        those of this node, where that place leads off it.
        """
        self._owners = tuple(map(packed, owners))
        self._elsewhere = packed(elsewhere)
        key = spots[0].owner_key
        self._one_pod = bool(key) and key == spots[1].owner_key
        self._inner: int | None = None
        if spots[0].inwards is not spots[1].inwards:
            self._inner = 0 if spots[0].inwards else 1
        self._known: dict[Flow, int] = {}

    def first(self, spot: int, identity: Identity) -> int | None:
        """Return which place a packet passes first; None where nothing tells it.

        A packet at a pod's link that the pod did not send goes to it.
        """
        here, there = self._owners
        sender, target = {identity.source, identity.mac}, identity.target
        place = self._known.get(identity.flow)
        if self._one_pod:
            if self._inner is not None:
                place = self._inner if sender & here else 1 - self._inner
        elif sender & here:
            place = 0
        elif sender & there or target in here:
            place = 1
        elif target in there:
            place = 0
        elif self._owners[spot]:
            place = 1 - spot
        return place

    def foreign(self, spot: int, identity: Identity) -> bool:
        """Claim that a packet is of others, at a place where many's packets pass."""
        here, there = self._owners
        if self._owners[spot] or not (here or there):
            return False
        ends = {identity.source, identity.target, identity.mac}
        return not ends & here and not ends & there

    def learn(self, flow: Flow, first: int) -> None:
        """Remember that a flow passes both places, and which first."""
        if self._known.get(flow) == first:
            return
        self._known[flow] = first
        self._known[flow.back] = 1 - first
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def passes_both(self, spot: int, identity: Identity) -> bool:
        """Claim that a packet that left one place should come to the other one."""
        if self._one_pod or identity.flow in self._known:
            return True
        target, others = identity.target, self._owners[1 - spot]
        if others:
            return target in others
        return target not in self._elsewhere and not for_many(target)

    def comes_by(self, spot: int, identity: Identity) -> bool:
        """Claim that a packet at the other place should have passed this one before."""
        owners = self._owners[spot]
        if self._one_pod or identity.flow in self._known or not owners:
            return True
        return bool({identity.source, identity.mac} & owners)
