"""Bytes, rates, ages and untrusted text as text."""

from __future__ import annotations

import unicodedata

_KILO = 1000
_LONG = 200
"""Characters of a message that are shown."""
_STEPS = ((86400, "d"), (3600, "h"), (60, "m"))
_TENS = 10
"""Seconds are told one by one below twice this, then by tens: a node whose pods are all
young is not to be drawn anew every second."""
_SIZES = (*(size for size, _ in _STEPS), _TENS)


def printable(text: str) -> str:
    r"""Return the text with all that could act on a terminal made visible.

    Control, format, surrogate and separator characters become escapes like
    `\x1b`; names on a node are written by whoever can start a container.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char
        if char == " " or unicodedata.category(char)[0] not in "CZ"
        else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def one_line(message: object) -> str:
    """Return what somebody else has to say, in one line that is safe to show."""
    words = " ".join(str(message).split())
    return printable(words if len(words) <= _LONG else f"{words[:_LONG]}...")


def quantity(number: float, unit: str = "") -> str:
    """Return a number with a decimal prefix in at most six places: `1.2k`, `40M`."""
    for prefix in ("", "k", "M", "G", "T"):
        if abs(number) < _KILO - 0.5 or prefix == "T":
            break
        number /= _KILO
    small = prefix and abs(number) < 9.95  # noqa: PLR2004 - two digits at least
    return f"{number:.1f}{prefix}{unit}" if small else f"{number:.0f}{prefix}{unit}"


def counted(number: int, noun: str) -> str:
    """Return how many of something there are: `1 packet`, `1,118 packets`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def memory(size: int) -> str:
    """Return bytes in binary prefixes, as ps and top do: `12M` is 12 MiB."""
    number = float(size)
    for prefix in ("", "K", "M", "G", "T"):
        if number < 1023.5 or prefix == "T":  # noqa: PLR2004 - rounds below 1024
            break
        number /= 1024
    small = prefix and number < 9.95  # noqa: PLR2004 - two digits at least
    return f"{number:.1f}{prefix}" if small else f"{number:.0f}{prefix}"


def coarse(seconds: float) -> int:
    """Return an age rounded down to what `age` shows of it.

    A row whose shown age did not change then compares equal, and draws nothing.
    """
    whole = max(0, int(seconds))
    return whole - whole % _step(whole)


def _step(whole: int) -> int:
    """Return in which steps an age is told, in seconds."""
    for size in _SIZES:
        if whole >= 2 * size:
            return size
    return 1


def older(seconds: float) -> int:
    """Return the next age, in seconds, that `age` shows otherwise than this one."""
    whole = coarse(seconds)
    return whole + _step(whole)


def age(seconds: float) -> str:
    """Return an age in its largest fitting unit, at least two of it: `90s`, `5h`."""
    whole = coarse(seconds)
    for size, unit in _STEPS:
        if whole >= 2 * size:
            return f"{whole // size}{unit}"
    return f"{whole}s"
