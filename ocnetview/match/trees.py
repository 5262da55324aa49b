"""Trees as they are drawn: folded, searched, sorted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import overload

from ocnetview.match.forest import NOBODY, Forest, plant
from ocnetview.model import Below, TreeProcess
from ocnetview.records import changed

SortKey = tuple[int, float, str]
BLANK = 2
"""The first part of a sort key that stands for nothing to show."""


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
            `aside`, whatever is folded, and all that is below a branch. None without
            a search.
        keys: for each what it is sorted by, among its siblings: it stays a tree.
        down: claims that the largest comes first.
        adds: claims that a row is sorted by the sum of all that is below it.
        folds: keys of the rows whose lower rows are out of sight.
    """
    forest = plant(rows)
    if keys:
        keys = _added(forest, keys) if adds else keys
        _sort(forest, keys, down=down)
    if kept is not None:
        kept = _with_branches(forest, kept)
        _prune(forest, kept)
        folds = ()
    return Drawn(forest, _in_sight(forest, folds), kept, folds)


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


def _with_branches(forest: Forest, kept: Sequence[bool]) -> Sequence[bool]:
    """Return what was searched for with all that is below a branch that was."""
    wanted = list(kept)
    inside = [False] * len(wanted)
    for number in forest.walk:
        above = forest.above[number]
        if above != NOBODY:
            found = kept[above] and forest.rows[above].branch is not None
            inside[number] = inside[above] or found
            wanted[number] = wanted[number] or inside[number]
    return wanted


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

    @property
    def wanted(self) -> Iterator[TreeProcess]:
        """Yield the rows in sight that are so for their own sake, as they came."""
        for number, _ in self._sight:
            if self._kept is None or self._kept[number]:
                yield self._forest.rows[number]

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
        if above != NOBODY:
            counts[above] += counts[number] + (not row.branch)
            sizes[above] += sizes[number]
            used[above] = _plus(used[above], used[number])
    return list(map(Below, counts, used, sizes))


def _plus(one: float | None, other: float | None) -> float | None:
    """Return the sum of what is known."""
    if one is None or other is None:
        return other if one is None else one
    return one + other
