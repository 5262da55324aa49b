"""The rows of a capture for a document, as many as there is room for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ocnetview.model.packets import PacketRow

AROUND = 1024
"""Bytes that a row takes in memory beside its packet's data, its text among them."""


class KeptRows:
    """The last rows, in so many bytes of memory at most."""

    def __init__(self, room: int) -> None:
        """Take the bytes there is room for; 0 for no limit."""
        self._room = room
        self._rows: deque[PacketRow] = deque()
        self._size = 0
        self.left_out = 0
        """How many had to go, the oldest of all."""

    def __iter__(self) -> Iterator[PacketRow]:
        """Yield those that are kept, the oldest first."""
        return iter(self._rows)

    def add(self, row: PacketRow) -> None:
        """Keep this one; the oldest go where there is no room for all."""
        self._rows.append(row)
        self._size += _size(row)
        while self._room and self._size > self._room and self._rows:
            self._size -= _size(self._rows.popleft())
            self.left_out += 1


def _size(row: PacketRow) -> int:
    """Return how many bytes of memory a row takes."""
    return len(row.packet.data) + AROUND
