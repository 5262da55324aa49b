"""Quantities, ages and untrusted text, as people read them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.units import age, coarse, counted, memory, one_line, printable, quantity

_ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("eth0", "eth0"),
        ("a b", "a b"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("line\u2028end", r"line\u2028end"),
        ("hard\xa0space", r"hard\xa0space"),
        ("\udcff", r"\udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("käse 漢字", "käse 漢字"),
        ("[/markup]", "[/markup]"),
    ],
)
def test_what_acts_on_a_terminal_becomes_visible(text: str, shown: str) -> None:
    """Controls, directions, separators and lone surrogates are written out."""
    assert printable(text) == shown


@given(_ANY_TEXT)
def test_no_text_acts_on_a_terminal(text: str) -> None:
    """Nothing of the categories control, format or separator is left but spaces."""
    shown = printable(text)
    kinds = {unicodedata.category(char)[0] for char in shown if char != " "}
    assert not kinds & set("CZ")
    assert printable(shown) == shown
    shown.encode()


def test_a_message_is_one_short_line() -> None:
    """What spans lines is folded, what acts is written out, what is long is cut."""
    assert one_line(OSError("a\n  b\x1b[2J")) == r"a b\x1b[2J"
    assert one_line("x" * 200) == "x" * 200
    assert one_line("x" * 201) == "x" * 200 + "..."


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (0.4, "0"),
        (999.4, "999"),
        (999.5, "1.0k"),
        (1234, "1.2k"),
        (9949, "9.9k"),
        (9951, "10k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (40e6, "40M"),
        (12.5e9, "12G"),
        (3e12, "3.0T"),
        (3e15, "3000T"),
    ],
)
def test_a_quantity_has_a_decimal_prefix(number: float, shown: str) -> None:
    """At least two digits are kept, and a rounded thousand takes the next prefix."""
    assert quantity(number) == shown


def test_a_quantity_may_have_a_unit() -> None:
    """The unit follows the prefix."""
    assert quantity(1200, "B/s") == "1.2kB/s"


@given(st.floats(0, 9e15))
def test_a_quantity_is_short(number: float) -> None:
    """Whatever a link can carry fits in its column."""
    assert len(quantity(number)) <= 6


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0"),
        (1023, "1023"),
        (1024, "1.0K"),
        (12 << 20, "12M"),
        ((1 << 20) - 1, "1.0M"),
        (1023 << 10, "1023K"),
        (5 << 29, "2.5G"),
        (1 << 40, "1.0T"),
    ],
)
def test_memory_has_a_binary_prefix(size: int, shown: str) -> None:
    """12M is 12 MiB, as ps and top show it."""
    assert memory(size) == shown


@given(st.integers(0, 1 << 52))
def test_memory_is_short(size: int) -> None:
    """Whatever a process can have fits in its column."""
    assert len(memory(size)) <= 5


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "0s"),
        (0.9, "0s"),
        (119.9, "110s"),
        (120, "2m"),
        (7199, "119m"),
        (7200, "2h"),
        (47 * 3600, "47h"),
        (48 * 3600, "2d"),
        (400 * 86400, "400d"),
    ],
)
def test_an_age_is_in_its_largest_unit(seconds: float, shown: str) -> None:
    """At least two of a unit are shown, so an age is never off by half."""
    assert age(seconds) == shown


@given(st.floats(0, 1e10))
def test_a_coarse_age_is_what_is_shown(seconds: float) -> None:
    """It loses nothing that `age` shows, and is stable: shown again, it is the same."""
    rounded = coarse(seconds)
    assert age(rounded) == age(seconds)
    assert coarse(rounded) == rounded <= seconds


@given(st.floats(0, 1e10), st.floats(0, 1e10))
def test_an_older_thing_is_not_shown_younger(one: float, other: float) -> None:
    """Coarse ages keep the order of ages."""
    younger, older = sorted((one, other))
    assert coarse(younger) <= coarse(older)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 packets"), (1, "1 packet"), (2, "2 packets"), (1118, "1,118 packets")],
)
def test_things_are_counted_in_words(number: int, text: str) -> None:
    """One is one of them; thousands are told apart."""
    assert counted(number, "packet") == text
