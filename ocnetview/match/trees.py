"""Trees as they are drawn: folded, searched, sorted, with branches and threads. Pure.

Rows come as the model has them, parents before children. Of each is noted by its
number what it is below; then siblings are ordered, and what is in sight is walked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocnetview.match.branches import grow_branches
from ocnetview.model import Below, Pod, TreeProcess, TreeThread
from ocnetview.records import changed

SortKey = tuple[int, float, str]
BLANK = 2
"""The first part of a sort key that stands for nothing to show."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the user wants the trees."""

    folds: Collection[str] = ()
    """Keys of the rows that are folded."""
    found: Callable[[TreeProcess], bool] | None = None
    """Claims that a row is searched for; None where all are shown."""
    order: Callable[[TreeProcess, Below], SortKey] | None = None
    """What siblings are sorted by, told what is below each; None for their age."""
    down: bool = False
    threads: bool = False


class Forest:
    """Rows, each with those below it, by their numbers."""

    def __init__(self) -> None:
        self.rows: list[TreeProcess] = []
        self.below: list[list[int]] = []
        self.roots: list[int] = []

    def add(self, row: TreeProcess, above: int | None) -> int:
        """Add a row below another one; return its number."""
        number = len(self.rows)
        self.rows.append(row)
        self.below.append([])
        (self.roots if above is None else self.below[above]).append(number)
        return number

    def walk(self) -> list[int]:
        """Return all numbers, a row before those below it."""
        found: list[int] = []
        pending = self.roots[::-1]
        while pending:
            number = pending.pop()
            found.append(number)
            pending += reversed(self.below[number])
        return found


def draw_trees(
    rows: Sequence[TreeProcess], wish: Wish, pods: Mapping[str, Pod] | None = None
) -> Sequence[TreeProcess]:
    """Return the rows that are in sight, each at its level.

    Siblings are sorted by a column, CPU and memory by the sum of all that is below;
    the tree stays a tree. What is found is shown with all that it is below of, which
    is then `aside`, whatever is folded. With `pods` it is the tree of the node: its
    pods and their containers are branches.
    """
    forest = _planted(rows, pods, threads=wish.threads)
    walk = forest.walk()
    sums = _summed(forest, walk)
    hits = _hits(forest, walk, wish)
    if wish.order:
        _sort(forest, sums, wish.order, down=wish.down)
    return tuple(_drawn(forest, sums, hits, wish))


def folding(
    rows: Sequence[TreeProcess], pods: Mapping[str, Pod] | None = None
) -> frozenset[str]:
    """Return the keys of all rows that can be folded."""
    forest = _planted(rows, pods, threads=False)
    return frozenset(
        row.key for row, below in zip(forest.rows, forest.below, strict=True) if below
    )


def _planted(
    rows: Sequence[TreeProcess], pods: Mapping[str, Pod] | None, *, threads: bool
) -> Forest:
    """Return the rows below each other; one whose parent is not there is a root."""
    forest = Forest()
    parents = _parents(rows)
    branches = {} if pods is None else grow_branches(rows, pods, forest.add)
    numbers: dict[int, int] = {}
    below: dict[int, list[int]] = {}
    for place, parent in enumerate(parents):
        below.setdefault(parent, []).append(place)
    seen: set[int] = set()
    # After the roots, whatever two reads apart made a ring of: nothing is lost.
    for root in (*below.get(-1, ()), *range(len(rows))):
        pending = [] if root in seen else [root]
        while pending:
            place = pending.pop()
            seen.add(place)
            row, above = rows[place], numbers.get(parents[place])
            if above is None:
                above = branches.get((row.pod, row.process.container_id))
            numbers[place] = number = forest.add(row, above)
            if threads and len(row.threads) > 1:
                for thread in row.threads:
                    forest.add(_thread_row(row, thread), number)
            pending += [p for p in reversed(below.get(place, ())) if p not in seen]
    return forest


def _thread_row(row: TreeProcess, thread: TreeThread) -> TreeProcess:
    """Return the row of a thread of this process."""
    return changed(
        row, thread=thread, cpu=thread.cpu, age=thread.age, threads=(), note=""
    )


def _parents(rows: Sequence[TreeProcess]) -> list[int]:
    """Return the place of each row's parent, -1 where that is not among them.

    The parent is in the same container, and not younger: else its pid is another's.
    """
    places: dict[int, int] = {}
    for place, row in enumerate(rows):
        other = places.get(row.process.pid)
        if other is None or rows[other].process.start_time <= row.process.start_time:
            places[row.process.pid] = place
    found = []
    for place, row in enumerate(rows):
        parent = places.get(row.process.ppid, -1)
        if parent >= 0:
            above = rows[parent]
            if (
                parent == place
                or above.process.start_time > row.process.start_time
                or above.process.container_id != row.process.container_id
                or above.pod != row.pod
            ):
                parent = -1
        found.append(parent)
    return found


def _summed(forest: Forest, walk: Iterable[int]) -> list[Below]:
    """Return the sums of each row with all below it."""
    counts = [0] * len(forest.rows)
    cpus: list[float | None] = [None] * len(forest.rows)
    sizes = [0] * len(forest.rows)
    for number in reversed(tuple(walk)):
        row = forest.rows[number]
        if not (row.thread or row.branch):
            cpus[number] = _plus(cpus[number], row.cpu)
            sizes[number] += row.process.rss
        for below in forest.below[number]:
            one = forest.rows[below]
            if not one.thread:
                counts[number] += counts[below] + (not one.branch)
                cpus[number] = _plus(cpus[number], cpus[below])
                sizes[number] += sizes[below]
    return list(map(Below, counts, cpus, sizes))


def _plus(one: float | None, other: float | None) -> float | None:
    """Return the sum of what is known."""
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _hits(forest: Forest, walk: Sequence[int], wish: Wish) -> list[bool | None]:
    """Return of each row whether it is found, or only above one that is, or neither."""
    if wish.found is None:
        return [True] * len(forest.rows)
    hits: list[bool | None] = [wish.found(row) or None for row in forest.rows]
    for number in reversed(walk):
        below = forest.below[number]
        if hits[number] is None and any(hits[one] is not None for one in below):
            hits[number] = False
    return hits


def _sort(
    forest: Forest,
    sums: Sequence[Below],
    order: Callable[[TreeProcess, Below], SortKey],
    *,
    down: bool,
) -> None:
    """Order all siblings; equals keep their order, nothing stays last."""
    keys = [order(row, sums[number]) for number, row in enumerate(forest.rows)]
    for siblings in (forest.roots, *forest.below):
        if len(siblings) > 1:
            known = [n for n in siblings if keys[n][0] != BLANK]
            blank = [n for n in siblings if keys[n][0] == BLANK]
            known.sort(key=keys.__getitem__, reverse=down)
            # What a process does itself stands before what it started.
            siblings[:] = sorted(known + blank, key=lambda n: not forest.rows[n].thread)


def _drawn(
    forest: Forest, sums: Sequence[Below], hits: Sequence[bool | None], wish: Wish
) -> Iterator[TreeProcess]:
    """Yield the rows in sight, told where they stand and what they stand for."""
    searched = wish.found is not None
    pending: list[tuple[int, tuple[bool, ...]]] = []
    _push(pending, [n for n in forest.roots if hits[n] is not None], None)
    while pending:
        number, last = pending.pop()
        row, below = forest.rows[number], forest.below[number]
        folded = bool(below) and not searched and row.key in wish.folds
        aside = hits[number] is False
        whole = sums[number] if folded or row.branch else None
        told = (len(last), last, whole, bool(below), folded, aside)
        was = (row.depth, row.last, row.below, row.parent, row.folded, row.aside)
        if told != was:
            row = changed(
                row,
                depth=len(last),
                last=last,
                below=whole,
                parent=bool(below),
                folded=folded,
                aside=aside,
            )
        yield row
        if not folded:
            _push(pending, [n for n in below if hits[n] is not None], last)


def _push(
    pending: list[tuple[int, tuple[bool, ...]]],
    siblings: Sequence[int],
    above: tuple[bool, ...] | None,
) -> None:
    """Add siblings to what is to be drawn next; roots have no line that leads there."""
    end = len(siblings) - 1
    pending += [
        (siblings[at], () if above is None else (*above, at == end))
        for at in range(end, -1, -1)
    ]
