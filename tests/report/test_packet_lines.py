"""Packets of two places as lines of text."""

from __future__ import annotations

from packets import captured, ethernet, ipv4, tcp

from ocnetview.facts.packets import CaptureOrder, Spot
from ocnetview.model import NodeModel
from ocnetview.report.packets import Lines

_SECOND = 1_000_000_000
_AT = 1_700_000_000 * _SECOND


def test_a_packet_of_two_places_is_one_line() -> None:
    """Both times stand side by side; of what was lost the second is missing."""
    first, lost = (ethernet(ipv4(tcp(seq=n), 6, ident=n)) for n in (1, 2))
    given = (
        captured(first, _AT),
        captured(first, _AT + 80_000, spot=1),
        captured(lost, _AT + _SECOND),
    )
    order = CaptureOrder((Spot("veth1", owner="shop/web"), Spot("vx")))
    lines = Lines(order, NodeModel(), _AT - _SECOND)
    rows = [*lines.take(given, _AT + _SECOND), *lines.end(_AT + 9 * _SECOND)]
    assert lines.head.split()[:3] == ["AT", "1", "AT"]
    texts = [lines.line(row).split() for row in rows]
    assert [text[:3] for text in texts] == [
        ["0.000000", "0.000080", "80"],
        ["1.000000", "-", "-"],
    ]
