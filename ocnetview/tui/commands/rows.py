"""What is done to the rows of the pane that the user is in."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ocnetview.errors import ConfigError
from ocnetview.tui import screens
from ocnetview.tui import selection as chosen
from ocnetview.tui.commands.command import ROWS, Command
from ocnetview.tui.selection import PaneId
from ocnetview.units import printable

if TYPE_CHECKING:
    from ocnetview.config_file import Tables
    from ocnetview.tui.app import OcnetviewApp


def type_filter(app: OcnetviewApp) -> None:
    """Type a filter for the pane."""
    pane = app.here
    caption = f"Filter {pane.lens.noun}:"
    app.filter_bar.open(caption, pane.wanted, pane.completions)


def can_type_filter(app: OcnetviewApp) -> bool:
    """Claim that no filter is being typed."""
    return not app.filter_bar.is_open


def choose_columns(app: OcnetviewApp) -> None:
    """Choose the columns of the pane."""
    app.push_screen(screens.columns_screen(app.here))


def keep_view(app: OcnetviewApp) -> None:
    """Ask whether to keep the views of all panes, and write them into the file."""
    path = app.views.file
    if path is None:
        why = "cannot keep the view: there is no home for a file; name one by --config"
        app.notify(why, severity="error", markup=False)
        return
    views = {pane: app.pane(pane).view for pane in PaneId}
    app.push_screen(screens.keep_screen(views, path), partial(_write, app, path))


def _write(app: OcnetviewApp, path: Path, tables: Tables | None) -> None:
    """Write what was agreed to, and say where, or why not."""
    from ocnetview.config_file import write_tables  # noqa: PLC0415 - start-up

    if tables is None:
        return
    try:
        write_tables(path, tables)
    except ConfigError as error:
        app.notify(printable(str(error)), severity="error", markup=False)
    else:
        app.notify(f"kept in {printable(str(path))}", markup=False)


def next_bridge(app: OcnetviewApp, step: int) -> None:
    """Show the bridge this many further on."""
    app.turn_to(chosen.next_bridge(app.model, app.scope, step))


def has_bridges(app: OcnetviewApp) -> bool:
    """Claim that there is another bridge to show."""
    return len(app.model.bridges) > 1


def next_container(app: OcnetviewApp) -> None:
    """Show the next container's processes, after the last one all."""
    app.follow()
    app.turn_to(chosen.next_container(app.model, app.scope))


def has_containers(app: OcnetviewApp) -> bool:
    """Claim that the pod has containers to be shown one by one."""
    return chosen.can_narrow(app.model, app.scope)


OF_ROWS = (
    Command(
        "filter",
        "slash",
        "Filter",
        "Show only the rows that hold what you type",
        ROWS,
        type_filter,
        can_type_filter,
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
        "columns",
        "C",
        "Columns",
        "Which columns the pane shows, in which order, and what sorts it",
        ROWS,
        choose_columns,
        shown=False,
    ),
    Command(
        "keep",
        "K",
        "Keep view",
        "Keep columns and order of all panes in the settings file",
        ROWS,
        keep_view,
        shown=False,
    ),
    Command(
        "bridge",
        "b",
        "Bridge",
        "Show the next bridge",
        ROWS,
        partial(next_bridge, step=1),
        has_bridges,
        shown=False,
    ),
    Command(
        "previous_bridge",
        "B",
        "Previous bridge",
        "Show the bridge before",
        ROWS,
        partial(next_bridge, step=-1),
        has_bridges,
        shown=False,
    ),
    Command(
        "container",
        "o",
        "Container",
        "Only the next container's processes, then all",
        ROWS,
        next_container,
        has_containers,
    ),
)
