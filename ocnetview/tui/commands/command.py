"""What a command is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

GO, ROWS, TREE, PROGRAM = "Going round", "Rows", "Tree of processes", "Program"


def always(_: OcnetviewApp) -> bool:
    """Claim that it can be done, whatever is on the screen."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do."""

    id: str
    """What a keymap calls it."""
    key: str
    """Keys as Textual names them, the first one shown."""
    text: str
    """What the footer says."""
    tooltip: str
    """What it does, for the palette and the help."""
    group: str
    run: Callable[[OcnetviewApp], None]
    can: Callable[[OcnetviewApp], bool] = always
    """Claims that it leads somewhere now; the footer hides what does not."""
    shown: bool = True
    """Claims that it has a place in the footer."""
    first: bool = False
    """Claims that its key is for it on every screen, whatever has the focus."""

    def binding(self) -> Binding:
        """Return the command as a binding of the app."""
        return Binding(
            self.key,
            f"do('{self.id}')",
            self.text,
            show=self.shown,
            tooltip=self.tooltip,
            id=self.id,
            priority=self.first,
        )
