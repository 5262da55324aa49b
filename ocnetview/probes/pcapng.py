"""Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from ocnetview.facts.packets import Packet, Spot, Tally
from ocnetview.units import printable

_SECTION, _INTERFACE, _PACKET, _STATISTICS = 0x0A0D0D0A, 1, 6, 5
_MAGIC = 0x1A2B3C4D
_COMMENT, _END = 1, 0
_SHB_OS, _SHB_APPLICATION = 3, 4
_IF_NAME, _IF_DESCRIPTION, _IF_TSRESOL, _IF_FILTER = 2, 3, 9, 11
_EPB_FLAGS = 2
_INBOUND, _OUTBOUND = 1, 2
_ISB_START, _ISB_END, _ISB_RECEIVED, _ISB_DROPPED = 2, 3, 4, 5
_NANOSECONDS = 9
"""if_tsresol: the power of ten that a stamp counts in."""
_ETHERNET = 1
_LONGEST = 60_000
"""Bytes of a text: an option's length is a number of 16 bits."""
Option = tuple[int, bytes]


def section(application: str, system: str, comment: str) -> bytes:
    """Return the block that a file begins with."""
    options = (
        (_SHB_APPLICATION, _text(application)),
        (_SHB_OS, _text(system)),
        (_COMMENT, _text(printable(comment))),
    )
    # The length of the section is not known beforehand.
    return _block(_SECTION, struct.pack("<IHHq", _MAGIC, 1, 0, -1), options)


def interface(spot: Spot, linktype: int, snaplen: int, wanted: str) -> bytes:
    """Return the block of a place: its link, whose it is, and what was let through."""
    options = (
        (_IF_NAME, _text(spot.ifname)),
        (_IF_DESCRIPTION, _text(printable(described(spot)))),
        (_IF_TSRESOL, bytes([_NANOSECONDS])),
        # Its first byte says that the filter is a text.
        (_IF_FILTER, b"\0" + _text(wanted) if wanted else b""),
    )
    return _block(_INTERFACE, struct.pack("<HHI", linktype, 0, snaplen), options)


def described(spot: Spot) -> str:
    """Return what a place is, in words."""
    where = f"in {spot.netns}" if spot.netns else "on the node"
    pod = f"pod {spot.owner}" if spot.owner else ""
    key = f"key {spot.owner_key}" if spot.owner_key else ""
    return "; ".join(filter(None, [pod, key, where, spot.why]))


def packet(one: Packet, spot: Spot, comment: str = "") -> bytes:
    """Return the block of a packet, with a comment where there is one."""
    head = struct.pack(
        "<IIIII",
        *(one.spot, one.at >> 32 & 0xFFFFFFFF, one.at & 0xFFFFFFFF),
        *(len(one.data), one.length),
    )
    direction = _direction(one, spot)
    options = (
        (_EPB_FLAGS, struct.pack("<I", direction) if direction else b""),
        (_COMMENT, _text(printable(comment))),
    )
    return _block(_PACKET, head + _padded(one.data), options)


def _direction(one: Packet, spot: Spot) -> int:
    """Return in which direction a frame passed the link; 0 where that is not known."""
    if not spot.mac or one.linktype != _ETHERNET:
        return 0
    # The pod's own end sends what its peer receives.
    sent = one.data[6:12] == bytes.fromhex(spot.mac.replace(":", ""))
    return _OUTBOUND if sent is spot.inwards else _INBOUND


def statistics(place: int, tally: Tally, began: int, ended: int) -> bytes:
    """Return the block that says what a place saw in all."""
    options = (
        (_ISB_START, _stamp(began)),
        (_ISB_END, _stamp(ended)),
        (_ISB_RECEIVED, struct.pack("<Q", tally.packets + tally.dropped)),
        (_ISB_DROPPED, struct.pack("<Q", tally.dropped)),
    )
    head = struct.pack("<I", place) + _stamp(ended)
    return _block(_STATISTICS, head, options)


def _stamp(at: int) -> bytes:
    """Return a time, the upper half before the lower one."""
    return struct.pack("<II", at >> 32 & 0xFFFFFFFF, at & 0xFFFFFFFF)


def _text(text: str) -> bytes:
    """Return a text of at most the length that an option may have."""
    whole = text.encode("utf-8", "backslashreplace")
    return whole[:_LONGEST].decode("utf-8", "ignore").encode("utf-8")


def _padded(data: bytes) -> bytes:
    """Return bytes up to a whole number of 32-bit words."""
    return data + bytes(-len(data) % 4)


def _block(kind: int, body: bytes, options: Iterable[Option]) -> bytes:
    """Return a block with those of the options that say something."""
    parts: Sequence[bytes] = [
        struct.pack("<HH", code, len(value)) + _padded(value)
        for code, value in options
        if value
    ]
    tail = b"".join([*parts, struct.pack("<HH", _END, 0)]) if parts else b""
    length = len(body) + len(tail) + 12
    return b"".join(
        [struct.pack("<II", kind, length), body, tail, struct.pack("<I", length)]
    )
