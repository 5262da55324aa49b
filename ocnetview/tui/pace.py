"""How the interpreter shares itself among the screen, its threads and its garbage."""

from __future__ import annotations

import gc
import sys
from typing import Any

from textual.app import App

SWITCH_SECONDS = 0.001
"""How long a thread that reads or joins may keep a key waiting; five by default."""
YOUNG = 20_000
"""Garbage is looked for when so many objects are there that were not before; 700 by
default, which each model makes many times, and hardly one of them is garbage."""
FILLED_SECONDS = 3.0
"""Garbage is looked for only after this: until then all that is made stays."""


def set_pace(app: App[Any]) -> None:
    """Let keys come before the threads, and the first models before garbage."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app.set_timer(FILLED_SECONDS, _collect)


def _collect() -> None:
    """Look for garbage from now on, but not in what is there."""
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()
