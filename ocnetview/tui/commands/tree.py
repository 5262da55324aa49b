"""What is done to the tree of processes: how far it reaches, what of it is folded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ocnetview.model import TreeProcess
from ocnetview.tui import selection as chosen
from ocnetview.tui.commands.command import TREE, Command
from ocnetview.tui.panes.processes import foldable
from ocnetview.tui.selection import PaneId, Scope

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def is_here(app: OcnetviewApp) -> bool:
    """Claim that the user is in the tree."""
    return app.active is PaneId.PROCESSES


def _row(app: OcnetviewApp) -> TreeProcess | None:
    """Return the row under the cursor; None where there is none."""
    table = app.here.table
    subject = table.rows[table.place].subject if table.cursor else None
    return subject if isinstance(subject, TreeProcess) else None


def toggle(app: OcnetviewApp) -> None:
    """Fold the row under the cursor, or unfold it."""
    row = _row(app)
    if row and row.parent:
        app.here.folds ^= {row.key}
        app.follow()


def fold(app: OcnetviewApp) -> None:
    """Fold the row; one that has nothing to fold leads to the row above it."""
    row = _row(app)
    if row and row.parent and not row.folded:
        toggle(app)
    elif row:
        _go_up(app, row.depth)
        app.follow()


def _go_up(app: OcnetviewApp, depth: int) -> None:
    """Go to the nearest row above that is not as deep; stay where there is none."""
    table = app.here.table
    for one in (table.rows[n] for n in range(table.place - 1, -1, -1)):
        if isinstance(one.subject, TreeProcess) and one.subject.depth < depth:
            table.go_to(one.key)
            return


def unfold(app: OcnetviewApp) -> None:
    """Unfold the row; one that is unfolded leads to the first row below it."""
    row = _row(app)
    if row and row.folded:
        toggle(app)
    elif row and row.parent:
        app.here.table.action_move(1)


def fold_all(app: OcnetviewApp) -> None:
    """Fold everything, threads too; where everything is, unfold all.

    The cursor goes up to what its row is folded into.
    """
    pane = app.here
    every, row = foldable(pane.model, pane.scope), _row(app)
    if every <= pane.folds:
        pane.folds -= every
    else:
        if row and row.depth:
            _go_up(app, 1)
        pane.folds |= every
    app.follow()


def toggle_threads(app: OcnetviewApp) -> None:
    """Show the threads of the pod's processes, or no longer."""
    app.turn_to(replace(app.scope, threads=not app.scope.threads))


def widen(app: OcnetviewApp) -> None:
    """Show the tree of the pod, then that of the whole node, then the first again."""
    app.follow()
    key = app.selected.key
    if app.scope.whole:
        leave_node(app, chosen.into(app.model, app.scope, key))
    else:
        app.turn_to(chosen.wider(app.scope))


def leave_node(app: OcnetviewApp, scope: Scope) -> None:
    """Show the tree of a pod again: of a row without one, that of the pods' cursor."""
    pod = scope.pod or app.pane(PaneId.PODS).table.cursor
    app.turn_to(replace(scope, whole=False, pod=pod))


OF_TREE = (
    Command(
        "fold",
        "space",
        "Fold",
        "Fold what is below the process, or unfold it",
        TREE,
        toggle,
        is_here,
    ),
    Command(
        "fold_one",
        "left",
        "Fold one",
        "Fold; where nothing is to be folded, go to the row above",
        TREE,
        fold,
        is_here,
        shown=False,
    ),
    Command(
        "unfold_one",
        "right",
        "Unfold one",
        "Unfold; where nothing is folded, go to the row below",
        TREE,
        unfold,
        is_here,
        shown=False,
    ),
    Command(
        "fold_all",
        "z",
        "Fold all",
        "Fold the whole tree, or unfold it",
        TREE,
        fold_all,
        is_here,
        shown=False,
    ),
    Command(
        "threads",
        "t",
        "Threads",
        "The threads of the processes of this pod or container",
        TREE,
        toggle_threads,
        is_here,
        shown=False,
    ),
    Command(
        "reach",
        "w",
        "Whole node",
        "The tree of the container, of its pod, of the whole node",
        TREE,
        widen,
        is_here,
    ),
)
