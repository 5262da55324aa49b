"""Every action of the user, once: bindings, footer, palette and help come from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.tui.actions import going, rows, sheets
from ocnetview.tui.selection import PaneId

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

GO, ROWS, PROGRAM = "Going round", "Rows", "Program"


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

    def binding(self) -> Binding:
        """Return the command as a binding of the app."""
        return Binding(
            self.key,
            f"do('{self.id}')",
            self.text,
            show=self.shown,
            tooltip=self.tooltip,
            id=self.id,
        )


COMMANDS = (
    Command(
        "open",
        "enter",
        "Open",
        "Port to pod, pod to processes, process to its container",
        GO,
        going.open_row,
        going.can_open,
    ),
    Command(
        "back",
        "escape",
        "Back",
        "End the filter, else back the way you came",
        GO,
        going.go_back,
        going.can_go_back,
    ),
    Command(
        "ports",
        "1",
        "Ports",
        "Go to the ports",
        GO,
        lambda app: app.go(PaneId.PORTS),
        shown=False,
    ),
    Command(
        "pods",
        "2",
        "Pods",
        "Go to the pods",
        GO,
        lambda app: app.go(PaneId.PODS),
        shown=False,
    ),
    Command(
        "processes",
        "3",
        "Processes",
        "Go to the processes",
        GO,
        lambda app: app.go(PaneId.PROCESSES),
        shown=False,
    ),
    Command(
        "next_pane",
        "tab",
        "Next pane",
        "Go to the next pane",
        GO,
        partial(going.next_pane, step=1),
        shown=False,
    ),
    Command(
        "previous_pane",
        "shift+tab",
        "Previous pane",
        "Go to the pane before",
        GO,
        partial(going.next_pane, step=-1),
        shown=False,
    ),
    Command(
        "filter",
        "slash",
        "Filter",
        "Show only the rows that hold what you type",
        ROWS,
        rows.type_filter,
        rows.can_type_filter,
    ),
    Command(
        "sort",
        "s",
        "Sort",
        "Sort by the next column",
        ROWS,
        lambda app: app.here.sort_by_next(),
    ),
    Command(
        "reverse",
        "r",
        "Reverse",
        "Turn the order round",
        ROWS,
        lambda app: app.here.reverse(),
        shown=False,
    ),
    Command(
        "bridge",
        "b",
        "Bridge",
        "Show the next bridge",
        ROWS,
        partial(rows.next_bridge, step=1),
        rows.has_bridges,
    ),
    Command(
        "previous_bridge",
        "B",
        "Previous bridge",
        "Show the bridge before",
        ROWS,
        partial(rows.next_bridge, step=-1),
        rows.has_bridges,
        shown=False,
    ),
    Command(
        "container",
        "o",
        "Container",
        "Only the next container's processes, then all",
        ROWS,
        rows.next_container,
        rows.has_containers,
    ),
    Command(
        "detail",
        "d",
        "Detail",
        "All that is known of the pod, with the evidence",
        ROWS,
        sheets.show_detail,
        sheets.has_detail,
    ),
    Command(
        "sources",
        "S",
        "Sources",
        "How each source is doing, and why",
        PROGRAM,
        sheets.show_sources,
        shown=False,
    ),
    Command(
        "help",
        "question_mark,f1",
        "Help",
        "Keys and signs",
        PROGRAM,
        sheets.show_help,
    ),
    Command("quit", "q", "Quit", "Leave ocnetview", PROGRAM, lambda app: app.exit()),
)
BY_ID = {command.id: command for command in COMMANDS}
DEPENDING = tuple(command for command in COMMANDS if command.can is not always)
"""Those that lead somewhere at some times only."""
