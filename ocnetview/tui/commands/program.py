"""What opens above the panes, and the end of it all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ocnetview.tui import screens
from ocnetview.tui.commands.command import PROGRAM, ROWS, Command
from ocnetview.tui.commands.copying import offer_copies

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def show_detail(app: OcnetviewApp) -> None:
    """Say everything about the row: its way out, what is inside, how it is known."""
    app.follow()
    prober, watch = app.tools.prober, app.looking.along
    explain = partial(show_help, app, place="detail")
    copy = partial(offer_copies, app, app.selected)
    app.push_screen(screens.detail_screen(app.selected, prober, watch, explain, copy))


def has_detail(app: OcnetviewApp) -> bool:
    """Claim that there is a row to say something of."""
    return bool(app.here.table.cursor)


def show_sources(app: OcnetviewApp) -> None:
    """Give the reasons of all sources in full."""
    app.push_screen(screens.sources_screen(app.model))


def show_help(app: OcnetviewApp, *, place: str = "") -> None:
    """Say what the keys do, in a screen or in the panes, and what the signs mean."""
    app.push_screen(screens.help_screen(app, place=place))


def pause(app: OcnetviewApp) -> None:
    """Hold the screen as it is, or let it go on."""
    app.paused = not app.paused


PACES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between two readings that can be chosen."""
FURTHER = {1: "less", -1: "more"}
"""What cannot be had after the last of them."""


def change_pace(app: OcnetviewApp, step: int) -> None:
    """Read more or less often, and say how often."""
    nearest = min(PACES, key=lambda seconds: abs(seconds - app.pace))
    place = PACES.index(nearest) + step
    app.pace = PACES[max(0, min(place, len(PACES) - 1))]
    limit = "" if 0 <= place < len(PACES) else f", not {FURTHER[step]} often"
    # One at a time: what was said of the pace before is no longer so.
    app.clear_notifications()
    app.notify(
        f"counters and processes are read every {app.pace:g} s{limit}", timeout=2
    )


def choose_theme(app: OcnetviewApp) -> None:
    """Offer all themes, each tried as the cursor is on it."""
    app.search_themes()


def leave(app: OcnetviewApp) -> None:
    """Leave; where there is a capture, what would be lost is asked about first."""
    if app.capturing.run is None:
        app.exit()
        return
    from ocnetview.tui.capture_flow import leave_app  # noqa: PLC0415 - start-up

    leave_app(app)


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
        "pause",
        "p",
        "Pause",
        "Hold the screen as it is; again: go on with what came meanwhile",
        PROGRAM,
        pause,
        shown=False,
    ),
    Command(
        "slower",
        "minus",
        "Slower",
        "Read counters and processes less often",
        PROGRAM,
        partial(change_pace, step=1),
        shown=False,
    ),
    Command(
        "faster",
        "plus",
        "Faster",
        "Read counters and processes more often",
        PROGRAM,
        partial(change_pace, step=-1),
        shown=False,
    ),
    Command(
        "theme",
        "T",
        "Theme",
        "Choose the colours: dark, light, high contrast, the terminal's own, none",
        PROGRAM,
        choose_theme,
        shown=False,
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
    Command("quit", "q", "Quit", "Leave ocnetview", PROGRAM, leave),
)
