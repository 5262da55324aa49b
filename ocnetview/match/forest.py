"""Rows of processes put below each other: children, threads, branches. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from ocnetview.match.branches import Place, place_of
from ocnetview.model import TreeProcess, TreeThread
from ocnetview.records import changed

NOBODY = -1
"""The number of the row above a root."""


class Forest(NamedTuple):
    """Rows, each with those below it, by their numbers."""

    rows: Sequence[TreeProcess]
    above: list[int]
    """The number of the row above each."""
    below: list[list[int]]
    """Without those that are not to be seen."""
    roots: list[int]
    walk: list[int]
    """All numbers, a row before those below it."""


def with_threads(rows: Iterable[TreeProcess]) -> tuple[TreeProcess, ...]:
    """Return the rows, and behind each one for every thread, if it has several."""
    return tuple(chain.from_iterable(map(_and_threads, rows)))


def _and_threads(row: TreeProcess) -> Iterator[TreeProcess]:
    yield row
    if len(row.threads) > 1:
        yield from (_thread_row(row, thread) for thread in row.threads)


def _thread_row(row: TreeProcess, thread: TreeThread) -> TreeProcess:
    """Return the row of a thread of this process."""
    return changed(
        row, thread=thread, cpu=thread.cpu, age=thread.age, threads=(), note=""
    )


def plant(rows: Sequence[TreeProcess]) -> Forest:
    """Return the rows below each other; one whose parent is not there is a root."""
    branches = {place_of(row): n for n, row in enumerate(rows) if row.branch}
    above = _above(rows, branches)
    below: list[list[int]] = [[] for _ in rows]
    roots: list[int] = []
    for number, parent in enumerate(above):
        (roots if parent == NOBODY else below[parent]).append(number)
    walk: list[int] = []
    seen = bytearray(len(rows))
    # After the roots, whatever two reads apart made a ring of: nothing is lost.
    for root in (*roots, *range(len(rows))):
        if seen[root]:
            continue
        if above[root] != NOBODY:
            below[above[root]].remove(root)
            above[root] = top = _branch_above(rows[root], branches)
            (roots if top == NOBODY else below[top]).append(root)
        pending = [root]
        while pending:
            number = pending.pop()
            seen[number] = True
            walk.append(number)
            pending += reversed(below[number])
    return Forest(rows, above, below, roots, walk)


def _above(rows: Sequence[TreeProcess], branches: Mapping[Place, int]) -> list[int]:
    """Return the number of the row above each, or that there is none.

    A thread is below its process, a container below its pod. A process is below its
    parent, where that is in the same container and not younger (else the pid is
    another's by now), else below its branch.
    """
    newest: dict[int, int] = {}
    for number, row in enumerate(rows):
        if not (row.branch or row.thread):
            other = newest.setdefault(row.process.pid, number)
            if rows[other].process.start_time < row.process.start_time:
                newest[row.process.pid] = number
    return [_parent(number, rows, branches, newest) for number in range(len(rows))]


def _parent(
    number: int,
    rows: Sequence[TreeProcess],
    branches: Mapping[Place, int],
    newest: Mapping[int, int],
) -> int:
    """Return the number of the row above this one."""
    row = rows[number]
    process, place = row.process, place_of(row)
    if row.branch:
        top = branches.get((row.pod, ""), NOBODY) if row.pod else NOBODY
        return NOBODY if top == number else top
    if row.thread:
        return newest.get(process.pid, NOBODY)
    parent = newest.get(process.ppid, NOBODY)
    if parent not in (NOBODY, number):
        other = rows[parent]
        older = other.process.start_time <= process.start_time
        if older and place_of(other) == place:
            return parent
    return _branch_above(row, branches)


def _branch_above(row: TreeProcess, branches: Mapping[Place, int]) -> int:
    """Return the number of the branch that a process is below of, if there is one."""
    return branches.get(place_of(row), branches.get((row.pod, ""), NOBODY))
