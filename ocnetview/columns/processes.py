"""The columns of processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ocnetview.columns.column import NOTHING, Column, shown
from ocnetview.columns.measures import Measure
from ocnetview.model import TreeProcess
from ocnetview.units import age, memory, printable


def guides(row: TreeProcess) -> str:
    """Return the lines that draw the row's place in the tree."""
    if not row.last:
        return ""
    *above, own = row.last
    trunk = "".join("  " if last else "│ " for last in above)
    return trunk + ("└─" if own else "├─")


FOLDED, UNFOLDED = "▸", "▾"
"""What stands before a row whose lower rows are out of sight, and before a branch."""
_SHORT = frozenset("ZX")
"""States of what has no command line any more: its name leaves room for the note."""


def _command(row: TreeProcess) -> str:
    """Return the command line as typed, or the kernel's name in brackets.

    A thread's name is in braces, as pstree has it.
    """
    if row.branch:
        return row.branch.title
    if row.thread:
        return f"{{{row.thread.thread.name}}}"
    process = row.process
    return " ".join(process.command) if process.command else f"[{process.name}]"


def _line(row: TreeProcess) -> str:
    """Return the row's place in the tree, what is folded, and the command."""
    said = printable(_command(row))
    if row.note and row.process.state in _SHORT:
        said = f"{said} {printable(row.note)}"
    elif row.note:
        said = f"{printable(row.note)} · {said}"
    if row.branch and row.below:
        some = "process" if row.below.processes == 1 else "processes"
        said = f"{said} · {row.below.processes} {some}"
    elif row.folded and row.below:
        said = f"+{row.below.processes} {said}"
    sign = FOLDED if row.folded else UNFOLDED if row.branch else ""
    return f"{guides(row)}{sign}{' ' if sign else ''}{said}"


def handle(row: TreeProcess) -> int:
    """Count the cells of the row's lines and sign, which fold what is below it.

    An unfolded process has no sign: the first letter, which the lines below lead to,
    is taken for it.
    """
    return len(guides(row)) + 1 if row.parent else 0


def _pid(row: TreeProcess) -> int | None:
    """Return the id of the row's process or thread; a branch has none."""
    if row.branch:
        return None
    return row.thread.thread.tid if row.thread else row.process.pid


def _inner_pid(row: TreeProcess) -> int | None:
    """Return the pid inside, of a process only."""
    return None if row.branch or row.thread else row.process.inner_pid


def _user(row: TreeProcess) -> str | None:
    """Return the user's name; a branch has none."""
    return None if row.branch else row.process.user


def _state(row: TreeProcess) -> str | None:
    """Return the letter of the state of the row's process or thread."""
    if row.branch:
        return None
    return row.thread.thread.state if row.thread else row.process.state


def _cpu(row: TreeProcess) -> float | None:
    """Return percent of one core, of all below where the row stands for that."""
    used = row.below.cpu if row.below else row.cpu
    return None if used is None else round(used, 1)


def _memory(row: TreeProcess) -> int | None:
    """Return resident bytes, of all below where the row stands for that."""
    if row.thread:
        return None
    return row.below.rss if row.below else row.process.rss


def _cell(
    value: Callable[[TreeProcess], object], text: Callable[[Any], str] = shown
) -> Callable[[TreeProcess], str]:
    """Return what gives a value as text; nothing for a row that has no such value."""

    def cell(row: TreeProcess) -> str:
        found = value(row)
        return "" if found is None else text(found)

    return cell


PROCESS_COLUMNS: tuple[Column[TreeProcess], ...] = (
    Column("pid", "PID", 7, _pid, _cell(_pid), right=True),
    Column("inner_pid", "INNER", 6, _inner_pid, _cell(_inner_pid), right=True, rank=1),
    Column("user", "USER", 10, _user, _cell(_user), rank=2),
    Column("state", "S", 1, _state, _cell(_state)),
    Column(
        "cpu",
        "CPU%",
        5,
        _cpu,
        lambda r: NOTHING if (used := _cpu(r)) is None else f"{used:.1f}",
        right=True,
        live=True,
        adds=True,
    ),
    Column(
        "rss",
        "MEM",
        5,
        _memory,
        _cell(_memory, memory),
        right=True,
        measure=Measure.MEMORY,
        adds=True,
    ),
    Column(
        "age",
        "AGE",
        5,
        lambda r: r.age,
        lambda r: age(r.age),
        right=True,
        measure=Measure.AGE,
        rank=3,
    ),
    Column(
        "container",
        "CONTAINER",
        14,
        lambda r: r.container,
        lambda r: "" if r.branch else shown(r.container),
        rank=2,
    ),
    Column("command", "COMMAND", 30, _command, _line, grows=True),
)
