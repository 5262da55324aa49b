"""The commands as Textual's palette takes them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from ocnetview.tui.commands import COMMANDS

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def palette(app: OcnetviewApp) -> Iterator[SystemCommand]:
    """Yield what can be done now."""
    for command in COMMANDS:
        if command.can(app):
            run = partial(command.run, app)
            yield SystemCommand(command.text, command.tooltip, run)
