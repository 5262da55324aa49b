"""Captured packets as lines of text and as JSON, while they come and in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ocnetview.columns import Json
from ocnetview.columns.column import Column
from ocnetview.columns.packets import (
    PACKET_COLUMNS,
    SIDE_BY_SIDE,
    TWO_HOP_COLUMNS,
)
from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Packet, Spot, Tally
from ocnetview.match.called import Names
from ocnetview.match.packets.rows import PacketRows
from ocnetview.match.packets.written import end as end_of
from ocnetview.match.two_places.lost import Found
from ocnetview.match.two_places.orders import comparing
from ocnetview.match.two_places.sums import Comparison, LostFlow, Way
from ocnetview.model import NodeModel
from ocnetview.model.packets import PacketRow
from ocnetview.report.kept_rows import KeptRows
from ocnetview.units import counted, memory, printable

_GAP = "  "
_LEFT_OUT = ("number", "at")
_BILLION = 1_000_000_000
_WORST = 3
"""Flows that lost packets and are told in lines; JSON has more."""


class Lines:
    """Makes lines of packets; of two spots once it is known what became of each."""

    def __init__(self, order: CaptureOrder, model: NodeModel, since: int) -> None:
        """Take what is captured, who is who, and when it began."""
        self._rows = PacketRows(order.spots, Names(model))
        two = len(order.spots) > 1
        columns = SIDE_BY_SIDE if two else PACKET_COLUMNS
        self._columns = [one for one in columns if one.key not in _LEFT_OUT]
        self._waiting: dict[int, PacketRow] = {}
        self._taken = 0
        self._compare = comparing(order, since) if two else None

    @property
    def head(self) -> str:
        """Return the titles of the columns."""
        return self._line(column.title for column in self._columns)

    @property
    def comparison(self) -> Comparison | None:
        """Return what two spots say together."""
        return self._compare.comparison if self._compare else None

    def take(self, packets: Iterable[Packet], now: int) -> Iterator[PacketRow]:
        """Yield the rows that can be shown by now."""
        given = tuple(packets)
        rows = [self._rows.row(one) for one in given]
        if self._compare is None:
            yield from rows
            return
        for row in rows:
            self._waiting[row.number] = row
        yield from self._known(self._compare.take(given, now))

    def end(self, now: int) -> Iterator[PacketRow]:
        """Yield the rest."""
        if self._compare:
            yield from self._known(self._compare.end(now))

    def _known(self, found: Sequence[Found]) -> Iterator[PacketRow]:
        """Yield the rows of which it is known; of two that are one packet the first."""
        for number, fate in sorted(found):
            row = self._waiting.pop(number)
            other = None if fate.other is None else self._waiting.get(fate.other)
            if not fate.repeats(number):
                since = other.since if other else None
                yield row._replace(fate=fate, since_other=since)

    def line(self, row: PacketRow) -> str:
        """Return a row as a line."""
        return self._line(column.text(row) for column in self._columns)

    def _line(self, cells: Iterable[str]) -> str:
        """Return cells below each other's titles."""
        parts = [
            cell.rjust(_width(column)) if column.right else cell.ljust(_width(column))
            for cell, column in zip(cells, self._columns, strict=True)
        ]
        return _GAP.join(parts).rstrip()


def _width(column: Column[PacketRow]) -> int:
    """Return how wide a column is on paper."""
    return 0 if column.grows else max(column.width, min(column.wants, 34))


def spot_text(spot: Spot) -> str:
    """Return a spot in words; safe to print."""
    where = f" in {spot.netns}" if spot.netns else ""
    why = f": {spot.why}" if spot.why else ""
    return printable(f"{spot.title}{where}{why}")


def limits_text(order: CaptureOrder) -> str:
    """Return in words when a capture ends by itself."""
    single = order.ring <= 1
    ends = (
        f"after {order.seconds:g} s" if order.seconds else "",
        f"after {counted(order.count, 'packet')}" if order.count else "",
        f"at {memory(order.size)} bytes" if order.size and single else "",
    )
    return ", ".join([*filter(None, ends), "at Ctrl-C"])


def end_text(end: CaptureEnd, tallies: Sequence[Tally]) -> str:
    """Return in a line how a capture ended, and what it brought."""
    packets = sum(one.packets for one in tallies)
    size = memory(sum(one.bytes for one in tallies))
    dropped = sum(one.dropped for one in tallies)
    files = f"; in {', '.join(end.files)}" if end.files else ""
    return printable(
        f"{counted(packets, 'packet')} ({size} bytes), {dropped} dropped by the kernel:"
        f" {end.reason}{files}"
    )


def _way_text(way: Way) -> str:
    """Return in a line what became of packets in one direction."""
    took = ""
    if way.median is not None:
        fastest, slowest = (way.fastest or 0) / 1000, (way.slowest or 0) / 1000
        took = f" in {way.median / 1000:.0f} µs ({fastest:.0f} to {slowest:.0f})"
    unknown = f", {way.unknown} not comparable" if way.unknown else ""
    alone = f", {way.alone} only there" if way.alone else ""
    return printable(
        f"{way.title}: {way.expected} sent, {way.arrived} arrived{took},"
        f" {way.lost} lost{unknown}{alone}"
    )


def comparison_texts(comparison: Comparison) -> Iterator[str]:
    """Yield a line for each direction, and for each of the flows that lost most."""
    yield from map(_way_text, comparison.ways)
    yield from map(_lost_text, comparison.flows[:_WORST])


def _lost_text(flow: LostFlow) -> str:
    """Return in a line what a flow lost."""
    source = end_of(flow.source, flow.source_port)
    target = end_of(flow.target, flow.target_port)
    who = f"{flow.protocol} {source}".lstrip()
    return printable(f"{who} → {target}: {flow.packets} lost")


def left_out_text(left_out: int, size: int) -> str:
    """Return in a line that a document lacks the first packets, and why."""
    return (
        f"the first {left_out} packets are not in the document,"
        f" which has room for {memory(size)} bytes (--size)"
    )


def capture_json(
    order: CaptureOrder,
    end: CaptureEnd,
    tallies: Sequence[Tally],
    rows: KeptRows,
    comparison: Comparison | None,
) -> Mapping[str, Json | Iterator[Json]]:
    """Return what a document about a capture holds."""
    columns = TWO_HOP_COLUMNS if len(order.spots) > 1 else PACKET_COLUMNS
    return {
        "spots": [
            {
                "ifname": spot.ifname,
                "netns": str(spot.netns) if spot.netns else None,
                "pod": spot.owner or None,
                "filter": spot.filter,
                "why": spot.why,
                "packets": tally.packets,
                "bytes": tally.bytes,
                "dropped": tally.dropped,
            }
            for spot, tally in zip(order.spots, tallies, strict=True)
        ],
        "end": {"reason": end.reason, "failed": end.failed, "files": [*end.files]},
        "ways": [_way_json(way) for way in comparison.ways] if comparison else [],
        "lost": [flow._asdict() for flow in comparison.flows] if comparison else [],
        "left_out": rows.left_out,
        "packets": ({c.key: c.value(row) for c in columns} for row in rows),
    }


def _way_json(way: Way) -> Mapping[str, Json]:
    """Return one direction as JSON; times in seconds."""
    times = {
        "fastest": way.fastest,
        "median": way.median,
        "slowest": way.slowest,
    }
    return {
        "title": way.title,
        "sent": way.sent,
        "arrived": way.arrived,
        "lost": way.lost,
        "unknown": way.unknown,
        "alone": way.alone,
        **{key: None if at is None else at / _BILLION for key, at in times.items()},
    }
