"""How a text gets to the terminal that the user sits at."""

from __future__ import annotations

import re
from base64 import b64decode

from hypothesis import given
from hypothesis import strategies as st

from ocnetview.tui.clipboard import LONGEST, advice, takeable, through, too_long

OSC = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def test_a_plain_terminal_needs_no_more() -> None:
    """Outside of tmux and GNU screen nothing is added."""
    assert through("x", {"TERM": "xterm"}) == ""
    assert "OSC 52" in advice({})


@given(st.text(max_size=2000).map(takeable))
def test_tmux_passes_the_sequence_on(text: str) -> None:
    """In one string, each escape of it twice, the text comes through whole."""
    said = through(text, {"TMUX": "/tmp/tmux,1,0"})
    assert said.startswith("\x1bPtmux;")
    assert said.endswith("\x1b\\")
    inner = said[7:-2].replace("\x1b\x1b", "\x1b")
    found = OSC.fullmatch(inner)
    assert found
    assert b64decode(found[1]).decode() == text


@given(st.text(max_size=2000).map(takeable))
def test_gnu_screen_passes_short_strings_on(text: str) -> None:
    """In strings of at most 768 bytes, which together are the sequence."""
    said = through(text, {"STY": "1.pts-0"})
    parts = re.findall(r"\x1bP(.*?)\x1b\\", said, re.DOTALL)
    assert "".join(f"\x1bP{part}\x1b\\" for part in parts) == said
    assert max(map(len, parts)) <= 768
    found = OSC.fullmatch("".join(parts))
    assert found
    assert b64decode(found[1]).decode() == text


def test_tmux_has_to_allow_it() -> None:
    """In tmux its own option is named."""
    assert "set -s set-clipboard on" in advice({"TMUX": "x"})


def test_bytes_that_are_no_utf8_are_marked() -> None:
    """A name with lone surrogates can be written all the same."""
    assert takeable(b"a\xff\xe2\x98\x83".decode("utf-8", "surrogateescape")) == "a�☃"


def test_the_longest_text_is_told_by_bytes() -> None:
    """As many as terminals take, not letters."""
    assert not too_long("x" * LONGEST)
    assert too_long("x" * (LONGEST + 1))
    assert too_long("☃" * (LONGEST // 3 + 1))
