"""What the keys do and what the signs mean, made from where each is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.content import Content

from ocnetview.columns.processes import FOLDED
from ocnetview.tui.commands import COMMANDS
from ocnetview.tui.commands.command import GO, PROGRAM, ROWS, TREE
from ocnetview.tui.lights import LOOKS
from ocnetview.tui.screens.sheet import Sheet
from ocnetview.tui.widgets.drawing import CURSOR, ELSEWHERE, LINKED
from ocnetview.tui.widgets.row import Flag
from ocnetview.tui.widgets.row_table import RowTable

_INDENT = 18
"""Cells for the keys, so that what they do stands in one column."""
SIGNS = (
    (CURSOR, "the row that keys move, in the pane you are in"),
    (LINKED, "belongs to that row"),
    (ELSEWHERE, "where you were in another pane"),
    ("⇄", "tunnel to other nodes"),
    ("⇡", "gateway or uplink"),
    ("~", "patch to another bridge"),
    ("□", "a container without a pod"),
    ("◇", "a network namespace that no container is known to use"),
    ("≠", "sources contradict each other: the detail says how"),
    ("?", "before a veth: not proved by the kernel, the detail says how it is known"),
    ("⌂", "a pod in the node's own network namespace: it has no veth"),
    ("·", "the bridge itself, or nothing of ours"),
    ("✖", "stale: configured, but its device is gone"),
    ("!", "something is wrong with it; a process: it ended, its parent must reap it"),
    ("…", "a process that waits in the kernel and cannot be interrupted"),
    (FOLDED, "before a command: how many processes are below, CPU and memory of all"),
    (Flag.NEW, "came a few seconds ago"),
    (Flag.GONE, "gone: the row goes too in a few seconds"),
)
"""Signs in the tables, and what they say."""


def _line(left: str, right: str) -> Content:
    """Return what it is about, and what is said of it."""
    return Content.assemble((f"  {left:<{_INDENT}}", "bold"), right)


def _moving(spell: Callable[[str], str]) -> Iterable[Content]:
    """Return the keys that the tables themselves take."""
    for binding in RowTable.BINDINGS:
        if isinstance(binding, Binding):
            yield _line(spell(binding.key), binding.description)


def help_text(spell: Callable[[str], str]) -> Content:
    """Return the whole help; `spell` gives a key as people write it."""
    lines: list[Content] = []
    for group in (GO, ROWS, TREE, PROGRAM):
        lines.append(Content.styled(group, "bold $text-primary"))
        lines += [
            _line(spell(command.key), command.tooltip)
            for command in COMMANDS
            if command.group == group
        ]
        if group == PROGRAM:
            lines.append(_line("^p", "Every command by its name, themes, screenshot"))
        lines.append(Content(""))
    lines += [Content.styled("In a table", "bold $text-primary"), *_moving(spell)]
    lines.append(_line("click a heading", "Sort by it; again turns the order round"))
    lines.append(_line("double click", "Open"))
    lines += [Content(""), Content.styled("Signs", "bold $text-primary")]
    lines += [_line(sign, meaning) for sign, meaning in SIGNS]
    lines += [Content(""), Content.styled("Sources", "bold $text-primary")]
    lines += [_line(look.sign, look.word) for look in LOOKS.values()]
    return Content("\n").join(lines)


def spelt(app: App[Any], keys: str) -> str:
    """Return keys as people write them."""
    bindings = Binding.make_bindings([Binding(keys, "")])
    return "  ".join(app.get_key_display(binding) for binding in bindings)


class HelpScreen(Sheet):
    """Shows the help."""

    def __init__(self) -> None:
        super().__init__("Help", Content(""))

    def on_mount(self) -> None:
        """Spell the keys as this app does."""
        self.show(help_text(partial(spelt, self.app)))
