"""What a pane's rows are made of, searched and sorted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter
from typing import Protocol

from ocnetview.columns import Row as Subject
from ocnetview.match.trees import BLANK, Drawn, SortKey


@dataclass(frozen=True, slots=True)
class Order:
    """How rows are sorted."""

    column: str = ""
    """A column's key; empty for the rows' own order."""
    down: bool = False
    """Claims that the largest comes first."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """How the user wants the rows."""

    order: Order = Order()
    wanted: str = ""
    """What they are filtered by; empty for nothing."""
    searched: Collection[int] = ()
    """The numbers of the columns that are searched for it."""
    folds: Collection[str] = ()
    """Keys of the rows of a tree that are folded."""


class Lay(Protocol[Subject]):
    """Puts the rows where they belong: one below the other, or as a tree."""

    def __call__(  # noqa: PLR0913 - one a wish of the user
        self,
        subjects: Sequence[Subject],
        kept: Sequence[bool] | None,
        keys: Sequence[SortKey] | None,
        /,
        *,
        down: bool,
        adds: bool,
        folds: Collection[str],
    ) -> Sequence[Subject]:
        """Return what is to be shown, in order.

        Args:
            subjects: all rows in their own order.
            kept: for each whether the filter keeps it; None without a filter.
            keys: for each what it is sorted by; None for the rows' own order.
            down: claims that the largest comes first.
            adds: claims that what a tree is sorted by is a sum of what is below.
            folds: keys of the rows of a tree that are folded.
        """


def holds(texts: Iterable[str], wanted: str) -> bool:
    """Claim that a text holds what the filter wants, whatever the case."""
    return any(wanted in text.casefold() for text in texts)


def listed(  # noqa: PLR0913 - as above
    subjects: Sequence[Subject],
    kept: Sequence[bool] | None,
    keys: Sequence[SortKey] | None,
    *,
    down: bool,
    adds: bool = False,  # noqa: ARG001 - of a tree
    folds: Collection[str] = (),  # noqa: ARG001 - of a tree
) -> Sequence[Subject]:
    """Return those rows that are kept, one below the other, sorted by their keys."""
    if keys is None:
        return subjects if kept is None else list(compress(subjects, kept))
    if kept is None:
        return sort(subjects, keys, down=down)
    return sort(compress(subjects, kept), compress(keys, kept), down=down)


def sort(
    subjects: Iterable[Subject], keys: Iterable[SortKey], *, down: bool
) -> Sequence[Subject]:
    """Return subjects by their keys; equals keep their order, nothing stays last."""
    pairs = list(zip(subjects, keys, strict=True))
    known = [pair for pair in pairs if pair[1][0] != BLANK]
    known.sort(key=itemgetter(1), reverse=down)
    nothing = [subject for subject, key in pairs if key[0] == BLANK]
    return [subject for subject, _ in known] + nothing


def keys_of(rows: Sequence[Subject]) -> tuple[str, ...]:
    """Return what tells each row from all others, without making those of a tree."""
    return rows.keys if isinstance(rows, Drawn) else tuple(row.key for row in rows)


def wanted_of(rows: Sequence[Subject]) -> Iterable[Subject]:
    """Return those rows that a filter holds for, without what is there for them."""
    return rows.wanted if isinstance(rows, Drawn) else rows
