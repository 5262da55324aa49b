"""Run in the lab: how soon a screen shows something, and everything.

python starting.py ROUNDS. It prints the seconds since the start of a bare Textual
app's first text, of ours, and of ours with rows in all panes, one for each round.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from bench.inside.terminal import Terminal

BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))
LONGEST = 60.0
"""Seconds that a screen may take to show everything."""
_ROWS = (
    re.compile(r"\d +veth[0-9a-f]{8} +\w+ +-"),  # a port
    re.compile(r"project-\d\d/pod-\d{4}-\w{5} +10\."),  # a pod
    re.compile(r"sleep (infinity|\d)"),  # a process
)


class Panes:
    """Claims, once it has seen that, that there were rows in all panes."""

    def __init__(self) -> None:
        self._left = set(_ROWS)

    def __call__(self, text: str) -> bool:
        """Take a piece of the screen's text."""
        self._left -= {row for row in self._left if row.search(text)}
        return not self._left


def has_text(text: str) -> bool:
    """Claim that there is something to see in a piece of the screen's text."""
    return bool(text.strip())


def paint(*command: str) -> float:
    """Return the seconds to the first text."""
    screen = Terminal(*command)
    at = screen.wait_for(has_text, LONGEST)
    screen.close()
    return (at or screen.began + LONGEST) - screen.began


def paint_all() -> tuple[float, float]:
    """Return the seconds to our first text, and to rows in all panes."""
    screen = Terminal("ocnetview")
    panes, filled = Panes(), False

    def first(text: str) -> bool:
        nonlocal filled
        filled = panes(text)
        return has_text(text)

    painted = screen.wait_for(first, LONGEST)
    rows = painted if filled else screen.wait_for(panes, LONGEST)
    screen.close()
    late = screen.began + LONGEST
    return (painted or late) - screen.began, (rows or late) - screen.began


def main() -> None:
    """Start them in turns."""
    paint(*BARE)
    paint_all()
    rounds = [(paint(*BARE), *paint_all()) for _ in range(int(sys.argv[1]))]
    bare, first, filled = zip(*rounds, strict=True)
    print(json.dumps({"bare": bare, "first": first, "filled": filled}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
