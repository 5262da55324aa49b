"""The bytes of a packet, as numbers and letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.tui.screens.capture_packet import hex_dump


@given(st.binary(max_size=200), st.sampled_from([40, 71, 72, 200]))
def test_every_byte_is_in_the_dump(data: bytes, width: int) -> None:
    """In order, each line with its offset; what is no letter is a point."""
    lines = list(hex_dump(data, width))
    size = 16 if width >= 72 else 8
    numbers = "".join(line[6 : 6 + size * 3] for line in lines)
    assert bytes.fromhex(numbers) == data
    assert [int(line[:4], 16) for line in lines] == list(range(0, len(data), size))
    assert all(line.isascii() and line.isprintable() for line in lines)
    assert all(len(line) <= max(width, 40) for line in lines)


@pytest.mark.parametrize("width", [40, 100])
def test_letters_stand_behind(width: int) -> None:
    """A text can be read."""
    assert "GET /a" in "".join(line[-8:] for line in hex_dump(b"GET /a\r\n", width))
