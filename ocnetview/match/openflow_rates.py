"""What an entry took between two readings of the same question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ocnetview.facts.openflow import FlowEntry, FlowsFacts

Key = tuple[int, int, str]


class FlowRate(NamedTuple):
    """What an entry took per second."""

    packets: float
    bytes: float


def flow_rates(now: FlowsFacts, before: FlowsFacts | None) -> Mapping[Key, FlowRate]:
    """Return the rates by the entries' keys; of one made anew there is none."""
    seconds = now.at - before.at if before else 0.0
    if before is None or seconds <= 0:
        return {}
    old = {entry.key: entry for entry in before.entries}
    return {
        entry.key: FlowRate(
            (entry.packets - old[entry.key].packets) / seconds,
            (entry.bytes - old[entry.key].bytes) / seconds,
        )
        for entry in now.entries
        if entry.key in old and _is_same(entry, old[entry.key])
    }


def _is_same(now: FlowEntry, before: FlowEntry) -> bool:
    """Claim that an entry was there all the time."""
    grew = now.packets >= before.packets and now.bytes >= before.bytes
    return grew and now.duration >= before.duration
