"""Rows of a capture that are kept for a document."""

from __future__ import annotations

from packets import recorded

from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Spot, Tally
from ocnetview.match.called import Names
from ocnetview.match.packets.rows import PacketRows
from ocnetview.model import NodeModel
from ocnetview.model.packets import PacketRow
from ocnetview.report.kept_rows import AROUND, KeptRows
from ocnetview.report.packets import capture_json

SPOT = Spot("eth0")


def rows(count: int) -> list[PacketRow]:
    """Return so many rows of packets without data."""
    make = PacketRows((SPOT,), Names(NodeModel()))
    (packet, *_) = recorded("veth")
    return [make.row(packet._replace(data=b"")) for _ in range(count)]


def test_the_oldest_go_where_there_is_no_room() -> None:
    """What a row takes beside its data counts; those that went are told."""
    kept = KeptRows(3 * AROUND)
    for row in rows(10):
        kept.add(row)
    assert [row.number for row in kept] == [7, 8, 9]
    end = CaptureEnd("told to stop")
    document = capture_json(CaptureOrder((SPOT,)), end, [Tally(10)], kept, None)
    assert document["left_out"] == 7


def test_without_a_limit_all_are_kept() -> None:
    """A size of 0 is no limit, here as for files."""
    kept = KeptRows(0)
    for row in rows(10):
        kept.add(row)
    assert (len(list(kept)), kept.left_out) == (10, 0)
