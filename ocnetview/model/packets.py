"""Packets as they are read, and what became of them between two places."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ocnetview.facts.packets import Packet


class Header(NamedTuple):
    """What a packet says of itself, as far as it is shown."""

    protocol: str
    """TCP, UDP, DNS, ICMP, ARP, VXLAN, ...: the outermost that says most."""
    info: str = ""
    """The rest in a short line, as tcpdump has it; safe to print."""
    source: str = ""
    """IP address; a MAC where there is none, empty where nothing says it."""
    target: str = ""
    source_port: int | None = None
    target_port: int | None = None
    source_mac: str = ""
    target_mac: str = ""
    vlans: tuple[int, ...] = ()
    """The outermost first."""
    vni: int | None = None
    """Of VXLAN or Geneve."""
    inner: Header | None = None
    """Of the packet that a tunnel carries."""
    truncated: bool = False
    """Claims that what was kept of it, or all of it, ends before its headers do."""

    @property
    def layers(self) -> tuple[Header, ...]:
        """Return it, and what it carries, the outermost first."""
        return (self, *self.inner.layers) if self.inner else (self,)


class Became(StrEnum):
    """What became of a packet between two places."""

    WAITING = "waiting"
    """It may still be seen at the other one."""
    SEEN = "seen"
    """At both."""
    LOST = "lost"
    """It should have come to the other one, and did not, or not all of it."""
    ALONE = "only here"
    """It was not at the place that it should have passed before."""
    UNKNOWN = "not comparable"


TOLD = (Became.LOST, Became.ALONE)
"""What a file says of a packet."""


class Fate(NamedTuple):
    """What became of a packet, and how that is known."""

    became: Became
    other: int | None = None
    """The number of the packet that it is at the other place; the first of several."""
    latency: int | None = None
    """Nanoseconds from the place that it passes first to the other one."""
    missing: int = 0
    """Bytes of TCP's data that were not at the other place."""
    note: str = ""
    """In words, such as `lost: not seen at vxlan_sys_4789 within 1 s`; untrusted."""

    def repeats(self, number: int) -> bool:
        """Claim that the packet with this number is an earlier one, seen once more."""
        seen = self.became is Became.SEEN and self.other is not None
        return seen and (self.other or 0) < number


class PacketRow(NamedTuple):
    """A packet as a row of a list."""

    number: int
    """Its place among all that were captured, from 0."""
    packet: Packet
    header: Header
    since: int
    """Nanoseconds since the first packet of the capture."""
    origin: str = ""
    """Who sent it: a name where one is known; untrusted text, as are the next."""
    target: str = ""
    spot: str = ""
    """Where it was captured; empty where there is one place only."""
    fate: Fate | None = None
    """None where no two places are compared."""
    since_other: int | None = None
    """As `since`, of the packet that it is at the other place; None for unseen."""

    @property
    def key(self) -> str:
        """Return what tells it from all others of its capture."""
        return str(self.number)
