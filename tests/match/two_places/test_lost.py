"""Two places that packets pass, and what is said to have become of each."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

import pytest
from packets import (
    HERE,
    MAC_HERE,
    THERE,
    arp,
    captured,
    echo,
    ethernet,
    geneve,
    ipv4,
    ipv6,
    tcp,
    udp,
    vxlan,
)

from ocnetview.facts.packets import Packet, Spot
from ocnetview.match.two_places.lost import SECOND, Compare
from ocnetview.match.two_places.sums import Comparison, LostFlow
from ocnetview.model.packets import Became, Fate
from ocnetview.report.packets import comparison_texts

MS = 1_000_000
US = 1_000
SEEN, LOST, ALONE, UNKNOWN = Became.SEEN, Became.LOST, Became.ALONE, Became.UNKNOWN
VETH = Spot("vethA", owner="shop/web", owner_key="web")
INSIDE = Spot("eth0", owner="shop/web", owner_key="web", inwards=True)
OTHER = Spot("vethB", owner="shop/db", owner_key="db")
TUNNEL = Spot("vx")
LATE = 10 * SECOND
Owners = Sequence[Sequence[str]]


def compared(
    *packets: Packet,
    spots: tuple[Spot, Spot] = (VETH, TUNNEL),
    owners: Owners = ((HERE,), ()),
    end: int = LATE,
    **more: object,
) -> tuple[dict[int, Fate], Comparison]:
    """Return the fate of each packet, and the sums."""
    compare = Compare(spots, owners, **more)  # type: ignore[arg-type]
    found = [one for packet in packets for one in compare.take([packet])]
    found += compare.end(end)
    fates = {one.number: one.fate for one in found}
    assert len(fates) == len(found) == len(packets)
    return fates, compare.comparison


def became(fates: dict[int, Fate]) -> list[Became]:
    """Return what became of each packet, in their order."""
    return [fates[number].became for number in sorted(fates)]


_DATA = ethernet(ipv4(tcp(b"hello"), ident=9))
_PAIRS = {
    "untouched": (_DATA, _DATA),
    "TTL and MACs of a router": (
        _DATA,
        b"\x02" * 12 + ethernet(ipv4(tcp(b"hello"), ident=9, ttl=63))[12:],
    ),
    "a VLAN tag": (_DATA, ethernet(ipv4(tcp(b"hello"), ident=9), 0x0800, 7)),
    "VXLAN": (_DATA, vxlan(_DATA)),
    "Geneve": (_DATA, geneve(_DATA)),
    "a checksum that the wire gets": (
        _DATA,
        _DATA[:50] + b"\xab\xcd" + _DATA[52:],
    ),
    "a handshake": (
        ethernet(ipv4(tcp(flags=2))),
        vxlan(ethernet(ipv4(tcp(flags=2)))),
    ),
    "UDP": (
        ethernet(ipv4(udp(b"query"), 17)),
        geneve(ethernet(ipv4(udp(b"query"), 17))),
    ),
    "UDP of version 6": (
        ethernet(ipv6(udp(b"query"), 17), 0x86DD),
        vxlan(ethernet(ipv6(udp(b"query"), 17), 0x86DD)),
    ),
    "an echo": (ethernet(ipv4(echo(3), 1)), vxlan(ethernet(ipv4(echo(3), 1)))),
    "an echo of version 6": (
        ethernet(ipv6(echo(3, 128), 58), 0x86DD),
        vxlan(ethernet(ipv6(echo(3, 128), 58), 0x86DD)),
    ),
    "ARP": (arp(1), vxlan(arp(1))),
    "SCTP": (
        ethernet(ipv4(pack("!HHII", 1, 2, 0, 0) + b"\1\0\0\4", 132)),
        vxlan(ethernet(ipv4(pack("!HHII", 1, 2, 0, 0) + b"\1\0\0\4", 132))),
    ),
    "a later fragment": (
        ethernet(ipv4(b"x" * 40, 17, piece=185)),
        vxlan(ethernet(ipv4(b"x" * 40, 17, piece=185))),
    ),
    "an unreachable": (
        ethernet(ipv4(pack("!BBHI", 3, 3, 0, 0) + _DATA[14:42], 1)),
        vxlan(ethernet(ipv4(pack("!BBHI", 3, 3, 0, 0) + _DATA[14:42], 1))),
    ),
    "another protocol": (
        ethernet(ipv4(b"routes", 89)),
        vxlan(ethernet(ipv4(b"routes", 89))),
    ),
    "no IP": (ethernet(b"hello, neighbor", 0x88CC),) * 2,
}


@pytest.mark.parametrize("case", _PAIRS)
def test_a_packet_is_known_by_what_the_way_leaves(case: str) -> None:
    """The other place has it whatever a bridge, router or tunnel changed."""
    here, there = _PAIRS[case]
    owner = (HERE, "fd00::5", MAC_HERE.hex(":"))
    fates, sums = compared(
        captured(here, 5 * MS),
        captured(there, 5 * MS + 40 * US, 1),
        owners=(owner, ()),
    )
    assert became(fates) == [SEEN, SEEN]
    assert (fates[0].other, fates[1].other) == (1, 0)
    assert fates[0].latency == fates[1].latency == 40 * US
    (way, _) = sums.ways
    assert (way.sent, way.arrived, way.received) == (1, 1, 1)


_CHANGED = {
    "other data": (
        ethernet(ipv4(udp(b"query"), 17)),
        ethernet(ipv4(udp(b"quest"), 17)),
    ),
    "another identification": (
        ethernet(ipv4(udp(b"query"), 17)),
        ethernet(ipv4(udp(b"query"), 17, ident=8)),
    ),
    "another sequence number": (
        ethernet(ipv4(echo(3), 1)),
        ethernet(ipv4(echo(4), 1)),
    ),
    "other flags": (ethernet(ipv4(tcp(flags=2))), ethernet(ipv4(tcp(flags=4)))),
    "other bytes of the stream": (
        ethernet(ipv4(tcp(b"hello", seq=1))),
        ethernet(ipv4(tcp(b"hello", seq=6))),
    ),
    "another operation": (arp(1), arp(2)),
}


@pytest.mark.parametrize("case", _CHANGED)
def test_packets_that_differ_are_not_taken_for_each_other(case: str) -> None:
    """One is lost, and the other one came from elsewhere."""
    here, there = _CHANGED[case]
    fates, sums = compared(captured(here, MS), captured(there, 60 * MS, 1))
    assert became(fates) == [LOST, ALONE]
    assert (sums.ways[0].lost, sums.ways[0].alone) == (1, 1)


def test_what_is_lost_says_where_it_was_not_seen() -> None:
    """The note stands in the capture's file as it is."""
    fates, sums = compared(captured(_DATA, MS))
    assert fates[0] == Fate(LOST, missing=5, note="lost: not seen at vx within 1 s")
    assert sums.flows == (LostFlow("TCP", HERE, THERE, 40000, 8080, 1),)
    assert sums.ways[0].missing == 5


def test_a_packet_waits_no_longer_than_the_slack() -> None:
    """Seen in time it is the same, seen later it is lost and came from elsewhere."""
    for after, expected in ((SECOND, [SEEN, SEEN]), (SECOND + 1, [LOST, ALONE])):
        fates, _ = compared(captured(_DATA, MS), captured(_DATA, MS + after, 1))
        assert became(fates) == expected
    fates, _ = compared(
        captured(_DATA, MS), captured(_DATA, 3 * MS, 1), slack=MS, since=-LATE
    )
    assert became(fates) == [LOST, ALONE]
    assert fates[0].note.endswith("within 0.001 s")


def test_a_loss_is_told_as_soon_as_time_has_passed() -> None:
    """A place that stays silent needs the clock; without it the packet waits."""
    compare = Compare([VETH, TUNNEL], [[HERE], []])
    assert not compare.take([captured(_DATA, SECOND)])
    assert compare.comparison.ways[0].sent == 0
    assert not compare.take([], 2 * SECOND)
    assert compare.comparison.ways[0].waiting == 1
    (found,) = compare.take([], 3 * SECOND)
    assert (found.number, found.fate.became) == (0, LOST)
    assert compare.comparison.ways[0].waiting == 0
    assert not compare.end(LATE)


def test_a_packet_to_the_pod_passes_its_link_last() -> None:
    """It is lost where the tunnel has it and the pod's link does not."""
    answer = ethernet(ipv4(tcp(b"hi"), source=THERE, target=HERE))
    fates, sums = compared(captured(vxlan(answer), MS, 1))
    assert became(fates) == [LOST]
    assert fates[0].note == "lost: not seen at vethA within 1 s"
    assert (sums.ways[0].sent, sums.ways[1].lost) == (0, 1)
    assert sums.ways[1].title == "vx → vethA"


def test_a_packet_to_the_pod_from_elsewhere_is_only_at_its_link() -> None:
    """A neighbor on the same bridge sends no packet by the tunnel."""
    answer = ethernet(ipv4(tcp(b"hi"), source=THERE, target=HERE))
    fates, sums = compared(captured(answer, SECOND))
    assert became(fates) == [ALONE]
    assert fates[0].note == "only here: not seen at vx"
    assert sums.ways[1].alone == 1


def test_what_a_third_pod_sends_is_compared_with_none() -> None:
    """At a pod's link is what others send it, too: that was never at the first pod."""
    links, owners = (VETH, OTHER), ((HERE,), (THERE,))
    asked = ethernet(ipv4(udp(b"x"), 17, "10.128.2.99", THERE))
    fates, sums = compared(captured(asked, SECOND, 1), spots=links, owners=owners)
    assert became(fates) == [UNKNOWN]
    assert fates[0].note == "not from vethA"
    assert (sums.ways[0].alone, sums.others) == (0, 1)


@pytest.mark.parametrize("sends", [True, False])
def test_both_ends_of_a_pair_are_passed_in_the_order_of_the_way(
    sends: bool,  # noqa: FBT001
) -> None:
    """What the pod sends is first at its own end, what it gets at the node's."""
    source, target = (HERE, THERE) if sends else (THERE, HERE)
    frame = ethernet(ipv4(udp(b"x"), 17, source, target))
    owners = ((HERE,), (HERE,))
    for spot in (0, 1):
        fates, sums = compared(
            captured(frame, SECOND, spot), spots=(INSIDE, VETH), owners=owners
        )
        first = 0 if sends else 1
        assert became(fates) == [LOST if spot == first else ALONE]
        assert sums.ways[first].lost == (spot == first)


def test_between_two_pods_only_what_they_send_each_other_can_be_lost() -> None:
    """A packet to somebody else is not missed at the second pod's link."""
    to_db = ethernet(ipv4(udp(b"x"), 17))
    to_dns = ethernet(ipv4(udp(b"x"), 17, target="10.128.0.99"))
    fates, _ = compared(
        captured(to_db, MS),
        captured(to_dns, MS),
        spots=(VETH, OTHER),
        owners=((HERE,), (THERE,)),
    )
    assert became(fates) == [LOST, UNKNOWN]
    assert fates[1].note == "not on its way to vethB"


def test_what_stays_on_the_node_is_not_missed_at_the_tunnel() -> None:
    """Neither packets to neighbors nor those to a group are lost there."""
    group = ethernet(ipv4(udp(b"x"), 17, target="224.0.0.251"))
    near = ethernet(ipv4(udp(b"x"), 17, target="10.128.0.7"))
    far = ethernet(ipv4(udp(b"x"), 17))
    fates, _ = compared(
        *(captured(one, MS) for one in (group, near, far)), elsewhere={"10.128.0.7"}
    )
    assert became(fates) == [UNKNOWN, UNKNOWN, LOST]


def test_packets_of_others_at_the_tunnel_are_not_counted() -> None:
    """A tunnel carries many pods' packets."""
    alien = ethernet(ipv4(udp(b"x"), 17, "10.128.0.80", "10.128.0.81"))
    fates, sums = compared(captured(vxlan(alien), SECOND, 1))
    assert (became(fates), fates[0].note) == ([UNKNOWN], "of others")
    assert sums.others == 1
    assert [way.sent + way.alone for way in sums.ways] == [0, 0]


def test_without_owners_a_flow_shows_its_direction_itself() -> None:
    """Between two tunnels, what was first at the second one passes that one first."""
    one, two = (ethernet(ipv4(udp(text), 17)) for text in (b"one", b"two"))
    back = ethernet(ipv4(udp(b"back", (9000, 5000)), 17, THERE, HERE))
    fates, sums = compared(
        captured(one, MS, 1),
        captured(one, 2 * MS, 0),
        captured(two, 3 * MS, 1),
        captured(back, 4 * MS, 0),
        spots=(Spot("vx1"), Spot("vx2")),
        owners=((), ()),
    )
    assert became(fates) == [SEEN, SEEN, LOST, LOST]
    assert (sums.ways[1].sent, sums.ways[1].lost) == (2, 1)
    assert (sums.ways[0].sent, sums.ways[0].lost) == (1, 1)


def test_without_owners_answers_pass_the_other_way() -> None:
    """What the second place only has of them was lost before the first."""
    asked = ethernet(ipv4(udp(b"asked"), 17))
    answer = ethernet(ipv4(udp(b"answer", (9000, 5000)), 17, THERE, HERE))
    fates, sums = compared(
        captured(asked, SECOND),
        captured(asked, SECOND + 1, 1),
        captured(answer, SECOND + MS, 1),
        spots=(Spot("vx1"), Spot("vx2")),
        owners=((), ()),
    )
    assert became(fates) == [SEEN, SEEN, LOST]
    assert sums.ways[1].lost == 1


def test_a_service_is_known_by_the_end_that_it_leaves() -> None:
    """Behind address translation one end, the numbers and the data are the same."""
    asked = ethernet(ipv4(tcp(flags=2), target="172.30.0.9"))
    there = ethernet(ipv4(tcp(flags=2, ports=(40000, 9090))))
    data = ethernet(ipv4(tcp(b"x" * 50, seq=2), target="172.30.0.9"))
    half = ethernet(ipv4(tcp(b"x" * 25, seq=27, ports=(40000, 9090))))
    gone = ethernet(ipv4(tcp(b"y", seq=52), target="172.30.0.9"))
    fates, _ = compared(
        captured(asked, MS),
        captured(there, MS + 1, 1),
        captured(data, 2 * MS),
        captured(half, 2 * MS + 1, 1),
        captured(gone, 3 * MS),
        spots=(VETH, OTHER),
        owners=((HERE,), (THERE,)),
    )
    assert became(fates) == [SEEN, SEEN, LOST, SEEN, LOST]
    assert fates[2].missing == 25


def test_an_echo_behind_masquerading_is_known() -> None:
    """Translation changes who asks and the id; who answers stays."""
    inner = ethernet(ipv4(echo(3, ident=7), 1))
    outer = ethernet(ipv4(echo(3, ident=900), 1, "192.0.2.5"))
    fates, _ = compared(captured(inner, MS), captured(outer, MS + 1, 1))
    assert became(fates) == [SEEN, SEEN]


def test_a_translated_packet_has_one_end_in_common() -> None:
    """The same data between others is another packet."""
    inner = ethernet(ipv4(udp(b"same"), 17))
    alien = ethernet(ipv4(udp(b"same", (6000, 9001)), 17, HERE, "10.128.0.9"))
    fates, _ = compared(captured(inner, SECOND), captured(alien, SECOND, 1))
    assert became(fates)[0] is LOST


def test_packets_of_two_to_a_group_are_two() -> None:
    """What many say alike, without a number, is of whom it is from."""
    query = udp(b"same question of everyone", (5353, 5353))
    mine, theirs = (
        ethernet(ipv6(query, 17, source, "ff02::fb"), 0x86DD)
        for source in ("fd00::5", "fd00::9")
    )
    fates, _ = compared(
        captured(mine, SECOND), captured(theirs, SECOND + 1, 1), owners=((), ())
    )
    assert became(fates)[0] is not SEEN


def test_of_packets_alike_the_earlier_one_is_lost() -> None:
    """A question that is asked again is answered to the second time."""
    again = ethernet(ipv4(udp(b"query"), 17, ident=0))
    fates, _ = compared(
        captured(again, MS), captured(again, 500 * MS), captured(again, 501 * MS, 1)
    )
    assert became(fates) == [LOST, SEEN, SEEN]
    assert fates[1].latency == MS


def test_a_copy_at_the_same_place_is_not_lost() -> None:
    """A numbered packet that is twice at one place went on once."""
    fates, sums = compared(
        captured(_DATA, MS), captured(_DATA, MS + 1), captured(_DATA, MS + 2, 1)
    )
    assert became(fates) == [UNKNOWN, SEEN, SEEN]
    assert fates[0].note == "the same packet twice at vethA, once at vx"
    assert (sums.ways[0].sent, sums.ways[0].unknown) == (2, 1)


def test_a_number_that_comes_again_is_no_copy() -> None:
    """Identifications repeat; what is of another time is another packet."""
    fates, _ = compared(
        captured(_DATA, MS), captured(_DATA, 2 * MS, 1), captured(_DATA, 3 * SECOND)
    )
    assert became(fates) == [SEEN, SEEN, LOST]


def test_a_segment_that_is_sent_again_is_counted_on_its_own() -> None:
    """The first sending is lost, the second one arrives."""
    first, again = (ethernet(ipv4(tcp(b"hello"), ident=n)) for n in (1, 2))
    fates, sums = compared(
        captured(first, MS), captured(again, 201 * MS), captured(again, 202 * MS, 1)
    )
    assert became(fates) == [LOST, SEEN, SEEN]
    assert (sums.ways[0].sent, sums.ways[0].lost) == (2, 1)


def test_a_segment_that_is_sent_again_too_early_arrives_twice() -> None:
    """On a slow way each sending is found by its own number."""
    first, again = (ethernet(ipv4(tcp(b"hello"), ident=n)) for n in (1, 2))
    fates, _ = compared(
        captured(first, MS),
        captured(again, 201 * MS),
        captured(first, 301 * MS, 1),
        captured(again, 501 * MS, 1),
    )
    assert became(fates) == [SEEN] * 4
    assert [fates[number].other for number in range(4)] == [2, 3, 0, 1]


def test_a_frame_that_is_cut_into_segments_is_seen_whole() -> None:
    """The kernel segments what it sends behind the pod's link (GSO)."""
    data = bytes(range(250)) * 12
    segments = [
        captured(
            vxlan(ethernet(ipv4(tcp(data[at : at + 1000], seq=at - 500), ident=at))),
            MS + at * US,
            1,
        )
        for at in (0, 1000, 2000)
    ]
    frame = ethernet(ipv4(tcp(data, seq=-500), ident=0))
    fates, sums = compared(captured(frame, MS, keep=200), *segments)
    assert became(fates) == [SEEN] * 4
    assert (sums.ways[0].arrived, sums.ways[0].received) == (1, 3)
    fates, sums = compared(captured(frame, MS), segments[0], segments[2])
    assert became(fates) == [LOST, SEEN, SEEN]
    assert fates[0].missing == sums.ways[0].missing == 1000
    assert fates[0].note == "lost: 1000 of 3000 bytes not seen at vx within 1 s"


def test_segments_that_are_put_together_are_seen_each() -> None:
    """The kernel merges what it receives before the pod's link (GRO)."""
    parts = [
        captured(
            vxlan(ethernet(ipv4(tcp(b"x" * 100, seq=at), 6, THERE, HERE))), MS + at, 1
        )
        for at in (0, 100, 200)
    ]
    whole = ethernet(ipv4(tcp(b"x" * 300, seq=0), 6, THERE, HERE))
    fates, sums = compared(*parts, captured(whole, 2 * MS))
    assert became(fates) == [SEEN] * 4
    assert fates[3].other == 0
    assert (sums.ways[1].arrived, sums.ways[1].received) == (3, 1)


def test_bytes_that_only_the_second_place_has_are_told() -> None:
    """The first place may have dropped a packet for want of room."""
    part = captured(
        vxlan(ethernet(ipv4(tcp(b"x" * 100, seq=0), 6, THERE, HERE))), SECOND, 1
    )
    whole = ethernet(ipv4(tcp(b"x" * 300, seq=0), 6, THERE, HERE))
    fates, sums = compared(part, captured(whole, SECOND + MS))
    assert became(fates) == [SEEN, SEEN]
    assert fates[1].note == "200 bytes of it only here"
    assert sums.ways[1].received == 1


def test_a_datagram_in_portions_is_not_lost() -> None:
    """What the kernel cuts behind the pod's link (GSO of UDP) cannot be compared."""
    whole = ethernet(ipv4(udp(bytes(3000)), 17, ident=1))
    cut = [ethernet(ipv4(udp(bytes(1000)), 17, ident=1 + n)) for n in range(3)]
    fates, sums = compared(
        captured(whole, SECOND),
        *(captured(one, SECOND + n, 1) for n, one in enumerate(cut)),
        captured(whole, 5 * SECOND),
    )
    assert became(fates) == [UNKNOWN] * 4 + [LOST]
    assert {fates[n].note for n in range(4)} == {
        "its flow is carried in other portions, which only TCP's data tells"
    }
    assert (sums.ways[0].unknown, sums.others, sums.ways[0].alone) == (1, 3, 0)


def test_what_is_cut_off_is_not_compared() -> None:
    """Too few bytes tell nothing, nor what is lost of the other place's meanwhile."""
    fates, sums = compared(captured(_DATA, MS), captured(_DATA, 2 * MS, 1, keep=30))
    assert became(fates) == [UNKNOWN, UNKNOWN]
    assert fates[0].note == "packets at vx were cut off or encrypted then"
    assert (sums.others, sums.ways[0].unknown) == (1, 1)


def test_what_is_cut_off_hides_what_it_may_have_been_only() -> None:
    """Of what it still tells, others are not: they are lost as ever."""
    cut = captured(ethernet(ipv4(echo(3), 1)), 2 * MS, 1, keep=38)
    fates, _ = compared(
        captured(_DATA, MS), captured(ethernet(ipv4(echo(3), 1)), MS), cut
    )
    assert became(fates) == [LOST, UNKNOWN, UNKNOWN]
    back = ethernet(ipv4(echo(3), 1, THERE, HERE))
    fates, _ = compared(cut, captured(back, SECOND))
    assert became(fates) == [UNKNOWN, ALONE]


def test_what_only_the_second_place_has_may_have_been_cut_off_at_the_first() -> None:
    """Nobody knows whether it came from elsewhere."""
    answer = ethernet(ipv4(echo(3, 0), 1, THERE, HERE))
    fates, sums = compared(
        captured(vxlan(answer), SECOND, 1, keep=88), captured(answer, SECOND + MS)
    )
    assert became(fates) == [UNKNOWN, UNKNOWN]
    assert (sums.others, sums.ways[1].alone) == (2, 0)


def test_what_is_encrypted_is_not_compared() -> None:
    """Behind IPsec nobody can tell packets from each other."""
    hidden = ethernet(ipv4(pack("!II", 1, 5) + bytes(40), 50))
    fates, _ = compared(captured(_DATA, MS), captured(hidden, 2 * MS, 1))
    assert became(fates) == [UNKNOWN, UNKNOWN]


def test_at_the_edges_of_a_capture_nothing_is_lost() -> None:
    """The other place may not have captured yet, or no longer."""
    early, late = captured(_DATA, MS), captured(_DATA, LATE - MS)
    fates, _ = compared(early, late, since=2 * MS)
    assert became(fates) == [UNKNOWN, UNKNOWN]
    assert fates[0].note == "before both places were captured at"
    assert fates[1].note == "the capture ended right after it"
    fates, sums = compared(captured(_DATA, 3 * MS, 1), since=2 * MS)
    assert (became(fates), sums.others) == ([UNKNOWN], 1)


def test_what_is_missing_when_the_capture_ends_is_lost() -> None:
    """The whole slack is not waited for: packets take no such time."""
    fates, _ = compared(captured(_DATA, LATE - SECOND // 2))
    assert became(fates) == [LOST]


def test_of_the_same_moment_the_first_place_comes_first() -> None:
    """Whichever of both is heard of first."""
    before = ethernet(ipv4(udp(b"x"), 17))
    _, sums = compared(
        captured(before, SECOND),
        captured(_DATA, SECOND, 1),
        captured(_DATA, SECOND),
        spots=(Spot("vx1"), Spot("vx2")),
        owners=((), ()),
    )
    assert (sums.ways[0].arrived, sums.ways[1].arrived) == (1, 0)


def test_a_clock_that_is_set_back_loses_nothing() -> None:
    """Packets of a place count in the order in which they came."""
    again = ethernet(ipv4(udp(b"x"), 17, ident=2))
    fates, _ = compared(
        captured(_DATA, 2 * SECOND),
        captured(again, SECOND),
        captured(_DATA, 2 * SECOND + 1, 1),
        captured(again, SECOND + 1, 1),
    )
    assert became(fates) == [SEEN] * 4


def test_links_of_the_same_name_are_told_apart() -> None:
    """Every pod has an eth0."""
    spots = (Spot("eth0", owner="shop/a"), Spot("eth0", owner="shop/b"))
    fates, sums = compared(captured(_DATA, MS), spots=spots, owners=((HERE,), ()))
    assert sums.ways[0].title == "eth0 of shop/a → eth0 of shop/b"
    assert fates[0].note == "lost: not seen at eth0 of shop/b within 1 s"


def test_what_is_bound_elsewhere_is_not_expected() -> None:
    """Of what a pod sends, only what is for the other pod should come there."""
    elsewhere = ethernet(ipv4(udp(b"x"), 17, HERE, "10.128.2.99"))
    fates, sums = compared(
        captured(elsewhere, MS),
        captured(_DATA, SECOND),
        captured(_DATA, SECOND + US, 1),
        spots=(VETH, OTHER),
        owners=((HERE,), (THERE,)),
    )
    assert became(fates) == [UNKNOWN, SEEN, SEEN]
    way = sums.ways[0]
    assert (way.sent, way.expected, way.arrived) == (2, 1, 1)
    first, *_ = comparison_texts(sums)
    assert first.startswith("vethA → vethB: 1 sent, 1 arrived")


def test_latencies_are_summed_up() -> None:
    """The fastest and the slowest exactly, the median to four percent."""
    packets = []
    for number, after in enumerate((10, 20, 30, 40, 500)):
        frame = ethernet(ipv4(udp(b"x"), 17, ident=number + 1))
        packets.append(captured(frame, number * SECOND))
        packets.append(captured(frame, number * SECOND + after * US, 1))
    _, sums = compared(*packets)
    (way, other) = sums.ways
    assert (way.fastest, way.slowest) == (10 * US, 500 * US)
    assert way.median == pytest.approx(30 * US, rel=0.04)
    assert (other.fastest, other.median, other.slowest) == (None, None, None)


def test_memory_is_bounded() -> None:
    """Beyond a number of packets the oldest are given up, and say so."""
    frames = [ethernet(ipv4(udp(b"x"), 17, ident=n + 1)) for n in range(30)]
    packets = [captured(one, MS + n) for n, one in enumerate(frames)]
    fates, sums = compared(*packets, most=10)
    assert became(fates) == [UNKNOWN] * 19 + [LOST] * 11
    assert fates[0].note == "too many packets at once"
    assert sums.ways[0].unknown == 19


def test_a_silent_place_does_not_hold_up_all_packets() -> None:
    """Without a clock so many are held back, and no more."""
    compare = Compare([VETH, TUNNEL], [[HERE], []], most=20)
    compare.take([captured(_DATA, SECOND + n) for n in range(30)])
    assert compare.comparison.ways[0].sent == 20
