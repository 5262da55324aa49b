"""Two places that packets pass -> what became of each between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ocnetview.facts.packets import Packet, Spot
from ocnetview.frozen import dataclass
from ocnetview.model.packets import Fate

SECOND = 1_000_000_000


class Found(NamedTuple):
    """A packet of which something new is known."""

    number: int
    """Counted from 0, in the order in which they were taken."""
    fate: Fate


@dataclass(frozen=True, slots=True)
class Way:
    """What passed in one direction."""

    title: str
    """`veth1 → vxlan_sys_4789`; untrusted text."""
    sent: int = 0
    """Packets at the place that they pass first."""
    arrived: int = 0
    """Those of them that were at the other one, too."""
    lost: int = 0
    waiting: int = 0
    unknown: int = 0
    """Not comparable; the four are all that were sent."""
    alone: int = 0
    """Packets at the second place only."""
    missing: int = 0
    """Bytes of TCP's data that were lost."""
    fastest: int | None = None
    """Nanoseconds between the two; None where none arrived."""
    median: int | None = None
    slowest: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two places say together, as of now."""

    ways: tuple[Way, Way]
    """From the first spot to the second, and back."""
    flows: tuple[tuple[str, int], ...] = ()
    """Those that lost most, with how many packets, the worst first."""


class Compare:
    """Finds each packet of one spot at the other one."""

    def __init__(
        self,
        spots: Sequence[Spot],
        addresses: Sequence[Collection[str]] = ((), ()),
        slack: int = SECOND,
        since: int = 0,
        vxlan: Collection[int] = (),
    ) -> None:
        """Take the two spots, and the addresses of the pod behind each.

        `slack` is how many nanoseconds a packet may take from one to the other;
        `since` is when both of them captured: what came earlier is not compared.
        """
        del addresses, slack, since, vxlan
        self._spots = tuple(spots)
        self._taken = 0
        self._now = 0

    def take(self, packets: Iterable[Packet], now: int = 0) -> Sequence[Found]:
        """Take packets as they come, and return those whose fate is known by now.

        `now` is the time, in nanoseconds since the epoch, up to which all packets
        of both spots were given: without it a spot that stays silent holds up the
        other one. Each packet's fate is told once; until then it is waiting.
        """
        self._now = max(self._now, now)
        self._taken += sum(1 for _ in packets)
        return ()

    def end(self, at: int = 0) -> Sequence[Found]:
        """Return the fate of all that still wait, for the capture ended at `at`."""
        self._now = max(self._now, at)
        return ()

    @property
    def comparison(self) -> Comparison:
        """Return the sums."""
        first, second = (spot.ifname for spot in self._spots)
        return Comparison((Way(f"{first} → {second}"), Way(f"{second} → {first}")))
