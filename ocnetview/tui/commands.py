"""Every action of the user, once: bindings, footer, palette and help come from here."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding

GO, ROWS, PROGRAM = "Going round", "Rows", "Program"


@dataclass(frozen=True, slots=True)
class Command:
    """Something the user can do."""

    id: str
    """What a keymap calls it."""
    key: str
    """Keys as Textual names them, the first one shown."""
    action: str
    text: str
    """What the footer says."""
    tooltip: str
    """What it does, for the palette and the help."""
    group: str
    shown: bool = True
    """Claims that it has a place in the footer."""

    def binding(self) -> Binding:
        """Return the command as a binding of the app."""
        return Binding(
            self.key,
            self.action,
            self.text,
            show=self.shown,
            tooltip=self.tooltip,
            id=self.id,
        )


COMMANDS = (
    Command(
        "open",
        "enter",
        "open",
        "Open",
        "Port to pod, pod to processes, process to its container",
        GO,
    ),
    Command(
        "back",
        "escape",
        "go_back",
        "Back",
        "End the filter, else back the way you came",
        GO,
    ),
    Command(
        "ports", "1", "go_to('ports')", "Ports", "Go to the ports", GO, shown=False
    ),
    Command("pods", "2", "go_to('pods')", "Pods", "Go to the pods", GO, shown=False),
    Command(
        "processes",
        "3",
        "go_to('processes')",
        "Processes",
        "Go to the processes",
        GO,
        shown=False,
    ),
    Command(
        "next_pane",
        "tab",
        "next_pane(1)",
        "Next pane",
        "Go to the next pane",
        GO,
        shown=False,
    ),
    Command(
        "previous_pane",
        "shift+tab",
        "next_pane(-1)",
        "Previous pane",
        "Go to the pane before",
        GO,
        shown=False,
    ),
    Command(
        "filter",
        "slash",
        "filter",
        "Filter",
        "Show only the rows that hold what you type",
        ROWS,
    ),
    Command("sort", "s", "sort", "Sort", "Sort by the next column", ROWS),
    Command(
        "reverse", "r", "reverse", "Reverse", "Turn the order round", ROWS, shown=False
    ),
    Command("bridge", "b", "bridge(1)", "Bridge", "Show the next bridge", ROWS),
    Command(
        "previous_bridge",
        "B",
        "bridge(-1)",
        "Previous bridge",
        "Show the bridge before",
        ROWS,
        shown=False,
    ),
    Command(
        "container",
        "c",
        "container",
        "Container",
        "Only the next container's processes, then all",
        ROWS,
    ),
    Command(
        "detail",
        "d",
        "detail",
        "Detail",
        "All that is known of the pod, with the evidence",
        ROWS,
    ),
    Command(
        "sources",
        "S",
        "sources",
        "Sources",
        "How each source is doing, and why",
        PROGRAM,
        shown=False,
    ),
    Command("help", "question_mark,f1", "help", "Help", "Keys and signs", PROGRAM),
    Command("quit", "q", "quit", "Quit", "Leave ocnetview", PROGRAM),
)
DEPENDING = ("open", "go_back", "bridge", "container", "detail")
"""Actions that can be done at some times only."""
