"""How the user comes from a row to its packets, and away from them again."""

from __future__ import annotations

import re
import time
from functools import partial
from typing import TYPE_CHECKING

from ocnetview.details.recipes.capture import capture_recipes
from ocnetview.tui import screens
from ocnetview.tui.behind import behind
from ocnetview.tui.commands.copying import offer_copies
from ocnetview.tui.screens.answer import Answer
from ocnetview.units import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocnetview.facts.packets import CaptureOrder
    from ocnetview.tui.app import OcnetviewApp
    from ocnetview.tui.capture_run import Run
    from ocnetview.tui.selection import Selection

LEAVE, NEW, SAVE = "leave", "new", "save"
"""What the user may want of a capture on its screen."""
KEEP, STOP, END = "keep", "stop", "end"
"""What can become of it: let it be, stop it, forget it."""
_UNFIT = re.compile(r"[^A-Za-z0-9.]+")
"""What is not taken into the name of a file."""


def set_up(app: OcnetviewApp) -> None:
    """Set up a capture of the row."""
    _open_setup(app, behind(app.selected))


def _open_setup(app: OcnetviewApp, row: Selection, *, again: bool = False) -> None:
    """Open the setup of a capture of a row; `again` with the same filter."""
    copy = partial(_copy, app, row)
    screen = screens.setup_screen(app, row, copy, again=again)
    app.push_screen(screen, partial(_begun, app))


def _begun(app: OcnetviewApp, began: bool | None) -> None:  # noqa: FBT001 - the screen's result
    """Show the packets of a capture that began."""
    if began:
        show_capture(app)


def show_capture(app: OcnetviewApp) -> None:
    """Show the packets of the capture that there is."""
    run = app.capturing.run
    if run:
        copy = partial(_copy, app, run.selected, run.order)
        app.push_screen(screens.capture_screen(app, run, partial(_do, app), copy))


def _copy(
    app: OcnetviewApp, row: Selection, order: CaptureOrder, shown: str = ""
) -> None:
    """Offer what is shown, and the commands that capture the same."""
    offer_copies(app, row, shown, capture_recipes(app.model, order))


def _do(app: OcnetviewApp, what: str) -> None:
    """Do with the capture what the user wants, from its screen."""
    run = app.capturing.run
    if run is None:
        app.pop_screen()
    elif what == SAVE:
        save(app, run)
    elif what == LEAVE:
        _leave(app, run)
    else:
        _renew(app, run)


def _leave(app: OcnetviewApp, run: Run) -> None:
    """Go back to the panes, once it is clear what becomes of the capture."""
    if app.capturing.at_risk:
        answers = _while_running(run) if not run.is_over else _unsaved("forget them")
        _ask(app, "Leave the capture", run, answers, partial(_left, app, run))
    else:
        _left(app, run, END)


def _left(app: OcnetviewApp, run: Run, answer: str) -> None:
    """Do what was answered on leaving."""
    if answer == SAVE:
        save(app, run, partial(_left, app, run, END))
    elif answer == STOP:
        run.stop()
        app.capturing.tell()
    elif answer in (KEEP, END):
        app.pop_screen()
        if answer == END:
            app.capturing.leave()


def _renew(app: OcnetviewApp, run: Run) -> None:
    """Set up another capture, once this one is over and saved or not wanted."""
    if not run.is_over:
        app.notify("stop this capture first: x", markup=False)
    elif run.unsaved:
        answers = _unsaved("forget them, and begin another capture")
        _ask(app, "Another capture", run, answers, partial(_renewed, app, run))
    else:
        _renewed(app, run, END)


def _renewed(app: OcnetviewApp, run: Run, answer: str) -> None:
    """Do what was answered before another capture."""
    if answer == SAVE:
        save(app, run, partial(_renewed, app, run, END))
    elif answer in (KEEP, END):
        _left(app, run, answer)
        if answer == END:
            _open_setup(app, run.selected, again=True)


def leave_app(app: OcnetviewApp) -> None:
    """End it all, unless a capture would be lost: then ask."""
    run = app.capturing.run
    if run is None or not app.capturing.at_risk:
        app.exit()
        return
    in_file = bool(run.order.file)
    answers = [Answer("x", END, "stop the capture and quit; its file is complete")]
    if not in_file:
        answers = [
            Answer("w", SAVE, "stop, save the packets in a file, and quit"),
            Answer("d", END, "quit without the packets"),
        ]
    _ask(app, "Quit", run, answers, partial(_quit, app, run))


def _quit(app: OcnetviewApp, run: Run, answer: str) -> None:
    """Do what was answered before the end."""
    if answer == SAVE:
        run.stop()
        save(app, run, app.exit)
    elif answer == END:
        app.exit()


def _while_running(run: Run) -> Sequence[Answer]:
    """Return what can become of a capture that runs."""
    forget = "its file stays" if run.order.file else "forget its packets"
    return (
        Answer("k", KEEP, "keep it running behind the panes; c comes back to it"),
        Answer("x", STOP, "stop it, and stay here with what it has"),
        Answer("d", END, f"stop it and leave; {forget}"),
    )


def _unsaved(forget: str) -> Sequence[Answer]:
    """Return what can become of packets that are only in memory."""
    return (
        Answer("w", SAVE, "save them in a file"),
        Answer("k", KEEP, "keep them in memory, behind the panes; c comes back"),
        Answer("d", END, forget),
    )


def _ask(
    app: OcnetviewApp,
    title: str,
    run: Run,
    answers: Sequence[Answer],
    then: Callable[[str], None],
) -> None:
    """Ask what becomes of a capture."""
    total = counted(run.captured.total, "packet")
    where = "in a file" if run.order.file else "only in memory"
    asked = f"A capture of {run.title} {'is over' if run.is_over else 'runs'}:"
    asked += f" {total}, {where}."

    def answered(answer: str | None) -> None:
        then(answer or "")

    app.push_screen(screens.ask_screen(title, asked, answers), answered)


def save(app: OcnetviewApp, run: Run, then: Callable[[], object] | None = None) -> None:
    """Save what is kept in memory where the user says, then do something."""
    if run.order.file:
        app.notify(f"the packets are in {printable(run.order.file)}", markup=False)
        return

    def saved(path: str | None) -> None:
        if path:
            app.capturing.tell()
            app.notify(f"saved in {printable(path)}", markup=False)
            if then:
                then()

    what = f"the packets of {run.title}"
    app.push_screen(screens.save_screen(what, default_path(run), run.saver), saved)


def default_path(run: Run) -> str:
    """Return a name for the file, of whose packets they are and when it began."""
    spot = run.order.spots[0]
    whose = _UNFIT.sub("-", spot.owner or spot.ifname).strip("-")
    when = time.strftime("%Y%m%d-%H%M%S", time.localtime(run.begun))
    return f"./ocnetview-{whose}-{when}.pcapng"
