"""What the keys do in the detail of a row, for the screen, the help and the keymap."""

from __future__ import annotations

from textual.binding import Binding

OF_DETAIL = (
    Binding(
        "escape",
        "leave",
        "Close",
        tooltip="End what is being read, or close",
        id="leave_detail",
    ),
    Binding("q,d", "dismiss", "Close", show=False),
    Binding(
        "tab,right",
        "turn(1)",
        "Next tab",
        tooltip="Next tab",
        priority=True,
        id="next_tab",
    ),
    Binding(
        "shift+tab,left",
        "turn(-1)",
        "Tab before",
        tooltip="Tab before; a digit leads to the tab with that number",
        priority=True,
        id="previous_tab",
    ),
    Binding(
        "r",
        "again",
        "Read again",
        tooltip="Read again what the tab shows",
        id="read_again",
    ),
    Binding(
        "v",
        "reveal",
        "Environment",
        tooltip="Show the environment, then its values, then neither",
        id="environment",
    ),
    Binding(
        "y",
        "copy",
        "Copy",
        tooltip="Copy what is shown, or a name, the row as JSON, the commands",
        id="copy_detail",
    ),
    Binding(
        "question_mark,f1",
        "help",
        "Help",
        tooltip="These keys, and the signs",
        id="detail_help",
    ),
    Binding("j", "scroll(1)", "Down", show=False),
    Binding("k", "scroll(-1)", "Up", show=False),
    *(
        Binding(str(digit), f"jump({digit or 10})", f"Tab {digit}", show=False)
        for digit in range(10)
    ),
)
