"""Where the program begins: `ocnetview`, and `python -m ocnetview`."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    """Run a command.

    One that reads once makes hardly any garbage, and Python would look for it again
    and again among all that is kept, at the end once more: a tenth of all its time.
    What goes on for longer turns that on again.
    """
    gc.disable()
    try:
        if len(sys.argv) == 1:
            from ocnetview.opening import opened  # noqa: PLC0415 - as below

            code = opened()
            if code is not None:
                sys.exit(code)
        from ocnetview.cli import main  # noqa: PLC0415 - most of the objects

        main(prog_name="ocnetview")
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
