"""Whatever passes two places: what always holds of what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from packets import HERE, THERE, arp, captured, echo, ethernet, ipv4, tcp, udp, vxlan

from ocnetview.facts.packets import Packet, Spot
from ocnetview.match.two_places.lost import Compare, Found
from ocnetview.match.two_places.sums import Comparison
from ocnetview.model.packets import Became, Fate

SPOTS = (Spot("vethA", owner="shop/web", owner_key="web"), Spot("vx"))
MS = 1_000_000
LATE = 1 << 50


def _frame(kind: int, number: int, back: bool) -> bytes:  # noqa: FBT001
    """Return one of a few packets, so that some are alike."""
    ends = (THERE, HERE) if back else (HERE, THERE)
    if kind == 0:
        return ethernet(ipv4(udp(bytes([number])), 17, *ends, ident=number))
    if kind == 1:
        return ethernet(ipv4(tcp(b"x" * 10, seq=number * 5 - 20), 6, *ends))
    if kind == 2:
        return ethernet(ipv4(tcp(seq=number), 6, *ends))
    if kind == 3:
        return ethernet(ipv4(echo(number), 1, *ends))
    return arp(1, *ends)


_FRAMES = st.builds(_frame, st.integers(0, 4), st.integers(0, 6), st.booleans())


@st.composite
def _passed(draw: st.DrawFn, back: int = 0) -> list[Packet]:
    """Return packets of two places; their clock may be set back."""
    at, packets = 0, []
    steps = [0, 1, MS, 400 * MS, 999 * MS, -back]
    for _ in range(draw(st.integers(0, 25))):
        at = max(0, at + draw(st.sampled_from(steps)))
        spot, frame = draw(st.integers(0, 1)), draw(_FRAMES)
        wrapped = vxlan(frame) if spot and draw(st.booleans()) else frame
        packets.append(
            captured(wrapped, at, spot, keep=draw(st.sampled_from([300, 40])))
        )
    return packets


def _result(
    packets: Sequence[Packet], *, owned: bool
) -> tuple[list[Found], Comparison]:
    """Return all that is told of packets, and the sums."""
    compare = Compare(SPOTS, ((HERE,) if owned else (), ()))
    found = [one for packet in packets for one in compare.take([packet])]
    found += compare.end(LATE)
    return found, compare.comparison


@given(_passed(700 * MS), st.booleans())
def test_every_packet_has_one_fate_and_the_counts_add_up(
    packets: list[Packet],
    owned: bool,  # noqa: FBT001
) -> None:
    """None is both lost and seen, none is forgotten, and the sums are of all."""
    found, sums = _result(packets, owned=owned)
    assert sorted(one.number for one in found) == list(range(len(packets)))
    total = sums.others
    for way in sums.ways:
        assert way.sent == way.arrived + way.lost + way.unknown
        assert way.waiting == 0
        total += way.sent + way.received + way.alone
    assert total == len(packets)
    counts = Counter(one.fate.became for one in found)
    assert counts[Became.LOST] == sum(way.lost for way in sums.ways)
    assert counts[Became.ALONE] == sum(way.alone for way in sums.ways)
    assert counts[Became.LOST] == sum(flow.packets for flow in sums.flows)


@given(_passed(), st.booleans())
def test_whom_a_packet_was_found_to_be_was_at_the_other_place(
    packets: list[Packet],
    owned: bool,  # noqa: FBT001
) -> None:
    """A packet that was seen names one of the other place, within the slack."""
    found, _ = _result(packets, owned=owned)
    for number, fate in found:
        if fate.became is Became.SEEN:
            assert fate.other is not None
            one, other = packets[number], packets[fate.other]
            assert one.spot != other.spot
            assert fate.latency == abs(one.at - other.at) <= 1_000 * MS


@given(_passed(700 * MS), st.booleans(), st.data())
def test_how_two_streams_are_mixed_changes_nothing(
    packets: list[Packet],
    owned: bool,  # noqa: FBT001
    draw: st.DataObject,
) -> None:
    """Each packet has the same fate whichever place is heard of first."""
    streams = [[p for p in packets if p.spot == spot] for spot in (0, 1)]
    order = [spot for spot in (0, 1) for _ in streams[spot]]
    mixed = [streams[spot].pop(0) for spot in draw.draw(st.permutations(order))]

    def told(given: Sequence[Packet]) -> list[tuple[int, Fate]]:
        """Return each fate by the packet's number among those of its place."""
        numbers = [
            sum(one.spot == packet.spot for one in given[:place])
            for place, packet in enumerate(given)
        ]
        found, _ = _result(given, owned=owned)
        return sorted(
            (
                given[n].spot * 100 + numbers[n],
                fate
                if fate.other is None
                else fate._replace(other=numbers[fate.other]),
            )
            for n, fate in found
        )

    assert told(mixed) == told(packets)
    assert _result(mixed, owned=owned)[1] == _result(packets, owned=owned)[1]


@st.composite
def _cuts(draw: st.DrawFn, size: int) -> list[tuple[int, int]]:
    """Return a stream of bytes in portions."""
    places = draw(st.sets(st.integers(1, size - 1), max_size=8))
    ends = [0, *sorted(places), size]
    return list(pairwise(ends))


_SIZE = 200


@given(_cuts(_SIZE), _cuts(_SIZE), st.integers(0, (1 << 32) - 1), st.data())
def test_in_what_portions_data_passes_changes_nothing(
    here: list[tuple[int, int]],
    there: list[tuple[int, int]],
    start: int,
    draw: st.DataObject,
) -> None:
    """The bytes that were lost are those that were, however they were cut."""
    gone = draw.draw(st.sets(st.sampled_from(there)))
    data = bytes(range(_SIZE))

    def segment(begin: int, end: int) -> bytes:
        return ethernet(ipv4(tcp(data[begin:end], seq=(start + begin) % (1 << 32))))

    packets = [captured(segment(*part), MS + n) for n, part in enumerate(here)]
    packets += [
        captured(vxlan(segment(*part)), 2 * MS + n, 1)
        for n, part in enumerate(there)
        if part not in gone
    ]
    found, sums = _result(packets, owned=True)
    lost = {n for begin, end in gone for n in range(begin, end)}
    assert sums.ways[0].missing == len(lost)
    for number, fate in found:
        if number < len(here):
            bytes_of = set(range(*here[number]))
            assert fate.missing == len(bytes_of & lost)
            assert (fate.became is Became.LOST) == bool(bytes_of & lost)
        else:
            assert fate.became is Became.SEEN
