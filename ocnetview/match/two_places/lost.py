"""Two places that packets pass -> what became of each between them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import NamedTuple

from ocnetview.facts.packets import Packet, Spot
from ocnetview.match.packets.frames import frame_of
from ocnetview.match.packets.tunnels import VXLAN_PORTS
from ocnetview.match.two_places.directions import Directions
from ocnetview.match.two_places.identity import Flow, identity_of
from ocnetview.match.two_places.merging import Merging
from ocnetview.match.two_places.pairing import Pairing, Passing
from ocnetview.match.two_places.sums import Comparison, Direction, Losses
from ocnetview.match.two_places.unread import Unread
from ocnetview.model.packets import Became, Fate

SECOND = 1_000_000_000
_EDGE = 50_000_000
"""So near the begin or the end of a capture, the other place may not have captured."""
_MOST = 100_000
"""Packets that are remembered at the same time."""
_MOST_FLOWS = 4096
_PORTIONS = "its flow is carried in other portions, which only TCP's data tells"
_UNREAD = "cut off or encrypted: a larger snap length may tell it from others"
_EARLY = "before both places were captured at"


class Found(NamedTuple):
    """A packet whose fate is known now."""

    number: int
    """Counted from 0, in the order in which they were taken."""
    fate: Fate


class Compare:
    """Finds each packet of one spot at the other one."""

    def __init__(  # noqa: PLR0913 - two places, and what is known around them
        self,
        spots: Sequence[Spot],
        addresses: Sequence[Collection[str]] = ((), ()),
        *,
        slack: int = SECOND,
        since: int = 0,
        elsewhere: Collection[str] = (),
        vxlan: Collection[int] = VXLAN_PORTS,
        most: int = _MOST,
    ) -> None:
        """Take the two spots, and the IP addresses and MACs of the pod behind each.

        `slack` is how many nanoseconds a packet may take from one to the other;
        `since` is when both of them captured: what came earlier is not compared.
        `elsewhere` are addresses that a spot without an owner does not lead to. `most`
        packets are remembered, and half as many held back for a place that is silent.
        """
        names = [spot.ifname for spot in spots]
        alike = names[0] == names[1]
        self._names = tuple(s.title for s in spots) if alike else tuple(names)
        self._directions = Directions(spots, addresses, elsewhere)
        self._slack, self._since, self._vxlan = slack, since, vxlan
        self._most = most
        self._taken = self._others = 0
        self._merging = Merging(most // 2)
        self._pairing = Pairing()
        self._order: deque[Passing] = deque()
        self._copies: Counter[Hashable] = Counter()
        """Of those that were seen at both places, how often they were at one."""
        self._unread = Unread()
        first, second = self._names
        self._ways = (
            Direction(f"{first} → {second}"),
            Direction(f"{second} → {first}"),
        )
        self._losses = Losses()
        self._portioned: dict[Flow, None] = {}
        self._found: list[Found] = []
        self._ended = False

    def take(self, packets: Iterable[Packet], now: int = 0) -> Sequence[Found]:
        """Take packets as they come, and return those whose fate is known by now.

        `now` is the time, in nanoseconds since the epoch: without it a spot that
        stays silent holds up the other one. Each packet's fate is told once; until
        then it is waiting.
        """
        for packet in packets:
            self._merging.add(self._taken, packet)
            self._taken += 1
        for number, packet in self._merging.ready(now):
            self._expire(self._merging.time - self._slack)
            self._pass(number, packet)
        self._expire(self._merging.time - self._slack)
        return self._tell()

    def end(self, at: int = 0) -> Sequence[Found]:
        """Return the fate of all that still wait, for the capture ended at `at`.

        What passed right before that is not comparable; without `at` the end is when
        the last packet was captured.
        """
        for number, packet in self._merging.rest():
            self._expire(self._merging.time - self._slack)
            self._pass(number, packet)
        until = max(at, self._merging.time)
        self._expire(until - min(_EDGE, self._slack))
        self._ended = True
        self._expire(until + 1)
        return self._tell()

    @property
    def comparison(self) -> Comparison:
        """Return the sums."""
        first, second = (direction.way() for direction in self._ways)
        return Comparison((first, second), self._losses.worst(), self._others)

    def _tell(self) -> Sequence[Found]:
        """Return what was found since it was told last."""
        found, self._found = self._found, []
        return found

    def _say(self, one: Passing, became: Became, note: str = "") -> None:
        """Keep the fate of a packet until it is told."""
        fate = Fate(became, one.other, one.latency, one.missing, note)
        self._found.append(Found(one.number, fate))

    def _pass(self, number: int, packet: Packet) -> None:
        """Look for a packet at the other place."""
        frame = frame_of(packet)
        identity = identity_of(frame, self._vxlan)
        if identity is None:
            self._others += 1
            self._unread.note(packet.spot, frame, packet.at, self._vxlan)
            fate = Fate(Became.UNKNOWN, note=_UNREAD)
            self._found.append(Found(number, fate))
            return
        one = Passing(number, packet.at, packet.spot, identity)
        one.first = self._directions.first(one.spot, identity)
        one.unread = self._unread.last(1 - one.spot, identity)
        if one.first == one.spot:
            self._ways[one.spot].sent += 1
        self._order.append(one)
        met = self._pairing.pair(one)
        if not met:
            return
        first = met[0].first if met[0].first is not None else met[0].spot
        for each in (one, *met):
            self._directions.learn(each.identity.flow, first)
            if not each.left:
                self._settle(each, first)

    def _settle(self, one: Passing, first: int) -> None:
        """Count a packet that was at both places."""
        if one.identity.single:
            self._copies[one.copy] += 1
        if self._way(one, first) == one.spot:
            self._ways[one.spot].arrived += 1
            self._ways[one.spot].time(one.latency or 0)
        else:
            self._ways[1 - one.spot].received += 1
        self._say(one, Became.SEEN)

    def _way(self, one: Passing, first: int) -> int:
        """Return which place a packet passed first, and count it if that is new."""
        if one.first is None:
            one.first = first
            self._ways[first].sent += one.spot == first
        return one.first

    def _expire(self, before: int) -> None:
        """Decide of all that passed before a moment."""
        order = self._order
        while order and (order[0].at < before or len(order) > self._most):
            one = order.popleft()
            if not one.left:
                self._forget(one)
                continue
            self._pairing.drop(one)
            self._conclude(one, hurried=one.at >= before)

    def _forget(self, one: Passing) -> None:
        """Forget a packet that was at both places."""
        if one.identity.single:
            self._copies[one.copy] -= 1
            if not self._copies[one.copy]:
                del self._copies[one.copy]

    def _conclude(self, one: Passing, *, hurried: bool) -> None:
        """Decide of a packet that was not at the other place, or not all of it."""
        spot, partly = one.spot, one.other is not None
        stranger = one.first is None and self._directions.foreign(spot, one.identity)
        if stranger and not partly:
            self._others += 1
            self._say(one, Became.UNKNOWN, "of others")
            return
        again = self._directions.first(spot, one.identity)
        first = self._way(one, 0 if again is None else again)
        if spot != first:
            self._odd(one, partly=partly)
            return
        reason = self._doubt(one, hurried=hurried, partly=partly)
        if reason:
            self._ways[first].unknown += 1
            self._say(one, Became.UNKNOWN, reason)
            return
        self._ways[first].lost += 1
        self._ways[first].missing += one.missing
        self._losses.add(one.identity)
        some = f"{one.missing} of {one.identity.length} bytes " if partly else ""
        within = f"{self._slack / SECOND:g} s"
        note = f"lost: {some}not seen at {self._names[1 - spot]} within {within}"
        self._say(one, Became.LOST, note)

    def _odd(self, one: Passing, *, partly: bool) -> None:
        """Decide of a packet at the second place that was not at the first one."""
        first = 1 - one.spot
        reasons = (
            (one.at < self._since + _EDGE, _EARLY),
            (one.identity.flow in self._portioned, _PORTIONS),
            (one.unread >= one.at - self._slack, self._unclear(first)),
            (
                not partly and not self._directions.comes_by(first, one.identity),
                f"not from {self._names[first]}",
            ),
        )
        reason = next((reason for holds, reason in reasons if holds), "")
        if partly:
            self._ways[first].received += 1
            self._say(one, Became.SEEN, f"{one.missing} bytes of it only here")
        elif reason:
            self._others += 1
            self._say(one, Became.UNKNOWN, reason)
        else:
            self._ways[first].alone += 1
            note = f"only here: not seen at {self._names[first]}"
            self._say(one, Became.ALONE, note)

    def _unclear(self, spot: int) -> str:
        """Return that packets of a place tell nothing."""
        return f"packets at {self._names[spot]} were cut off or encrypted then"

    def _doubt(self, one: Passing, *, hurried: bool, partly: bool) -> str:
        """Return why a packet that was not seen may not be lost; empty for lost."""
        here, there = self._names[one.spot], self._names[1 - one.spot]
        whole = not partly
        reasons = (
            (one.at < self._since, _EARLY),
            (self._ended, "the capture ended right after it"),
            (hurried, "too many packets at once"),
            (
                self._unread.last(1 - one.spot, one.identity) >= one.at,
                self._unclear(1 - one.spot),
            ),
            (
                whole and one.copy in self._copies,
                f"the same packet twice at {here}, once at {there}",
            ),
            (whole and self._in_portions(one), _PORTIONS),
            (
                whole and not self._directions.passes_both(one.spot, one.identity),
                f"not on its way to {there}",
            ),
        )
        return next((reason for holds, reason in reasons if holds), "")

    def _in_portions(self, one: Passing) -> bool:
        """Claim that a datagram may have gone on as several (GSO of UDP, as of QUIC).

        Some of its flow that was not at this place is at the other one.
        """
        flow = one.identity.flow
        if not one.identity.bulky or not self._pairing.awaits(1 - one.spot, flow):
            return False
        self._portioned[flow] = None
        while len(self._portioned) > _MOST_FLOWS:
            del self._portioned[next(iter(self._portioned))]
        return True
