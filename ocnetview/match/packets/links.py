"""What is no IP -> a line: ARP, and the names of others."""

from __future__ import annotations

from struct import Struct

from ocnetview.match.packets.frames import IPV4, IPV6, Frame
from ocnetview.match.packets.written import address

_ARP = Struct("!HHBBH6s")
_REQUEST, _REPLY = 1, 2
_LEAST = 0x600
"""Below it the field is a length, of a frame of IEEE 802.3."""
_SPANNING = b"\x42\x42\x03"
_NAMES = {
    0x0806: "ARP",
    0x8035: "RARP",
    0x8809: "LACP",
    0x8847: "MPLS",
    0x8863: "PPPoE",
    0x8864: "PPPoE",
    0x888E: "EAPOL",
    0x88CC: "LLDP",
    0x88F7: "PTP",
    IPV4: "IP",
    IPV6: "IP6",
}
"""EtherTypes of which only the name is said."""


def arp(frame: Frame) -> tuple[str, str]:
    """Return the name and the line of an ARP packet."""
    if not frame.source:
        return "ARP", "" if frame.short else "not of Ethernet and IPv4"
    kind, mac = _ARP.unpack_from(frame.data, frame.start)[4:]
    source, target = address(frame.source), address(frame.target)
    if kind == _REQUEST and source == target:
        return "ARP", f"announces {source}"
    if kind == _REQUEST:
        return "ARP", f"who-has {target} tell {source}"
    if kind == _REPLY:
        return "ARP", f"{source} is-at {address(mac)}"
    return "ARP", f"operation {kind}"


def link_protocol(frame: Frame) -> tuple[str, str]:
    """Return the name and the line of a packet that is neither IP nor ARP."""
    size = max(0, frame.end - frame.start)
    if frame.ethertype in _NAMES:
        return _NAMES[frame.ethertype], f"len {size}"
    if not frame.ethertype:
        return "?", f"len {size}"
    if frame.ethertype >= _LEAST:
        return (
            f"{frame.ethertype:#06x}",
            f"ethertype {frame.ethertype:#06x}, len {size}",
        )
    if frame.data[frame.start : frame.start + 3] == _SPANNING:
        return "STP", f"spanning tree, len {frame.ethertype}"
    return "LLC", f"len {frame.ethertype}"
