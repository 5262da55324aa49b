"""Copying by the terminal itself (OSC 52), so that it works over ssh."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

LONGEST = 74_994
"""Bytes that every terminal with OSC 52 takes: 100,000 as it writes them."""
_CHUNK = 500
"""Bytes of one string that GNU screen passes on; up to 768 in its oldest versions."""


def through(text: str, environment: Mapping[str, str]) -> str:
    """Return what copies a text past the multiplexer that we run in; empty for none.

    tmux takes the plain sequence where `set-clipboard` is on, this one where
    `allow-passthrough` is; GNU screen has only this.
    """
    data = b64encode(text.encode()).decode("ascii")
    sequence = f"\x1b]52;c;{data}\a"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        starts = range(0, len(sequence), _CHUNK)
        return "".join(f"\x1bP{sequence[at : at + _CHUNK]}\x1b\\" for at in starts)
    return ""


def takeable(text: str) -> str:
    """Return a text that can be written; bytes that are no UTF-8 are marked as such."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def too_long(text: str) -> bool:
    """Claim that a terminal may not take the text whole."""
    return len(text.encode()) > LONGEST


def advice(environment: Mapping[str, str]) -> str:
    """Return what the user has to allow for it, as far as can be said."""
    if environment.get("TMUX"):
        return "tmux has to allow it: set -s set-clipboard on"
    return "the terminal has to allow OSC 52"
