"""Where the program begins: `ocnetview`, and `python -m ocnetview`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from ocnetview.collectors.ahead import prepare

_READS_LINKS = frozenset(
    {
        *("ports", "pods", "pod", "who", "inside", "capture"),
        *("flows", "trace", "explain", "graph", "sources"),
    }
)
"""The commands that want to know all links of the node, as the screen does."""
_OF_ANOTHER = frozenset({"demo", "--replay"})
"""What makes it another node than this one."""


def run() -> None:
    """Run a command.

    One that reads once makes hardly any garbage, and Python would look for it again
    and again among all that is kept, at the end once more: a tenth of all its time.
    What goes on for longer turns that on again.
    """
    gc.disable()
    ahead = prepare() if reads_links(sys.argv[1:]) else None
    try:
        if len(sys.argv) == 1:
            from ocnetview.opening import opened  # noqa: PLC0415 - as below

            code = opened(ahead)
            if code is not None:
                sys.exit(code)
        from ocnetview.cli import main  # noqa: PLC0415 - most of the objects

        main(prog_name="ocnetview", obj=ahead)
    finally:
        gc.freeze()


def reads_links(words: Sequence[str]) -> bool:
    """Claim that what is asked for wants the links, before anything is understood."""
    here = _OF_ANOTHER.isdisjoint(words)
    return not words or (here and not _READS_LINKS.isdisjoint(words))


if __name__ == "__main__":
    run()
