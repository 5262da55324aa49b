"""What a command is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.units import printable

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

GO, ROWS, TREE, PROGRAM = "Going round", "Rows", "Tree of processes", "Program"


def always(_: OcnetviewApp) -> bool:
    """Claim that it can be done, whatever is on the screen."""
    return True


def unsaid(_: OcnetviewApp) -> str:
    """Say nothing of why it leads nowhere."""
    return ""


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
    why: Callable[[OcnetviewApp], str] = unsaid
    """Says why it leads nowhere now, when its key is pressed all the same."""
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

    def bindings(self) -> tuple[Binding, ...]:
        """Return its binding, and what the same key does where that leads nowhere."""
        first = self.binding()
        if self.why is unsaid:
            return (first,)
        return first, replace(first, action=f"do('{self.id}', 'why')", show=False)

    def answers(self, app: OcnetviewApp, *asked: object) -> bool:
        """Claim that it can be done now; asked why not, that it cannot."""
        return self.can(app) is not bool(asked)

    def do(self, app: OcnetviewApp, *asked: object) -> None:
        """Do it; asked why not, say so, unless the rows moved on meanwhile."""
        if asked:
            # Keys may come faster than the messages of the rows they passed.
            app.follow()
        if asked and not self.can(app):
            app.notify(printable(self.why(app)), severity="warning", markup=False)
        else:
            self.run(app)
