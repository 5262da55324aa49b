"""What a recipe is, and how its line is quoted."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ocnetview.frozen import dataclass
from ocnetview.units import printable


@dataclass(frozen=True, slots=True)
class Recipe:
    """A shell line that shows what the screen shows, without ocnetview."""

    title: str
    """The question that it answers; safe to print."""
    command: str
    """One line for bash; whatever the names in it are, nothing else is run."""
    shows: str
    """What to look for in the answer; safe to print."""
    tool: str
    """The program that has to be there."""


def quoted(word: str) -> str:
    """Return a word as a shell reads it back, in one line that is safe to print.

    What would act on a terminal stands as escapes in bash's $'…'.
    """
    if printable(word) == word:
        return shlex.quote(word)
    return f"$'{''.join(map(_escaped, word))}'"


def _escaped(letter: str) -> str:
    """Return a letter as it stands in $'…'."""
    if letter in "\\'":
        return f"\\{letter}"
    if printable(letter) == letter:
        return letter
    # A name that is no UTF-8 has its bytes as lone surrogates (PEP 383).
    data = letter.encode("utf-8", "surrogateescape")
    return "".join(f"\\x{byte:02x}" for byte in data)


def line(words: Sequence[str]) -> str:
    """Return words as a shell's line."""
    return " ".join(map(quoted, words))


def script(recipes: Sequence[Recipe]) -> str:
    """Return recipes as a script, each below a comment that says what it is for."""
    lines = (f"# {one.title}: {one.shows}\n{one.command}\n" for one in recipes)
    return "\n".join(lines)
