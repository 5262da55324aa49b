"""Messages taken apart by their shape, against a plain walk over their attributes."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.attributes import attribute, attributes_of
from ocnetview.collectors.layouts import BYTES, NUMBER, Layouts

WANTED = {1: BYTES, 2: NUMBER, 3: BYTES}
FIXED = b"\xaa" * 8
SEVERAL = Layouts(len(FIXED), WANTED)
"""Kept from one example to the next, as a collector keeps it."""


def walked(body: bytes) -> tuple[object, ...]:
    """Return what is wanted, one attribute after the other."""
    found = attributes_of(body, len(FIXED))
    number = found.get(2, b"")
    return (
        found.get(1),
        struct.unpack_from("=i", number)[0] if len(number) >= 4 else None,
        found.get(3),
    )


others = st.builds(attribute, st.sampled_from([1, 3, 9, 0x8001]), st.binary(max_size=9))
numbers = st.builds(attribute, st.just(2), st.binary(min_size=4, max_size=9))


@given(st.lists(others | numbers, max_size=7), st.binary(max_size=3))
def test_every_message_is_read_as_by_a_walk(some: list[bytes], tail: bytes) -> None:
    """Whatever stands in it, and whatever shapes were met before."""
    body = FIXED + b"".join(some) + tail
    assert SEVERAL.read(body) == walked(body)


def test_a_number_that_is_too_short_is_none() -> None:
    """It has not four bytes to be read."""
    assert Layouts(0, WANTED).read(attribute(2, b"abc")) == (None, None, None)


@given(st.binary(max_size=60))
def test_no_bytes_are_too_broken(body: bytes) -> None:
    """Lengths that cannot be end the walk; what was there before them counts."""
    assert len(Layouts(8, WANTED).read(body)) == len(WANTED)


def test_two_shapes_of_one_length_are_told_apart() -> None:
    """The headers are compared, not only the message's length."""
    layouts = Layouts(0, WANTED)
    one = attribute(1, b"abcd") + attribute(3, b"efgh")
    other = attribute(3, b"abcd") + attribute(1, b"efgh")
    for _ in range(2):
        assert layouts.read(one) == (b"abcd", None, b"efgh")
        assert layouts.read(other) == (b"efgh", None, b"abcd")


def test_of_several_with_one_type_the_last_counts() -> None:
    """As `attributes_of` has it."""
    body = attribute(1, b"a") + attribute(1, b"b")
    assert Layouts(0, WANTED).read(body) == (b"b", None, None)


def test_shapes_without_end_are_not_kept_without_end() -> None:
    """A kernel of another age costs time, never memory."""
    layouts = Layouts(0, WANTED)
    for length in range(2000):
        body = attribute(1, bytes(length))
        assert layouts.read(body) == (bytes(length), None, None)
    assert sum(map(len, layouts._known.values())) <= 256
