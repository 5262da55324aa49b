"""The blocks of a file of captured packets, its head and its end among them."""

from __future__ import annotations

import platform
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from itertools import accumulate

from ocnetview.facts.packets import CaptureOrder, Packet, Tally
from ocnetview.probes import pcapng

Form = tuple[int, int]
"""Link type and snap length of a spot."""


def head(order: CaptureOrder, forms: Sequence[Form]) -> bytes:
    """Return what each file begins with: who captured what, where."""
    titles = ", ".join(spot.title for spot in order.spots)
    node = f" on node {order.node}" if order.node else ""
    parts = [
        pcapng.section(
            f"ocnetview {version('ocnetview')}",
            f"{platform.system()} {platform.release()}",
            f"captured{node}: {titles}",
        )
    ]
    for place, (spot, (linktype, snaplen)) in enumerate(
        zip(order.spots, forms, strict=True)
    ):
        wanted = order.filter_at(place)
        parts.append(pcapng.interface(spot, linktype, snaplen, wanted))
    return b"".join(parts)


class Times:
    """When the first and the last packet of each spot were captured."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._last: dict[int, int] = {}

    def add(self, packets: Iterable[Packet]) -> None:
        """Count these in."""
        for one in packets:
            self._first.setdefault(one.spot, one.at)
            self._last[one.spot] = one.at

    def statistics(self, tallies: Sequence[Tally]) -> bytes:
        """Return the blocks that a file ends with."""
        return b"".join(
            pcapng.statistics(
                place, tally, self._first.get(place, 0), self._last.get(place, 0)
            )
            for place, tally in enumerate(tallies)
        )


def blocks_of(
    order: CaptureOrder, packets: Sequence[Packet], comments: Mapping[int, str]
) -> Sequence[bytes]:
    """Return the block of each packet."""
    return [
        pcapng.packet(one, order.spots[one.spot], comments.get(place, ""))
        for place, one in enumerate(packets)
    ]


def room_for(blocks: Sequence[bytes], used: int, size: int) -> int:
    """Return how many of these fit."""
    if not size:
        return len(blocks)
    return bisect_right(list(accumulate(map(len, blocks))), size - used)
