"""What opens above the panes, and the end of it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocnetview.tui import screens
from ocnetview.tui.commands.command import PROGRAM, ROWS, Command

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def show_detail(app: OcnetviewApp) -> None:
    """Say everything about the row: its way out, what is inside, how it is known."""
    app.follow()
    prober, watch = app.prober, app.looking.along
    app.push_screen(screens.detail_screen(app.selected, prober, watch))


def has_detail(app: OcnetviewApp) -> bool:
    """Claim that there is a row to say something of."""
    return bool(app.here.table.cursor)


def show_sources(app: OcnetviewApp) -> None:
    """Give the reasons of all sources in full."""
    app.push_screen(screens.sources_screen(app.model))


def show_help(app: OcnetviewApp) -> None:
    """Say what the keys do and what the signs mean."""
    app.push_screen(screens.help_screen())


OF_PROGRAM = (
    Command(
        "detail",
        "d",
        "Detail",
        "Everything about the row: its way out, what is inside, the evidence",
        ROWS,
        show_detail,
        has_detail,
    ),
    Command(
        "sources",
        "S",
        "Sources",
        "How each source is doing, and why",
        PROGRAM,
        show_sources,
        shown=False,
    ),
    Command(
        "help",
        "question_mark,f1",
        "Help",
        "Keys and signs",
        PROGRAM,
        show_help,
    ),
    Command("quit", "q", "Quit", "Leave ocnetview", PROGRAM, lambda app: app.exit()),
)
