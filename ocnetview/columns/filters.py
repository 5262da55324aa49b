"""The language of filters: terms with spaces between, all of which have to hold.

A term is a text or a /regular expression/, and after `key:` of one field only.
`!` before it turns it round; quotes hold spaces.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ocnetview.errors import FilterError

_HEAD = re.compile(r"(!?)(?:([A-Za-z][A-Za-z_]*):([<>]=?|=)?)?")
_IN_QUOTES = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\S)', re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.|/(?=\S))+)/(?!\S)", re.DOTALL)
_BARE = re.compile(r"\S*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = re.compile(r"[\w.][\w./+@%-]*")
"""What needs no quotes anywhere."""


class How(StrEnum):
    """How a term compares."""

    HOLDS = ""
    """The text is somewhere in it, whatever the case."""
    MATCHES = "/"
    THERE = "*"
    """There is something at all."""
    IS = "="
    ABOVE = ">"
    LEAST = ">="
    BELOW = "<"
    MOST = "<="


COMPARING = frozenset({How.ABOVE, How.LEAST, How.BELOW, How.MOST})
"""Those that compare numbers."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    text: str
    key: str = ""
    """The field that it is about; empty for the cells in sight."""
    how: How = How.HOLDS
    inverse: bool = False


def parse_filter(text: str) -> tuple[Term, ...]:
    """Return the terms of a filter.

    Raises:
        FilterError: what is not finished, or cannot be understood.
    """
    return tuple(_terms(text))


def _terms(rest: str) -> Iterator[Term]:
    """Yield one term after the other."""
    while rest := rest.lstrip():
        head = _HEAD.match(rest)
        inverse, key, sign = head.groups() if head else ("", "", "")
        start = head.end() if head else 0
        how, text, length = _value(rest[start:], How(sign or ""), keyed=bool(key))
        if not length:
            raise FilterError(_missing(key or "", sign or ""))
        yield Term(text, (key or "").casefold(), how, bool(inverse))
        rest = rest[start + length :]


def _missing(key: str, sign: str) -> str:
    """Return what is said of a term that only begins."""
    if key:
        return (
            f"{key}:{sign} needs a value, as in {key}:{sign}{'5' if sign else 'text'}"
        )
    return "! needs a term behind it, as in !text"


def _value(rest: str, how: How, *, keyed: bool) -> tuple[How, str, int]:
    """Return how a value compares, its text, and how long it is as written."""
    if inside := _IN_QUOTES.match(rest):
        return how, _ESCAPED.sub(r"\1", inside[1]), inside.end()
    regex = _REGEX.match(rest)
    if regex and how is How.HOLDS:
        return How.MATCHES, _sound(regex[1]), regex.end()
    bare = _BARE.match(rest)
    text = bare[0] if bare else ""
    if text.startswith('"'):
        raise FilterError(
            f'{text}: a quoted text ends with " before a space or the end'
        )
    if text.startswith("/") and how is How.HOLDS:
        raise FilterError(
            f"{text}: a regular expression ends with /; to find it as a text, quote"
            f" it: {quoted(text)}"
        )
    if text == How.THERE and keyed and how is How.HOLDS:
        return How.THERE, "", len(text)
    return how, text, len(text)


def _sound(pattern: str) -> str:
    """Return a regular expression that can be compiled."""
    compiled(pattern)
    return pattern


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a regular expression, ready to search whatever the case.

    Raises:
        FilterError: it is none.
    """
    try:
        with warnings.catch_warnings():
            # What a later Python may read otherwise is read as this one does.
            warnings.simplefilter("ignore")
            return re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise FilterError(f"/{pattern}/ is no regular expression: {error}") from error


def quoted(text: str) -> str:
    """Return a text as a filter takes it literally, in quotes where it needs them."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
