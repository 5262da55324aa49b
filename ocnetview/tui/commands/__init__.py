"""Every action of the user, once: bindings, footer, palette and help come from here."""

from __future__ import annotations

from ocnetview.tui.commands.capture import CAPTURE_COMMANDS
from ocnetview.tui.commands.command import Command, always
from ocnetview.tui.commands.copying import COPYING
from ocnetview.tui.commands.finding import FINDING
from ocnetview.tui.commands.flows import FLOWS_COMMANDS
from ocnetview.tui.commands.going import GOING
from ocnetview.tui.commands.program import OF_PROGRAM
from ocnetview.tui.commands.rows import OF_ROWS
from ocnetview.tui.commands.trace import TRACE_COMMANDS
from ocnetview.tui.commands.tree import OF_TREE

__all__ = ["BY_ID", "COMMANDS", "DEPENDING", "Command"]

COMMANDS: tuple[Command, ...] = (
    *GOING,
    *FINDING,
    *OF_ROWS,
    *OF_TREE,
    *CAPTURE_COMMANDS,
    *FLOWS_COMMANDS,
    *TRACE_COMMANDS,
    *COPYING,
    *OF_PROGRAM,
)
"""In the order of footer, palette and help."""
BY_ID = {command.id: command for command in COMMANDS}
DEPENDING = tuple(command for command in COMMANDS if command.can is not always)
"""Those that lead somewhere at some times only."""
