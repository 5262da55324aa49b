"""What the keys do and what the signs mean, made from where each is declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from ocnetview.columns.processes import FOLDED
from ocnetview.tui.commands import COMMANDS
from ocnetview.tui.commands.command import GO, PROGRAM, ROWS, TREE, Command
from ocnetview.tui.commands.places import PLACES, Place
from ocnetview.tui.lights import LOOKS
from ocnetview.tui.screens.sheet import Sheet
from ocnetview.tui.spelling import key_of, keys_of
from ocnetview.tui.widgets.drawing import CURSOR, ELSEWHERE, LINKED
from ocnetview.tui.widgets.row import Flag
from ocnetview.tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp

_INDENT = 18
"""Cells for the keys, so that what they do stands in one column."""
_LEAST = 20
"""Cells that a text has at least beside its keys."""
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
    ("◔", "a process that waits in the kernel and cannot be interrupted"),
    ("✓", "a packet of two spots that was at both; … it may still come"),
    ("✖", "a packet of two spots that was lost between them"),
    ("◆", "a packet of two spots that was only at this one"),
    (FOLDED, "before a command: how many processes are below, CPU and memory of all"),
    (Flag.NEW, "came a few seconds ago"),
    (Flag.GONE, "gone: the row goes too in a few seconds"),
)
"""Signs in the tables, and what they say."""


def _head(text: str) -> Content:
    """Return the title of what follows."""
    return Content.styled(text, "bold $text-primary")


def _line(left: str, right: str) -> tuple[str, str]:
    """Return what it is about, and what is said of it."""
    return left, right


def _fitted(line: Content | tuple[str, str], width: int) -> Content:
    """Return a line no wider than this: what is said goes on below its beginning."""
    if isinstance(line, Content):
        return line
    left, right = line
    room = max(width - _INDENT - 2, _LEAST)
    parts = wrap(right, room) or [""]
    indented = "\n".join((parts[0], *(" " * (_INDENT + 2) + p for p in parts[1:])))
    return Content.assemble((f"  {left:<{_INDENT}}", "bold"), indented)


def help_text(app: OcnetviewApp, width: int, *, place: str = "") -> Content:
    """Return the whole help, no wider than this, with the user's own keys.

    What can be done here and now comes first: in the panes, or in a screen above.
    """
    lines = _lines(app, PLACES.get(place))
    return Content("\n").join(_fitted(line, width) for line in lines)


def _lines(app: OcnetviewApp, place: Place | None) -> list[Content | tuple[str, str]]:
    """Return titles, and lines of two parts."""
    here = [command for command in COMMANDS if command.can(app)]
    lines: list[Content | tuple[str, str]] = []
    if place:
        lines += [_head(f"Where you are: {place.name}"), *_keys(app, place)]
    where = "In the panes" if place else "Where you are"
    lines.append(_head(f"{where}: {app.here.lens.noun}"))
    for group in (GO, ROWS, TREE, PROGRAM):
        lines += [_command(app, one) for one in here if one.group == group]
    lines += [_line("^p", "Every command by its name"), Content("")]
    lines.append(_head("In a table"))
    lines += [_line(keys_of(app, move), move.description) for move in RowTable.MOVES]
    lines.append(_line("click a heading", "Sort by it; again turns the order round"))
    lines.append(_line("click a sign ▸", "Fold the row, or unfold it"))
    lines += [_line("double click", "Open"), Content("")]
    for other in PLACES.values():
        if other is not place:
            lines += [_head(f"In {other.name}"), *_keys(app, other)]
    elsewhere = [command for command in COMMANDS if command not in here]
    if elsewhere:
        lines.append(_head("Elsewhere: they lead nowhere from here"))
        lines += [_command(app, command) for command in elsewhere]
        lines.append(Content(""))
    lines += [_head("Signs"), *(_line(sign, meaning) for sign, meaning in SIGNS)]
    lines += [Content(""), _head("Sources")]
    lines += [_line(look.sign, look.word) for look in LOOKS.values()]
    return lines


def _keys(app: OcnetviewApp, place: Place) -> Iterator[Content | tuple[str, str]]:
    """Yield what the keys do in a screen."""
    for binding in place.keys:
        if binding.tooltip:
            yield _line(keys_of(app, binding), binding.tooltip)
    yield Content("")


def _command(app: OcnetviewApp, command: Command) -> tuple[str, str]:
    """Return a command's keys, and what it does."""
    return _line(key_of(app, command.id), command.tooltip)


class HelpScreen(Sheet):
    """Shows the help."""

    DEFAULT_CSS = """
    HelpScreen {
        #sheet { max-width: 104; scrollbar-gutter: stable; }
    }
    """

    def __init__(self, app: OcnetviewApp, *, place: str = "") -> None:
        """Say what can be done in this app now, in its panes or in a screen above."""
        super().__init__("Help", Content(""))
        self._lines = partial(help_text, app, place=place)

    def on_mount(self) -> None:
        """Draw it, once the room is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Use the room that there is now."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        """Fit the lines into the frame."""
        self.show(self._lines(self.room))
