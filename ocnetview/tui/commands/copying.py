"""Taking along what is on the screen: to the clipboard, or to files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ocnetview.match.branches import container_of_branch, pod_of_branch
from ocnetview.tui import screens
from ocnetview.tui.commands.command import PROGRAM, ROWS, Command
from ocnetview.tui.selection import PaneId, Selection, process_of
from ocnetview.units import printable

if TYPE_CHECKING:
    from ocnetview.details.copies import Copy
    from ocnetview.details.recipes import Recipe
    from ocnetview.tui.app import OcnetviewApp


def choose_copy(app: OcnetviewApp) -> None:
    """Offer what can be copied of the row under the cursor."""
    app.follow()
    offer_copies(app, app.selected)


def has_row(app: OcnetviewApp) -> bool:
    """Claim that there is a row to copy something of."""
    return bool(app.here.table.cursor)


def offer_copies(
    app: OcnetviewApp, row: Selection, shown: str = "", made: Sequence[Recipe] = ()
) -> None:
    """Offer what is shown, and what can be copied of a row; copy what is chosen.

    `made` are the commands that show the same as the screen.
    """
    from ocnetview.details.copies import Copy  # noqa: PLC0415 - start-up
    from ocnetview.details.recipes import script  # noqa: PLC0415 - the same

    first = (Copy("all that is shown", shown),) if shown else ()
    lines = (Copy(f"the {len(made)} commands for it", script(made)),) if made else ()
    found = (*first, *lines, *copies_of(app, row))
    app.push_screen(screens.copy_screen(found), partial(_chosen, app))


def copies_of(app: OcnetviewApp, row: Selection) -> tuple[Copy, ...]:
    """Return what can be copied of a row: a port, a pod, a process or a branch."""
    from ocnetview.details.copies import copies  # noqa: PLC0415 - start-up

    model, key = app.model, row.key
    if row.pane is PaneId.PORTS:
        port = model.ports_by_key.get(key)
        pod = model.pods_by_key.get(port.pod) if port else None
        return copies(model, pod=pod, port=port)
    if row.pane is PaneId.PODS:
        return copies(model, pod=model.pods_by_key.get(key))
    of_pod, of_container = pod_of_branch(key), container_of_branch(key)
    wanted = process_of(key)
    process = next((one for one in model.processes if one.key == wanted), None)
    if process:
        of_pod, of_container = process.pod, process.process.container_id
    pod = model.pods_by_key.get(of_pod or "")
    members = pod.containers if pod else ()
    container = next((c for c in members if c.id == of_container), None)
    return copies(model, pod=pod, container=container, process=process)


def _chosen(app: OcnetviewApp, copy: Copy | None) -> None:
    """Copy what was chosen."""
    if copy:
        copy_text(app, copy)


def copy_text(app: OcnetviewApp, copy: Copy) -> None:
    """Copy a text by the terminal, and say what; one that is too long is only said."""
    from ocnetview.tui import clipboard  # noqa: PLC0415 - start-up

    text = clipboard.takeable(copy.text)
    length = f"{len(text)} characters"
    if clipboard.too_long(text):
        why = f"cannot copy {copy.what}: {length} are too long for a terminal"
        hint = "`ocnetview explain` and the other commands write to files"
        app.notify(f"{why}; {hint}", severity="error", markup=False)
        return
    app.copy_to_clipboard(text)
    advice = clipboard.advice(os.environ)
    app.notify(f"copied {copy.what}: {length}; {advice}", markup=False)


def save_screen(app: OcnetviewApp) -> None:
    """Write the screen as a picture and as text, and say where to, or why not."""
    from ocnetview.tui import saving  # noqa: PLC0415 - start-up

    folder = Path.cwd()
    svg, text = app.export_screenshot(title=app.TITLE), saving.screen_text(app)
    try:
        paths = saving.save(folder, saving.name_of_now(), svg=svg, txt=text)
    except OSError as error:
        where = error.filename or folder
        why = f"cannot save the screen as {where}: {error.strerror}"
        hint = "start ocnetview in a folder that you may write to"
        said = printable(f"{why} ({hint})")
        app.notify(said, severity="error", markup=False)
        return
    app.notify(f"saved {printable(' and '.join(map(str, paths)))}", markup=False)


COPYING = (
    Command(
        "copy",
        "y",
        "Copy",
        "Copy of the row: a name, a number, JSON, the commands that show it",
        ROWS,
        choose_copy,
        has_row,
        shown=False,
    ),
    Command(
        "save",
        "ctrl+s",
        "Save screen",
        "Save the screen as SVG and as text, where ocnetview was started",
        PROGRAM,
        save_screen,
        shown=False,
        first=True,
    ),
)
