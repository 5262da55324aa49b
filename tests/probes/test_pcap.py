"""What tcpdump writes to a pipe, in whatever pieces it comes."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts.packets import Packet
from ocnetview.probes.pcap import NoPcapError, PcapReader

Records = list[tuple[int, int, bytes, int]]
RECORDS = st.lists(
    st.tuples(
        st.integers(0, 2**32 - 1),
        st.integers(0, 999_999_999),
        st.binary(max_size=300),
        st.integers(0, 1500),
    ),
    max_size=8,
)


def stream(records: Records, order: str = "<", magic: int = 0xA1B23C4D) -> bytes:
    """Return a file in pcap format."""
    head = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 256, 1)
    parts = [
        struct.pack(f"{order}IIII", seconds, rest, len(data), len(data) + more) + data
        for seconds, rest, data, more in records
    ]
    return b"".join([head, *parts])


def read(pieces: list[bytes]) -> list[Packet]:
    """Return the packets that come of these pieces."""
    reader = PcapReader(7)
    return [one for piece in pieces for one in reader.feed(piece)]


@given(RECORDS, st.lists(st.integers(0, 3000)), st.sampled_from("<>"))
def test_any_pieces_give_the_same_packets(
    records: Records, cuts: list[int], order: str
) -> None:
    """Wherever the stream is cut, each packet comes once, whole and in order."""
    whole = stream(records, order)
    places = sorted({0, len(whole), *(cut % (len(whole) + 1) for cut in cuts)})
    pieces = [whole[a:b] for a, b in pairwise(places)]
    assert read(pieces) == [
        Packet(7, seconds * 10**9 + rest, len(data) + more, data, 1)
        for seconds, rest, data, more in records
    ]


def test_microseconds_are_taken_for_what_they_are() -> None:
    """An older tcpdump's stamps are in another unit, as the first bytes say."""
    (packet,) = read([stream([(5, 6, b"x", 0)], magic=0xA1B2C3D4)])
    assert packet.at == 5_000_006_000


def test_it_has_begun_once_the_head_is_whole() -> None:
    """Link type and snap length are known then, and not before."""
    reader, whole = PcapReader(0), stream([])
    assert not list(reader.feed(whole[:-1]))
    assert not reader.begun
    assert not list(reader.feed(whole[-1:]))
    assert reader.begun
    assert (reader.linktype, reader.snaplen) == (1, 256)


@pytest.mark.parametrize(
    "data",
    [
        b"tcpdump: this is no pcap stream",
        stream([]) + struct.pack("<IIII", 0, 0, 1 << 30, 0),
    ],
    ids=["text", "a packet of a gigabyte"],
)
def test_what_is_no_such_stream_is_refused(data: bytes) -> None:
    """Other bytes are no packets, and nobody waits for a packet that cannot be."""
    with pytest.raises(NoPcapError):
        list(PcapReader(0).feed(data))
