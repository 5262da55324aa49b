"""What a switch says when it is asked: its OpenFlow entries, and what it would do."""

from __future__ import annotations

from typing import NamedTuple

from ocnetview.frozen import dataclass


class FlowEntry(NamedTuple):
    """An entry of an OpenFlow table, as `ovs-ofctl dump-flows` prints it."""

    table: int
    priority: int
    match: str
    """Without the priority; empty for one that matches everything. Untrusted text."""
    actions: str
    cookie: int = 0
    packets: int = 0
    bytes: int = 0
    duration: float = 0.0
    """Seconds that it has been there."""

    @property
    def key(self) -> tuple[int, int, str]:
        """Return what tells it from all other entries of its bridge."""
        return self.table, self.priority, self.match


@dataclass(frozen=True, slots=True)
class FlowsFacts:
    """The entries of a bridge that fit what was asked for."""

    source: str
    """Such as `ovs-ofctl of br0`."""
    at: float
    """When it was read, in seconds since the epoch."""
    bridge: str
    entries: tuple[FlowEntry, ...] = ()
    """By table, then by priority, the highest first."""


@dataclass(frozen=True, slots=True)
class TraceFacts:
    """What `ofproto/trace` answered: what the bridge would do with a packet."""

    source: str
    at: float
    bridge: str
    flow: str
    """The packet that was asked about, as a flow."""
    text: str
    """The answer whole, as the switch wrote it."""
