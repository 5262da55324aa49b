"""Trees as they are drawn: folded, searched, sorted, with branches and threads. Pure.

Each row is put below the one it belongs to, by their numbers; then siblings are
ordered, and what is in sight is walked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, overload

from ocnetview.match.branches import Place, place_of
from ocnetview.model import Below, TreeProcess, TreeThread
from ocnetview.records import changed

SortKey = tuple[int, float, str]
BLANK = 2
"""The first part of a sort key that stands for nothing to show."""
_NOBODY = -1


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


def draw_trees(  # noqa: PLR0913 - one a wish of the user
    rows: Sequence[TreeProcess],
    kept: Sequence[bool] | None = None,
    keys: Sequence[SortKey] | None = None,
    *,
    down: bool = False,
    adds: bool = False,
    folds: Collection[str] = (),
) -> Drawn:
    """Return the rows that are in sight, each at its level.

    Args:
        rows: processes in their own order, branches and threads among them.
        kept: for each whether it was searched for; what it is below of is shown too,
            `aside`, whatever is folded. None without a search.
        keys: for each what it is sorted by, among its siblings: it stays a tree.
        down: claims that the largest comes first.
        adds: claims that a row is sorted by the sum of all that is below it.
        folds: keys of the rows whose lower rows are out of sight.
    """
    forest = _plant(rows)
    if keys:
        keys = _added(forest, keys) if adds else keys
        _sort(forest, keys, down=down)
    if kept is not None:
        _prune(forest, kept)
        folds = ()
    return Drawn(forest, _in_sight(forest, folds), kept, folds)


def _plant(rows: Sequence[TreeProcess]) -> Forest:
    """Return the rows below each other; one whose parent is not there is a root."""
    above = _above(rows)
    below: list[list[int]] = [[] for _ in rows]
    roots: list[int] = []
    for number, parent in enumerate(above):
        (roots if parent == _NOBODY else below[parent]).append(number)
    walk: list[int] = []
    seen = bytearray(len(rows))
    # After the roots, whatever two reads apart made a ring of: nothing is lost.
    for root in (*roots, *range(len(rows))):
        if seen[root]:
            continue
        if above[root] != _NOBODY:
            below[above[root]].remove(root)
            above[root] = _NOBODY
            roots.append(root)
        pending = [root]
        while pending:
            number = pending.pop()
            seen[number] = True
            walk.append(number)
            pending += reversed(below[number])
    return Forest(rows, above, below, roots, walk)


def _above(rows: Sequence[TreeProcess]) -> list[int]:
    """Return the number of the row above each, or that there is none.

    A thread is below its process, a container below its pod. A process is below its
    parent, where that is in the same container and not younger (else the pid is
    another's by now), else below its branch.
    """
    branches = {place_of(row): n for n, row in enumerate(rows) if row.branch}
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
        top = branches.get((row.pod, ""), _NOBODY) if row.pod else _NOBODY
        return _NOBODY if top == number else top
    if row.thread:
        return newest.get(process.pid, _NOBODY)
    parent = newest.get(process.ppid, _NOBODY)
    if parent not in (_NOBODY, number):
        other = rows[parent]
        older = other.process.start_time <= process.start_time
        if older and place_of(other) == place:
            return parent
    return branches.get(place, branches.get((row.pod, ""), _NOBODY))


def _added(forest: Forest, keys: Sequence[SortKey]) -> Sequence[SortKey]:
    """Return keys with the sums of all below; threads are counted in their process."""
    added = list(keys)
    for number in reversed(forest.walk):
        row = forest.rows[number]
        if row.thread:
            continue
        some = [added[n] for n in forest.below[number] if not forest.rows[n].thread]
        if not row.branch:
            some.append(keys[number])
        known = [key[1] for key in some if key[0] != BLANK]
        added[number] = (0, sum(known), "") if known else (BLANK, 0.0, "")
    return added


def _sort(forest: Forest, keys: Sequence[SortKey], *, down: bool) -> None:
    """Order all siblings; equals keep their order, nothing stays last.

    What a process does itself, in its threads, stands before what it started.
    """
    for siblings in (forest.roots, *forest.below):
        if len(siblings) > 1:
            known = [n for n in siblings if keys[n][0] != BLANK]
            blank = [n for n in siblings if keys[n][0] == BLANK]
            known.sort(key=keys.__getitem__, reverse=down)
            siblings[:] = known + blank
            siblings.sort(key=lambda number: not forest.rows[number].thread)


def _prune(forest: Forest, kept: Sequence[bool]) -> None:
    """Leave out what was not searched for, nor is above what was."""
    seen = list(kept)
    for number in reversed(forest.walk):
        below = forest.below[number]
        below[:] = [one for one in below if seen[one]]
        seen[number] = kept[number] or bool(below)
    forest.roots[:] = [root for root in forest.roots if seen[root]]
    forest.walk[:] = [number for number in forest.walk if seen[number]]


def _in_sight(
    forest: Forest, folds: Collection[str]
) -> Sequence[tuple[int, tuple[bool, ...]]]:
    """Return the rows that are not folded away, each with the lines that lead to it."""
    found: list[tuple[int, tuple[bool, ...]]] = []
    pending: list[tuple[int, tuple[bool, ...]]] = [(n, ()) for n in forest.roots[::-1]]
    while pending:
        number, last = one = pending.pop()
        found.append(one)
        below = forest.below[number]
        if below and not (folds and forest.rows[number].key in folds):
            more = (*last, False)
            pending.append((below[-1], (*last, True)))
            pending += [(child, more) for child in below[-2::-1]]
    return found


class Drawn(Sequence[TreeProcess]):
    """The rows of trees that are in sight, each made only when it is looked at.

    Of thousands a screen shows some tens.
    """

    def __init__(
        self,
        forest: Forest,
        sight: Sequence[tuple[int, tuple[bool, ...]]],
        kept: Sequence[bool] | None,
        folds: Collection[str],
    ) -> None:
        """Take the trees, and the numbers of those in sight with their lines."""
        self._forest = forest
        self._sight = sight
        self._kept = kept
        self._folds = folds
        self._sums: Sequence[Below] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return what tells each row from all others."""
        rows = self._forest.rows
        return tuple(rows[number].key for number, _ in self._sight)

    def __len__(self) -> int:
        """Return how many rows are in sight."""
        return len(self._sight)

    @overload
    def __getitem__(self, place: int) -> TreeProcess: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[TreeProcess]: ...
    def __getitem__(self, place: int | slice) -> TreeProcess | Sequence[TreeProcess]:
        """Return the row at this place, told where it stands and what it stands for."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        number, last = self._sight[place]
        row = self._forest.rows[number]
        parent = bool(self._forest.below[number])
        folded = parent and row.key in self._folds
        if (folded or row.branch) and not self._sums:
            self._sums = _summed(self._forest)
        return changed(
            row,
            depth=len(last),
            last=last,
            below=self._sums[number] if folded or row.branch else None,
            parent=parent,
            folded=folded,
            aside=self._kept is not None and not self._kept[number],
        )


def _summed(forest: Forest) -> Sequence[Below]:
    """Return of each row what it and all below it take, and how many are below it."""
    size = len(forest.rows)
    counts, sizes = [0] * size, [0] * size
    used: list[float | None] = [None] * size
    for number in reversed(forest.walk):
        row, above = forest.rows[number], forest.above[number]
        if row.thread:
            continue
        if not row.branch:
            sizes[number] += row.process.rss
            used[number] = _plus(used[number], row.cpu)
        if above != _NOBODY:
            counts[above] += counts[number] + (not row.branch)
            sizes[above] += sizes[number]
            used[above] = _plus(used[above], used[number])
    return list(map(Below, counts, used, sizes))


def _plus(one: float | None, other: float | None) -> float | None:
    """Return the sum of what is known."""
    if one is None or other is None:
        return other if one is None else one
    return one + other
