"""Renders the README's pictures, of the demo node and of one that is made up.

Run it as `python tests/screenshots.py`; it writes screenshots/*.svg and nothing else.
It needs what `ocnetview demo` needs, and Open vSwitch.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ocnetview.demo.run import run_demo
from ocnetview.errors import DemoError

HERE = Path(__file__).parent
FOLDER = str(HERE.parent / "screenshots")
MADE_UP = "tui.made_up"
TOUR = "demo.tour"


def main() -> int:
    """Write every picture; return the exit code of what draws the demo node.

    Both are drawn by processes of their own: those of the demo node are forks of
    this one, and show the memory that it has.
    """
    os.environ["PYTHONPATH"] = str(HERE)
    subprocess.run([sys.executable, "-m", MADE_UP, FOLDER], check=True)
    return run_demo((FOLDER,), (sys.executable, "-m", TOUR), "ovs")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DemoError as error:
        sys.exit(f"screenshots: {error}")
