"""The other nodes that a tunnel leads to."""

from __future__ import annotations

from ocnetview.details.cells import section, table_of, trouble
from ocnetview.details.section import Line, Section
from ocnetview.match.peers import PeersFacts
from ocnetview.units import printable

_HEADS = ("NODE", "ADDRESS", "PODS", "PORT", "SAID BY", "LACKS")


def peers_detail(facts: PeersFacts) -> tuple[Section, ...]:
    """Return the peers, one a row, and what could not be read of them."""
    rows = [
        (p.name, p.address, ", ".join(p.subnets), p.port, p.source, p.lacks)
        for p in facts.peers
    ]
    lacking = [place for place, peer in enumerate(facts.peers) if peer.lacks]
    lines = [trouble(facts.unread)] if facts.unread else []
    if facts.nameless:
        lines.append(Line("no names", printable(facts.nameless)))
    table = table_of(_HEADS, rows, bad=lacking)
    nothing = "neither ports nor flows name another node"
    return (section("peers", facts.source, table, nothing, *lines),)
