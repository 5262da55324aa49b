"""Packets built from their layers, for tests."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from struct import pack, unpack_from

from ocnetview.facts.packets import Packet

HERE, THERE = "10.128.0.5", "10.128.0.6"
MAC_HERE, MAC_THERE = bytes.fromhex("0a580a800005"), bytes.fromhex("0a580a800006")


def captured(  # noqa: PLR0913, PLR0917 - a packet's parts
    data: bytes,
    at: int = 0,
    spot: int = 0,
    linktype: int = 1,
    keep: int | None = None,
    length: int | None = None,
) -> Packet:
    """Return bytes as a packet of which the first `keep` were kept."""
    return Packet(spot, at, length or len(data), data[:keep], linktype)


def ethernet(carried: bytes, ethertype: int = 0x0800, *vlans: int) -> bytes:
    """Return an Ethernet frame, with VLAN tags."""
    tags = b"".join(pack("!HH", 0x8100, vlan) for vlan in vlans)
    return MAC_THERE + MAC_HERE + tags + pack("!H", ethertype) + carried


def ipv4(  # noqa: PLR0913, PLR0917 - as many as the header has
    carried: bytes,
    protocol: int = 6,
    source: str = HERE,
    target: str = THERE,
    ident: int = 7,
    piece: int = 0x4000,
    ttl: int = 64,
) -> bytes:
    """Return an IPv4 packet; `piece` is its flags and fragment offset."""
    ends = ip_address(source).packed + ip_address(target).packed
    size = (20 + len(carried)) & 0xFFFF
    head = pack("!BBHHHBBH", 0x45, 0, size, ident, piece, ttl, protocol, 0)
    return head + ends + carried


def ipv6(
    carried: bytes, protocol: int = 6, source: str = "fd00::5", target: str = "fd00::6"
) -> bytes:
    """Return an IPv6 packet."""
    ends = ip_address(source).packed + ip_address(target).packed
    return pack("!IHBB", 6 << 28, len(carried), protocol, 64) + ends + carried


def tcp(  # noqa: PLR0913, PLR0917 - as many as the header has
    data: bytes = b"",
    flags: int = 0x10,
    seq: int = 1,
    ack: int = 2,
    ports: tuple[int, int] = (40000, 8080),
    options: bytes = b"",
) -> bytes:
    """Return a TCP segment."""
    size = (5 + len(options) // 4) << 4
    seq &= 0xFFFFFFFF
    head = pack("!HHIIBBHHH", *ports, seq, ack, size, flags, 64240, 0, 0)
    return head + options + data


def udp(data: bytes = b"", ports: tuple[int, int] = (5000, 9000)) -> bytes:
    """Return a UDP datagram."""
    return pack("!HHHH", *ports, 8 + len(data), 0) + data


def echo(number: int, kind: int = 8, ident: int = 7, data: bytes = b"ping") -> bytes:
    """Return an ICMP echo request (8) or reply (0)."""
    return pack("!BBHHH", kind, 0, 0, ident, number) + data


def vxlan(frame: bytes, vni: int = 42, port: int = 4789) -> bytes:
    """Return the frame in a VXLAN packet between two nodes."""
    head = pack("!BxxxI", 8, vni << 8)
    outer = udp(head + frame, (50000, port))
    return ethernet(ipv4(outer, 17, "192.0.2.1", "192.0.2.2", 0))


def geneve(
    frame: bytes, vni: int = 5, options: bytes = b"\x01\x02\x80\x01abcd"
) -> bytes:
    """Return the frame in a Geneve packet between two nodes."""
    head = pack("!BBHI", len(options) // 4, 0, 0x6558, vni << 8)
    outer = udp(head + options + frame, (50000, 6081))
    return ethernet(ipv4(outer, 17, "192.0.2.1", "192.0.2.2", 0))


def arp(kind: int, source: str = HERE, target: str = THERE) -> bytes:
    """Return an ARP request (1) or reply (2)."""
    head = pack("!HHBBH", 1, 0x0800, 6, 4, kind)
    ends = MAC_HERE + ip_address(source).packed + bytes(6) + ip_address(target).packed
    return ethernet(head + ends, 0x0806)


def name(text: str) -> bytes:
    """Return a name as DNS writes it."""
    labels = (label.encode() for label in text.split(".") if label)
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def dns(asked: str, kind: int = 1, flags: int = 0x0100, answers: bytes = b"") -> bytes:
    """Return a DNS message with one question and at most one answer."""
    head = pack("!HHHHHH", 1, flags, 1, bool(answers), 0, 0)
    return head + name(asked) + pack("!HH", kind, 1) + answers


def recorded(name: str, spot: int = 0) -> Iterator[Packet]:
    """Yield the packets of a recorded file of tcpdump's."""
    path = Path(__file__).parent / f"recordings/packets/{name}.pcap.gz"
    data = gzip.decompress(path.read_bytes())
    (linktype,) = unpack_from("<I", data, 20)
    at = 24
    while at < len(data):
        seconds, micros, kept, length = unpack_from("<IIII", data, at)
        at += 16
        when = seconds * 1_000_000_000 + micros * 1_000
        yield Packet(spot, when, length, data[at : at + kept], linktype)
        at += kept
