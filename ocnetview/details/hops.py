"""A hop of the way that a packet takes, and what goes wrong on the way to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ocnetview.facts import Link, Netns
from ocnetview.frozen import dataclass
from ocnetview.match.ports import link_state
from ocnetview.model import Rate, Traffic
from ocnetview.records import changed
from ocnetview.units import printable, quantity

_SLACK, _SHARE = 2.0, 0.05
"""Packets per second, and part of all, by which two ends may differ: they are not read
at the same instant."""


_DIGITS = 9999.5
"""Above this a number bears a prefix."""


class HopKind(StrEnum):
    """What a hop is."""

    PROCESS = "process"
    POD = "pod"
    INSIDE = "interface"
    NETNS = "namespace"
    LINK = "link"
    PORT = "port"
    BRIDGE = "bridge"
    TUNNEL = "tunnel"
    GATEWAY = "gateway"
    UPLINK = "uplink"
    PATCH = "patch"
    END = "end"
    """What ends the way, in words."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of the way; its texts are safe to print."""

    kind: HopKind
    name: str
    facts: tuple[str, ...] = ()
    """What is said beside its name, the weightiest first."""
    link: tuple[Netns, int] | None = None
    """The link that it is: namespace and ifindex."""
    traffic: Traffic | None = None
    inner: bool = False
    """Claims that its link is on the pod's side: what it sends goes out."""
    mtu: int = 0
    paired: bool = False
    """Claims that the very packets of the link before come through this one."""
    depth: int = 0
    """How many forks of the way are before it."""
    wrong: tuple[str, ...] = ()
    """What is wrong here, now."""

    @property
    def rate(self) -> Rate | None:
        """Return what goes through it per second."""
        return self.traffic.rate if self.traffic else None

    @property
    def outward(self) -> float | None:
        """Return the packets per second that go out through it; None if not known."""
        if self.rate is None:
            return None
        return self.rate.tx_packets if self.inner else self.rate.rx_packets

    @property
    def inward(self) -> float | None:
        """Return the packets per second that come in through it."""
        if self.rate is None:
            return None
        return self.rate.rx_packets if self.inner else self.rate.tx_packets


def judged(hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """Return the hops, each with what is wrong at it and on the way to it."""
    found: list[Hop] = []
    before: Hop | None = None
    for hop in hops:
        wrong = [*hop.wrong, *_losing(hop)]
        if hop.paired and before:
            wrong += _between(before, hop)
        found.append(changed(hop, wrong=tuple(wrong)))
        before = hop if hop.link and not hop.depth else before
    return tuple(found)


def _losing(hop: Hop) -> Iterator[str]:
    """Yield what a link drops, and the errors that it meets, now."""
    if hop.rate:
        counts = (
            (hop.rate.rx_dropped, "received packets/s dropped"),
            (hop.rate.tx_dropped, "packets/s to be sent dropped"),
            (hop.rate.rx_errors, "errors/s receiving"),
            (hop.rate.tx_errors, "errors/s sending"),
        )
        yield from (f"{per(count)} {what}" for count, what in counts if count > 0)


def _between(one: Hop, other: Hop) -> Iterator[str]:
    """Yield what gets lost between the two ends of a pair, and where they differ."""
    if one.mtu and other.mtu and one.mtu != other.mtu:
        yield f"MTU {other.mtu} here, {one.mtu} at {one.name}"
    for sent, got, way in (
        (one.outward, other.outward, f"from {one.name} do not arrive here"),
        (other.inward, one.inward, f"from here do not arrive at {one.name}"),
    ):
        if sent is not None and got is not None:
            lost = sent - got
            if lost > max(_SLACK, _SHARE * sent):
                yield f"{per(lost)} of {per(sent)} packets/s {way}"


def per(number: float) -> str:
    """Return how many per second, small ones with a decimal."""
    if number < _DIGITS:
        return f"{number:.1f}" if 0 < number < 9.95 else f"{number:.0f}"  # noqa: PLR2004 - two digits
    return quantity(number)


def trouble_of(link: Link) -> tuple[str, ...]:
    """Return what keeps a link from carrying anything."""
    if not link.up:
        return ("it is set down",)
    state = link_state(link)
    return () if state in ("up", "dormant") else (f"its state is {state}",)


def link_hop(
    kind: HopKind,
    link: Link,
    *said: str,
    name: str = "",
    inner: bool = False,
    peer: Link | None = None,
) -> Hop:
    """Return a link as a hop, with these facts before its own."""
    pair = f" ⇄ {peer.ifindex}" if peer else ""
    own = (f"ifindex {link.ifindex}{pair}", f"MTU {link.mtu}" if link.mtu else "")
    return Hop(
        kind,
        printable(name or link.name),
        tuple(printable(text) for text in (*said, *own) if text),
        (link.netns, link.ifindex),
        inner=inner,
        mtu=link.mtu,
        wrong=trouble_of(link),
    )
