"""What tcpdump writes to a pipe, as it grows: pcap-savefile(5)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ocnetview.facts.packets import Packet

_MICRO, _NANO = 0xA1B2C3D4, 0xA1B23C4D
_HEADER = "IHHiIII"
_RECORD = "IIII"
_BILLION = 1_000_000_000
_MOST = 1 << 20
"""Bytes of a record; tcpdump keeps at most a quarter of that."""


class NoPcapError(ValueError):
    """What came is not in pcap format."""


class PcapReader:
    """Makes packets of the bytes of a stream, however they come in pieces."""

    def __init__(self, spot: int) -> None:
        """Take the place of the spot that the packets are of."""
        self._spot = spot
        self._rest = b""
        self._record: struct.Struct | None = None
        self._scale = 1
        self.linktype = 1
        self.snaplen = 0

    @property
    def begun(self) -> bool:
        """Claim that the head of the stream was there: the capture runs."""
        return self._record is not None

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Yield the packets that are whole by now.

        Raises:
            NoPcapError: it is no such stream.
        """
        data, at = self._rest + data, 0
        if self._record is None:
            at = self._begin(data)
        if self._record is not None:
            record, size = self._record, self._record.size
            while len(data) - at >= size:
                seconds, rest, kept, length = record.unpack_from(data, at)
                if kept > _MOST:
                    raise NoPcapError(f"a packet of {kept} bytes")
                end = at + size + kept
                if end > len(data):
                    break
                when = seconds * _BILLION + rest * self._scale
                whole = data[at + size : end]
                yield Packet(self._spot, when, length, whole, self.linktype)
                at = end
        self._rest = data[at:]

    def _begin(self, data: bytes) -> int:
        """Read the head of the stream, once it is whole; return its length."""
        head = struct.calcsize(f"={_HEADER}")
        if len(data) < head:
            return 0
        for order in "<>":
            magic, *_, snaplen, linktype = struct.unpack_from(order + _HEADER, data)
            if magic in (_MICRO, _NANO):
                self._record = struct.Struct(order + _RECORD)
                self._scale = 1 if magic == _NANO else 1000
                self.snaplen, self.linktype = snaplen, linktype & 0xFFFF
                return head
        raise NoPcapError(f"it begins with {data[:4].hex(' ')}")
