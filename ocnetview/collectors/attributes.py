"""The attributes of netlink messages: written, and read again by their types."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ATTRIBUTE = struct.Struct("=HH")
_NUMBER = struct.Struct("=HHi")
_TYPE_MASK = 0x3FFF
"""Without NLA_F_NESTED and NLA_F_NET_BYTEORDER."""


def attribute(kind: int, payload: bytes) -> bytes:
    """Return a struct rtattr with its payload, padded to four bytes."""
    length = 4 + len(payload)
    return _ATTRIBUTE.pack(length, kind) + payload + bytes(-length % 4)


def number(kind: int, value: int) -> bytes:
    """Return an attribute that holds a 32-bit number."""
    return _NUMBER.pack(_NUMBER.size, kind, value)


def attributes_of(body: bytes, start: int) -> dict[int, bytes]:
    """Return the payload of each attribute after `start` bytes, by its type.

    Of several with one type the last is kept; those that repeat have `repeated`.
    """
    found: dict[int, bytes] = {}
    end = len(body)
    unpack = _ATTRIBUTE.unpack_from
    while start + 4 <= end:
        length, kind = unpack(body, start)
        if length < _ATTRIBUTE.size:
            break
        found[kind & _TYPE_MASK] = body[start + 4 : start + length]
        start += (length + 3) & ~3
    return found


def repeated(body: bytes, start: int, wanted: int) -> Iterator[bytes]:
    """Yield the payload of each attribute of this type after `start` bytes."""
    while start + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, start)
        if length < _ATTRIBUTE.size:
            return
        if kind & _TYPE_MASK == wanted:
            yield body[start + _ATTRIBUTE.size : start + length]
        start += (length + 3) & ~3
