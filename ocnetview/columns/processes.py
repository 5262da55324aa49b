"""The columns of processes."""

from __future__ import annotations

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


def _command(row: TreeProcess) -> str:
    """Return the command line as typed, or the kernel's name in brackets."""
    process = row.process
    return " ".join(process.command) if process.command else f"[{process.name}]"


PROCESS_COLUMNS: tuple[Column[TreeProcess], ...] = (
    Column(
        "pid",
        "PID",
        7,
        lambda r: r.process.pid,
        lambda r: str(r.process.pid),
        right=True,
    ),
    Column(
        "inner_pid",
        "INNER",
        6,
        lambda r: r.process.inner_pid,
        lambda r: str(r.process.inner_pid),
        right=True,
        rank=1,
    ),
    Column(
        "user",
        "USER",
        10,
        lambda r: r.process.user,
        lambda r: shown(r.process.user),
        rank=2,
    ),
    Column(
        "state", "S", 1, lambda r: r.process.state, lambda r: shown(r.process.state)
    ),
    Column(
        "cpu",
        "CPU%",
        5,
        lambda r: None if r.cpu is None else round(r.cpu, 1),
        lambda r: NOTHING if r.cpu is None else f"{r.cpu:.1f}",
        right=True,
        live=True,
    ),
    Column(
        "rss",
        "MEM",
        5,
        lambda r: r.process.rss,
        lambda r: memory(r.process.rss),
        right=True,
        measure=Measure.MEMORY,
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
        lambda r: shown(r.container),
        rank=2,
    ),
    Column(
        "command",
        "COMMAND",
        30,
        _command,
        lambda r: guides(r) + printable(_command(r)),
        grows=True,
    ),
)
