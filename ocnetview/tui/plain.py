"""The screen in plain letters, for terminals whose font has no more."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS = {
    "●": "*",
    "○": "o",
    "✖": "x",
    "≈": "%",
    "…": ".",
    "◔": "d",
    "⇄": "=",
    "⇡": "^",
    "□": "[",
    "◇": "&",
    "≠": "X",
    "⌂": "H",
    "·": ".",
    "▌": "|",
    "▸": ">",
    "▾": "v",
    "▏": ":",
    "†": "-",
    "‖": "|",
    "▲": "^",
    "▼": "v",
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "“": '"',
    "”": '"',
    "✓": "y",
    "⏎": ">",
    "⚠": "!",
    "◆": "@",
    "▣": "#",
    "▤": "B",
    "•": "*",
    "µ": "u",
}
_DRAWN = {
    "─━╌┄═╴╶": "-",
    "│┃║╎▕▎": "|",
    "╭╮╰╯┌┐└┘├┤┬┴┼╔╗╚╝╠╣": "+",
    "▁▂▃▄▅▆▇█▀▐▊▋▍▉▔": "#",
}
"""Lines, corners and blocks."""
PLAIN: Mapping[int, str] = str.maketrans(
    _SIGNS | {sign: letter for signs, letter in _DRAWN.items() for sign in signs}
)
"""What is drawn in place of each sign; one cell for one cell."""
_CONSOLES = ("linux", "vt", "cons", "ansi", "dumb")
"""How TERM begins for consoles with a font of 256 or 512 letters."""


class PlainLetters(LineFilter):
    """Draws every sign as a letter of ASCII; what others wrote becomes a `?`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - colours stay
        """Return the segments of a line in plain letters."""
        return [
            Segment(plain(text), style, control) for text, style, control in segments
        ]


def plain(text: str) -> str:
    """Return a text in ASCII, in as many characters."""
    if text.isascii():
        return text
    return text.translate(PLAIN).encode("ascii", "replace").decode("ascii")


def has_plain_font(environment: Mapping[str, str]) -> bool:
    """Claim that the terminal is a console, or its locale names another charset.

    Without any locale, as in a container, it is taken for UTF-8.
    """
    if environment.get("TERM", "").startswith(_CONSOLES):
        return True
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    charset = locale.partition(".")[2].partition("@")[0].replace("-", "").casefold()
    return charset not in ("", "utf8")
