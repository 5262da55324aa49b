"""The screen as files: a picture, and its text."""

from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

_TRIES = 100
"""Names that are tried where one is taken."""


def screen_text(app: OcnetviewApp) -> str:
    """Return the characters of the whole screen, without spaces at lines' ends."""
    width, height = app.size
    console = Console(
        width=width, height=height, file=io.StringIO(), record=True, color_system=None
    )
    drawn = app.screen._compositor.render_update(  # noqa: SLF001 - as Textual's own
        full=True,
        screen_stack=app._background_screens,  # noqa: SLF001 - the same
    )
    console.print(drawn)
    lines = console.export_text().splitlines()
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def name_of_now() -> str:
    """Return a name for files of this node and moment."""
    node = re.sub(r"[^A-Za-z0-9.-]", "-", os.uname().nodename)
    return f"ocnetview-{node}-{time.strftime('%Y%m%d-%H%M%S')}"


def save(folder: Path, name: str, **texts: str) -> tuple[Path, ...]:
    """Write each text to a file of its kind, and return their paths.

    None that is there is written over: another name is taken.

    Raises:
        OSError: it cannot be written.
    """
    for attempt in range(1, _TRIES + 1):
        stem = name if attempt == 1 else f"{name}-{attempt}"
        paths = tuple(folder / f"{stem}.{kind}" for kind in texts)
        if not any(path.exists() for path in paths):
            break
    for path, text in zip(paths, texts.values(), strict=True):
        with path.open("x", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    return paths
