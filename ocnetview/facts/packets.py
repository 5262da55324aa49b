"""Packets that were captured, and where they were."""

from __future__ import annotations

from typing import NamedTuple

from ocnetview.facts.kernel import Netns
from ocnetview.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that packets are captured at: a link in a namespace."""

    ifname: str
    """Untrusted text; as it is called in its namespace."""
    netns: Netns | None = None
    """The namespace that has to be entered; None for the node's own."""
    pid: int | None = None
    """A process in there; None where only pins lead there, and on the node."""
    start_time: int | None = None
    pins: tuple[str, ...] = ()
    """Files that pin the namespace."""
    owner: str = ""
    """The title of the pod whose packets pass here; empty for many's (a tunnel)."""
    owner_key: str = ""
    """The pod's key in the model."""
    inwards: bool = False
    """Claims that the link receives what the pod receives, as its own eth0 does; a
    host veth receives what the pod sends."""
    filter: str = ""
    """The filter that belongs to the place itself, such as a pod's own addresses on
    the node's interface (pcap-filter(7)); empty for everything."""
    why: str = ""
    """Why here, in words."""
    mac: str = ""
    """Of the pod's own end: frames from it are what the pod sends; empty: unknown."""

    @property
    def title(self) -> str:
        """Return what it is called."""
        return f"{self.ifname} of {self.owner}" if self.owner else self.ifname


MOST_SNAPLEN = 262144
"""Bytes of each packet that libpcap keeps at most (MAXIMUM_SNAPLEN)."""


class Packet(NamedTuple):
    """A packet as it was captured."""

    spot: int
    """The place of its spot among those of the order."""
    at: int
    """Nanoseconds since the epoch, by the kernel's clock at capture."""
    length: int
    """Bytes on the wire."""
    data: bytes
    """What was kept of it, at most the snap length."""
    linktype: int = 1
    """LINKTYPE_* of the pcap registry; 1 is Ethernet."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a capture is doing at one spot."""

    packets: int = 0
    """That passed the filter and were taken."""
    bytes: int = 0
    """Of these packets on the wire."""
    dropped: int = 0
    """By the kernel, for want of room (PACKET_STATISTICS)."""


@dataclass(frozen=True, slots=True)
class CaptureOrder:
    """What is to be captured, and when that ends."""

    spots: tuple[Spot, ...]
    """One, or two that are compared."""
    filter: str = ""
    """The user's filter (pcap-filter(7)), for every spot."""
    seconds: float = 60.0
    """0 for no limit; so with the others."""
    count: int = 0
    """Packets of all spots together."""
    size: int = 64 << 20
    """Bytes of what is kept, in files or in memory."""
    snaplen: int = 256
    """Bytes kept of each packet; 0 for all."""
    file: str = ""
    """Path of the pcapng file; `-` for standard output, empty for none."""
    ring: int = 0
    """How many files, each of `size` bytes, of which the oldest is replaced; 0 or 1
    for a single one that ends the capture when it is full."""
    node: str = ""
    """The node's name, for the file."""
    addresses: tuple[tuple[str, ...], ...] = ()
    """IP addresses and MACs of the pod behind each of two spots that are compared."""
    elsewhere: tuple[str, ...] = ()
    """Addresses that a spot without an owner does not lead to."""
    vxlan: tuple[int, ...] = ()
    """UDP ports that carry VXLAN there; none for the usual ones."""

    def filter_at(self, place: int) -> str:
        """Return the whole filter of a spot: its own, and the user's."""
        parts = (self.spots[place].filter.strip(), self.filter.strip())
        return " and ".join(f"({part})" for part in parts if part)


@dataclass(frozen=True, slots=True)
class CaptureEnd:
    """How a capture ended."""

    reason: str
    """In words: the time is over, told to stop, the disk is full, ..."""
    failed: bool = False
    """Claims that it ended otherwise than was ordered; what was taken is complete."""
    files: tuple[str, ...] = ()
    """That were written, the oldest first; each whole and readable."""
