"""Three lines for who is here for the first time, and how that is remembered."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

_WORD = re.compile(r"{(\w+)}")

LINES = """
Select a row, and what belongs to it in the other panes is marked ▸.
{open} goes on: port, pod, processes; {back} goes back; {finder} finds anything.
{help} shows every key. {back} now: got it, these lines come no more.
""".strip().splitlines()
"""With the ids of commands where their keys stand."""


def lines(spell: Callable[[str], str]) -> Content:
    """Return the lines; `spell` gives the keys of the command with this id."""
    return Content("\n".join(_WORD.sub(lambda f: spell(f[1]), line) for line in LINES))


def end(app: OcnetviewApp) -> None:
    """Take the lines away, for good."""
    app.welcome.end()
    app.refresh_bindings()
    try:
        remember(os.environ)
    except OSError as error:
        why = f"cannot remember that they were read: {error.strerror}"
        app.notify(why, severity="warning", markup=False)


def mark_path(environment: Mapping[str, str]) -> Path | None:
    """Return the file whose being there says that the lines were read.

    It is in XDG_STATE_HOME (XDG Base Directory Specification); None for a user
    without a home.
    """
    home = environment.get("XDG_STATE_HOME") or "~/.local/state"
    try:
        return Path(home).expanduser() / "ocnetview" / "welcomed"
    except RuntimeError:
        return None


def is_first(environment: Mapping[str, str]) -> bool:
    """Claim that nobody said yet that the lines were read."""
    path = mark_path(environment)
    try:
        return path is not None and not path.exists()
    except OSError:
        return False


def remember(environment: Mapping[str, str]) -> None:
    """Write down that the lines were read.

    Raises:
        OSError: the file cannot be written.
    """
    path = mark_path(environment)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
