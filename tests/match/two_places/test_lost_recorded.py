"""What tcpdump captured of a transfer at three places, and what is said of it.

A pod behind vethA sent a megabyte through a VXLAN device, whose queue was short and
whose kernel cut frames into segments before it, and got some of it back. The files are
of the veth, of that device, and of the link that carries the tunnel.
"""

from __future__ import annotations

from heapq import merge

import pytest
from packets import HERE, recorded

from ocnetview.facts.packets import Spot
from ocnetview.match.packets.headers import decode
from ocnetview.match.two_places.lost import SECOND, Compare
from ocnetview.model.packets import Became

SPOTS = (Spot("vethA", owner="shop/web", owner_key="web"), Spot("there"))


def carried(name: str) -> int:
    """Return how many bytes of data the pod's segments have at a place, all told."""
    total = 0
    for packet in recorded(name):
        header = decode(packet).layers[-1]
        if (header.protocol, header.source) == ("TCP", HERE):
            total += int(header.info.rpartition(" len ")[2])
    return total


@pytest.mark.parametrize("there", ["vxlan", "underlay"])
def test_what_a_short_queue_dropped_is_what_is_lost(there: str) -> None:
    """To the byte: the rest of each frame arrives in segments, none from nowhere."""
    compare = Compare(SPOTS, ((HERE,), ()))
    packets = merge(recorded("veth"), recorded(there, 1), key=lambda p: p.at)
    found = compare.take(packets)
    last = max(packet.at for packet in recorded("veth"))
    found = [*found, *compare.end(last + SECOND)]
    there_only = [f for f in found if f.fate.became is Became.ALONE]
    out, back = compare.comparison.ways
    assert out.missing == carried("veth") - carried(there) > 0
    assert (out.lost, out.unknown, out.waiting) == (12, 0, 0)
    assert out.received > 3 * out.arrived
    assert back.lost == back.missing == 0
    assert back.arrived == back.received > 600
    # The pod announces itself by addresses that this test does not name.
    assert len(there_only) <= 3


def test_every_recorded_packet_is_read() -> None:
    """All are TCP, ARP or ICMPv6; the tunnel leaves too little of the last one."""
    for name in ("veth", "vxlan", "underlay"):
        headers = [decode(packet) for packet in recorded(name)]
        cut = {h.layers[-1].protocol for h in headers if h.truncated}
        assert {h.layers[-1].protocol for h in headers} == {"TCP", "ARP", "ICMP6"}
        assert {h.vni for h in headers} == {42 if name == "underlay" else None}
        assert cut == ({"ICMP6"} if name == "underlay" else set())
