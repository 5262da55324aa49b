"""Netlink messages of one shape, taken apart in one step.

The kernel writes a kind of message with the same attributes in the same places again
and again; only few of them are used. Where each stands is found once for a shape, and
verified at every message by all of its attribute headers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

NUMBER, BYTES = "i", "s"
"""How an attribute is read: as a signed 32-bit number, or as its payload's bytes."""

_MOST = 256
"""So many shapes are kept; a node has a dozen."""
_ATTRIBUTE = struct.Struct("=HH")
_HEAD = _ATTRIBUTE.size
_TYPE_MASK = 0x3FFF
"""Without NLA_F_NESTED and NLA_F_NET_BYTEORDER."""


class _Layout(NamedTuple):
    """Where everything stands in messages of one shape."""

    heads: Callable[[bytes], tuple[Any, ...]]
    """Gives a message's attribute headers: lengths and types, most of which are small
    numbers, that Python has already."""
    expected: tuple[Any, ...]
    """What those are in this shape."""
    values: Callable[[bytes], tuple[Any, ...]]
    """Gives what is wanted of a message, in the message's order."""
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    """Gives the same in the order of the wish, once a None for the missing is added."""


class Layouts:
    """Gives the wanted attributes of messages that begin with the same fixed part."""

    def __init__(self, start: int, wanted: Mapping[int, str]) -> None:
        """Take the fixed part's bytes, and how each wanted type is read.

        At least two types, for one alone comes without its tuple.
        """
        self._start = start
        self._wanted = wanted
        self._known: dict[int, list[_Layout]] = {}
        self._count = 0

    def read(self, body: bytes) -> tuple[Any, ...]:
        """Return what is wanted, in that order; None for each that is missing."""
        for layout in self._known.get(len(body), ()):
            if layout.heads(body) == layout.expected:
                return layout.pick((*layout.values(body), None))
        layout = self._learn(body)
        return layout.pick((*layout.values(body), None))

    def _learn(self, body: bytes) -> _Layout:
        """Return the layout of a message, and keep it."""
        if self._count == _MOST:
            self._known, self._count = {}, 0
        layout = self._layout(body)
        self._known.setdefault(len(body), []).append(layout)
        self._count += 1
        return layout

    def _layout(self, body: bytes) -> _Layout:
        """Walk over a message's attributes.

        Of several with one type the last counts. A length that cannot be ends the
        walk; one that leads beyond the end is cut there.
        """
        size = len(body)
        place = min(self._start, size)
        heads, values = [f"={place}x"], [f"={place}x"]
        places: dict[int, int] = {}
        count = 0
        while place + _HEAD <= size:
            length, kind = _ATTRIBUTE.unpack_from(body, place)
            heads.append("HH")
            values.append(f"{_HEAD}x")
            place += _HEAD
            if length < _HEAD:
                break
            payload = min(length - _HEAD, size - place)
            how = self._wanted.get(kind & _TYPE_MASK)
            room = _NUMBER_SIZE if how == NUMBER else payload
            if how and room <= payload:
                places[kind & _TYPE_MASK] = count
                values.append(NUMBER if how == NUMBER else f"{room}s")
                count += 1
            else:
                room = 0
            padded = min((length + 3 & ~3) - _HEAD, size - place)
            heads.append(f"{padded}x")
            values.append(f"{padded - room}x")
            place += padded
        rest = f"{size - place}x"
        unpack = struct.Struct("".join([*heads, rest])).unpack
        wanted = struct.Struct("".join([*values, rest])).unpack
        picks = itemgetter(*(places.get(kind, count) for kind in self._wanted))
        return _Layout(unpack, unpack(body), wanted, picks)


_NUMBER_SIZE = 4
