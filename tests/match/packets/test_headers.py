"""Packets' bytes, and the line that they are read as."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packets import (
    HERE,
    MAC_HERE,
    THERE,
    arp,
    captured,
    dns,
    echo,
    ethernet,
    geneve,
    ipv4,
    ipv6,
    tcp,
    udp,
    vxlan,
)

from ocnetview.match.packets.headers import CUT_OFF, decode
from ocnetview.model.packets import Header
from ocnetview.units import printable

_ADDRESS = bytes([10, 128, 0, 9])
_RECORD = b"\xc0\x0c" + pack("!HHIH", 1, 1, 5, 4) + _ADDRESS
_ALIAS = b"\xc0\x0c" + pack("!HHIH", 5, 1, 5, 6) + b"\3web\xc0\x0f"
_QUOTED4 = ipv4(udp(b"", (5000, 53)), 17)[:28]
_QUOTED6 = ipv6(tcp(), 6)[:48]
_SOURCE6 = bytes.fromhex("fd00") + bytes(13) + b"\6"
_AH = pack("!BBHII", 6, 1, 0, 1, 1)

LINES = {
    "a SYN": (
        ethernet(ipv4(tcp(flags=2, options=b"\2\4\5\x82"))),
        "TCP",
        "Flags [S], seq 1, win 64240, mss 1410, len 0",
    ),
    "data": (
        ethernet(ipv4(tcp(b"x" * 9, 0x18))),
        "TCP",
        "Flags [P.], seq 1:10, ack 2, win 64240, len 9",
    ),
    "data over the end of the numbers": (
        ethernet(ipv4(tcp(b"x" * 9, seq=-1))),
        "TCP",
        "Flags [.], seq 4294967295:8, ack 2, win 64240, len 9",
    ),
    "every flag": (
        ethernet(ipv4(tcp(flags=0xFF))),
        "TCP",
        "Flags [FSRP.UEW], seq 1, ack 2, win 64240, len 0",
    ),
    "padding of a short frame": (
        ethernet(ipv4(tcp())) + bytes(6),
        "TCP",
        "Flags [.], ack 2, win 64240, len 0",
    ),
    "UDP": (ethernet(ipv4(udp(b"x" * 5), 17)), "UDP", "len 5"),
    "a first fragment": (
        ethernet(ipv4(udp(b"x" * 5), 17, piece=0x2000)),
        "UDP",
        "len 5, first fragment id 7",
    ),
    "a later fragment": (
        ethernet(ipv4(b"x" * 40, 17, piece=185)),
        "UDP",
        "fragment id 7 offset 1480 len 40",
    ),
    "echo": (ethernet(ipv4(echo(3), 1)), "ICMP", "echo request id 7 seq 3"),
    "echo reply": (ethernet(ipv4(echo(3, 0), 1)), "ICMP", "echo reply id 7 seq 3"),
    "port unreachable": (
        ethernet(ipv4(pack("!BBHI", 3, 3, 0, 0) + _QUOTED4, 1)),
        "ICMP",
        f"port unreachable, for UDP {HERE}:5000 → {THERE}:53",
    ),
    "fragmentation needed": (
        ethernet(ipv4(pack("!BBHHH", 3, 4, 0, 0, 1400) + _QUOTED4, 1)),
        "ICMP",
        f"fragmentation needed, mtu 1400, for UDP {HERE}:5000 → {THERE}:53",
    ),
    "time exceeded, its quote cut off": (
        ethernet(ipv4(pack("!BBHI", 11, 0, 0, 0) + _QUOTED4[:22], 1)),
        "ICMP",
        f"time to live exceeded, for UDP {HERE} → {THERE}",
    ),
    "a redirect": (
        ethernet(ipv4(pack("!BBH", 5, 1, 0) + _ADDRESS + _QUOTED4, 1)),
        "ICMP",
        f"redirect to 10.128.0.9, for UDP {HERE}:5000 → {THERE}:53",
    ),
    "packet too big": (
        ethernet(ipv6(pack("!BBHI", 2, 0, 0, 1280) + _QUOTED6, 58), 0x86DD),
        "ICMP6",
        "packet too big, mtu 1280, for TCP [fd00::5]:40000 → [fd00::6]:8080",
    ),
    "no route": (
        ethernet(ipv6(pack("!BBHI", 1, 0, 0, 0), 58), 0x86DD),
        "ICMP6",
        "no route",
    ),
    "echo of version 6": (
        ethernet(ipv6(echo(4, 128), 58), 0x86DD),
        "ICMP6",
        "echo request id 7 seq 4",
    ),
    "a neighbor's solicitation": (
        ethernet(ipv6(pack("!BBHI", 135, 0, 0, 0) + _SOURCE6, 58), 0x86DD),
        "ICMP6",
        "neighbor solicitation, who has fd00::6",
    ),
    "extension headers": (
        ethernet(ipv6(bytes([51, 0]) + bytes(6) + _AH + tcp(), 0), 0x86DD),
        "TCP",
        "Flags [.], ack 2, win 64240, len 0",
    ),
    "a first fragment of version 6": (
        ethernet(ipv6(pack("!BxHI", 17, 1, 9) + udp(b"abc"), 44), 0x86DD),
        "UDP",
        "len 3, first fragment id 9",
    ),
    "a later fragment of version 6": (
        ethernet(ipv6(pack("!BxHI", 17, 1480, 9) + b"abc", 44), 0x86DD),
        "UDP",
        "fragment id 9 offset 1480 len 3",
    ),
    "a later fragment of options": (
        ethernet(ipv6(pack("!BxHI", 0, 8, 9) + b"\x11\0" + bytes(6), 44), 0x86DD),
        "hop-by-hop",
        "fragment id 9 offset 8 len 8",
    ),
    "SCTP": (
        ethernet(ipv4(pack("!HHII", 1, 2, 0, 0) + b"\1\0\0\4", 132)),
        "SCTP",
        "INIT, len 4",
    ),
    "ESP": (
        ethernet(ipv4(pack("!II", 0xABC, 5) + bytes(40), 50)),
        "ESP",
        "encrypted, spi 0xabc, seq 5",
    ),
    "a protocol by its name": (ethernet(ipv4(b"abcd", 112)), "VRRP", "len 4"),
    "a protocol by its number": (ethernet(ipv4(b"abcd", 200)), "IP 200", "len 4"),
    "who-has": (arp(1), "ARP", f"who-has {THERE} tell {HERE}"),
    "is-at": (arp(2), "ARP", f"{HERE} is-at 0a:58:0a:80:00:05"),
    "an announcement": (arp(1, HERE, HERE), "ARP", f"announces {HERE}"),
    "LLDP": (ethernet(b"abc", 0x88CC), "LLDP", "len 3"),
    "an EtherType": (ethernet(b"abc", 0x1234), "0x1234", "ethertype 0x1234, len 3"),
    "spanning tree": (ethernet(b"\x42\x42\3", 3), "STP", "spanning tree, len 3"),
    "VXLAN": (
        vxlan(ethernet(ipv4(udp(b"x"), 17))),
        "VXLAN",
        "vni 42 ▸ UDP len 1",
    ),
    "VXLAN of its old port": (vxlan(arp(1), port=8472), "VXLAN", None),
    "Geneve with options": (
        geneve(ethernet(ipv4(echo(1), 1))),
        "Geneve",
        "vni 5 ▸ ICMP echo request id 7 seq 1",
    ),
    "GRE with a key": (
        ethernet(ipv4(pack("!HHI", 0x2000, 0x0800, 9) + ipv4(udp(b"x"), 17), 47)),
        "GRE",
        "▸ UDP len 1",
    ),
    "IP in IP": (ethernet(ipv4(ipv4(udp(b"x"), 17), 4)), "IPIP", "▸ UDP len 1"),
    "a question": (
        ethernet(ipv4(udp(dns("db.shop.svc.", 28), (5000, 53)), 17)),
        "DNS",
        "AAAA? db.shop.svc.",
    ),
    "no such name": (
        ethernet(ipv4(udp(dns("db.shop.svc.", 1, 0x8183), (53, 5000)), 17)),
        "DNS",
        "A? db.shop.svc. → NXDOMAIN",
    ),
    "an answer": (
        ethernet(ipv4(udp(dns("db.", 1, 0x8180, _RECORD), (53, 5000)), 17)),
        "DNS",
        "A? db. → 10.128.0.9",
    ),
    "an alias": (
        ethernet(ipv4(udp(dns("db.svc.", 1, 0x8180, _ALIAS), (53, 5000)), 17)),
        "DNS",
        "A? db.svc. → CNAME web.svc.",
    ),
    "an empty answer": (
        ethernet(ipv4(udp(dns("db.", 28, 0x8180), (53, 5000)), 17)),
        "DNS",
        "AAAA? db. → no such record",
    ),
    "a hostile name": (
        ethernet(ipv4(udp(dns("\x1b[2J\u202e.", 65), (5000, 53)), 17)),
        "DNS",
        r"HTTPS? \x1b[2J\xe2\x80\xae.",
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_a_packet_is_read_as_engineers_know_it(case: str) -> None:
    """Each kind of packet says what tcpdump would say of it."""
    data, protocol, info = LINES[case]
    header = decode(captured(data))
    assert header.protocol == protocol
    assert info is None or header.info == info
    assert not header.truncated


def test_both_ends_are_told_with_ports() -> None:
    """Addresses, ports, MACs and VLANs, the outermost tag first."""
    header = decode(captured(ethernet(ipv4(tcp()), 0x0800, 7, 8)))
    assert header == Header(
        "TCP",
        "Flags [.], ack 2, win 64240, len 0",
        HERE,
        THERE,
        40000,
        8080,
        "0a:58:0a:80:00:05",
        "0a:58:0a:80:00:06",
        (7, 8),
    )


def test_without_addresses_the_macs_stand_for_them() -> None:
    """What is neither IP nor ARP still has two ends."""
    header = decode(captured(ethernet(b"abc", 0x88CC)))
    assert (header.source, header.target) == ("0a:58:0a:80:00:05", "0a:58:0a:80:00:06")


def test_a_tunnel_has_its_own_ends_and_those_inside() -> None:
    """The layers are told apart, the outermost first."""
    outer, inner = decode(captured(vxlan(ethernet(ipv4(tcp()))))).layers
    assert (outer.source, outer.target, outer.vni) == ("192.0.2.1", "192.0.2.2", 42)
    assert (outer.target_port, inner.target_port) == (4789, 8080)
    assert (inner.source, inner.target) == (HERE, THERE)


def test_vxlan_is_looked_for_on_the_ports_that_are_said() -> None:
    """A port that is no tunnel's here is read as plain UDP."""
    packet = captured(vxlan(arp(1), port=4000))
    assert decode(packet).protocol == "UDP"
    assert decode(packet, {4000}).inner is not None


def test_tunnels_in_tunnels_are_followed_to_an_end() -> None:
    """A packet that is all tunnels does not recurse for ever."""
    frame = ethernet(ipv4(tcp()))
    for _ in range(20):
        frame = vxlan(frame)
    assert len(decode(captured(frame)).layers) == 5


@pytest.mark.parametrize(
    ("linktype", "before"),
    [
        (0, pack("=I", 2)),
        (101, b""),
        (12, b""),
        (228, b""),
        (113, pack("!HHH", 0, 1, 6) + MAC_HERE + bytes(2) + pack("!H", 0x0800)),
        (276, pack("!HHIHBB", 0x0800, 0, 3, 1, 0, 6) + MAC_HERE + bytes(2)),
    ],
    ids=["NULL", "RAW", "RAW of BSD", "IPV4", "LINUX_SLL", "LINUX_SLL2"],
)
def test_other_links_than_ethernet_are_read(linktype: int, before: bytes) -> None:
    """The packet is the same behind each link's own header."""
    header = decode(captured(before + ipv4(tcp()), linktype=linktype))
    assert (header.source, header.target_port) == (HERE, 8080)
    assert header.source_mac in ("", "0a:58:0a:80:00:05")


def test_a_link_that_nobody_knows_is_said() -> None:
    """Its packets have a length, and no exception."""
    assert decode(captured(ipv4(tcp()), linktype=147)).protocol == "?"


@pytest.mark.parametrize("keep", range(14 + 20 + 16))
def test_what_is_cut_off_says_so(keep: int) -> None:
    """Wherever the shown headers are cut, the line ends with it."""
    header = decode(captured(ethernet(ipv4(tcp(b"data"))), keep=keep))
    assert header.truncated
    assert header.info.endswith(CUT_OFF)


def test_data_that_was_not_kept_is_not_missed() -> None:
    """A packet of which only the headers were kept is whole, with its true length."""
    header = decode(captured(ethernet(ipv4(tcp(bytes(1400)))), keep=54))
    assert not header.truncated
    assert header.info.endswith("len 1400")


def test_ports_are_read_of_what_is_cut_off_behind_them() -> None:
    """A short snap length still says who talks with whom."""
    header = decode(captured(ethernet(ipv4(tcp())), keep=40))
    assert (header.source_port, header.target_port) == (40000, 8080)
    assert header.truncated


def test_a_frame_too_big_for_its_length_is_measured_on_the_wire() -> None:
    """BIG TCP leaves IP's length 0: the frame's own counts."""
    data = bytearray(ethernet(ipv4(tcp(bytes(50)))))
    data[16:18] = bytes(2)
    header = decode(captured(bytes(data), length=100_054))
    assert header.info.endswith("len 100000")


def test_a_name_that_leads_in_circles_ends() -> None:
    """Pointers of DNS that point at each other are given up."""
    message = pack("!HHHHHH", 1, 0, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"
    header = decode(captured(ethernet(ipv4(udp(message, (5000, 53)), 17))))
    assert header.protocol == "DNS"


def test_what_is_no_message_of_dns_is_plain_udp() -> None:
    """A port alone makes nothing DNS."""
    header = decode(captured(ethernet(ipv4(udp(b"abc", (5000, 53)), 17))))
    assert (header.protocol, header.info) == ("UDP", "len 3")


_WHOLE = st.sampled_from([data for data, _, _ in LINES.values()])


@given(st.binary(max_size=120), st.sampled_from([0, 1, 101, 113, 276, 9]))
def test_any_bytes_are_read(data: bytes, linktype: int) -> None:
    """No bytes raise anything, and the line is safe to print."""
    assert _printable(decode(captured(data, linktype=linktype)))


@given(_WHOLE, st.data())
def test_any_damage_is_read(whole: bytes, draw: st.DataObject) -> None:
    """A real packet, cut and with bytes changed, is read too."""
    damaged = bytearray(whole[: draw.draw(st.integers(0, len(whole)))])
    for _ in range(draw.draw(st.integers(0, 4)) if damaged else 0):
        place = draw.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = draw.draw(st.integers(0, 255))
    length = draw.draw(st.integers(1, 3000))
    assert _printable(decode(captured(bytes(damaged), length=length)))


def _printable(header: Header) -> bool:
    """Claim that nothing in a header acts on a terminal, and no line is broken."""
    return all(
        printable(text) == text
        for layer in header.layers
        for text in (layer.protocol, layer.info, layer.source, layer.target)
    )
