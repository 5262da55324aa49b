"""What a pane's rows are made of, searched and sorted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter
from typing import Generic, Protocol, TypeVar

from ocnetview.columns import Column, Fields, Filter
from ocnetview.columns import Row as Subject
from ocnetview.model import NodeModel

_Made = TypeVar("_Made")
SortKey = tuple[int, float, str]
"""What a column's `sort_key` gives."""

BLANK = 2
"""The first part of a sort key that stands for nothing to show."""


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
    """The filter; empty for none."""
    seen: Sequence[str] = ()
    """The keys of the columns that a plain text of it is searched in."""


class Lay(Protocol[Subject]):
    """Puts the rows where they belong: one below the other, or as a tree."""

    def __call__(
        self,
        subjects: Sequence[Subject],
        kept: Sequence[bool] | None,
        keys: Sequence[SortKey] | None,
        *,
        down: bool,
    ) -> Sequence[Subject]:
        """Return what is to be shown, in order.

        Args:
            subjects: all rows in their own order.
            kept: for each whether the filter keeps it; None without a filter.
            keys: for each what it is sorted by; None for the rows' own order.
            down: claims that the largest comes first.
        """


class Each(Generic[Subject, _Made]):
    """What a function makes of each row, kept while the row is the same object.

    Of one model to the next hardly any row is another.
    """

    def __init__(self, make: Callable[[Subject], _Made]) -> None:
        """Take the function."""
        self._make: Callable[[Subject], _Made] = make
        self._made: Mapping[int, tuple[Subject, _Made]] = {}
        """By identity, which is a row's alone as long as the row is kept here."""

    def __call__(self, subjects: Iterable[Subject]) -> list[_Made]:
        """Return what is made of these; what was made of others is forgotten."""
        before, made = self._made, dict[int, tuple[Subject, _Made]]()
        found: list[_Made] = []
        for subject in subjects:
            one = before.get(id(subject)) or (subject, self._make(subject))
            made[id(subject)] = one
            found.append(one[1])
        self._made = made
        return found


class Arranging(Generic[Subject]):
    """Filters and sorts the rows of a pane; looks only at those that are new."""

    def __init__(
        self,
        columns: Sequence[Column[Subject]],
        fields: Fields[Subject],
        lay: Lay[Subject],
    ) -> None:
        """Take the columns, what a filter can name, and what lays the rows out."""
        self._columns: Sequence[Column[Subject]] = columns
        self._fields: Fields[Subject] = fields
        self._lay: Lay[Subject] = lay
        self._model = NodeModel()
        self._begin(Arranged())

    def __call__(
        self, subjects: Sequence[Subject], model: NodeModel, arranged: Arranged
    ) -> Sequence[Subject]:
        """Return those of the subjects that are wanted, in the order that is wanted."""
        if arranged != self._arranged:
            self._begin(arranged)
        elif model is not self._model and not self._filter.alone:
            self._keeps: Each[Subject, bool] = Each(self._is_kept)
        self._model = model
        kept = self._keeps(subjects) if arranged.wanted else None
        keys = self._keys(subjects) if self._column else None
        return self._lay(subjects, kept, keys, down=arranged.order.down)

    def _begin(self, arranged: Arranged) -> None:
        """Arrange rows in another way from now on."""
        key = arranged.order.column
        self._arranged = arranged
        self._column: Column[Subject] | None = next(
            (c for c in self._columns if c.key == key), None
        )
        self._seen: Sequence[Column[Subject]] = [
            c for c in self._columns if c.key in arranged.seen
        ]
        self._filter: Filter[Subject] = self._fields.read(arranged.wanted)
        self._keeps = Each(self._is_kept)
        key_of = self._column.sort_key if self._column else _no_key
        self._keys: Each[Subject, SortKey] = Each(key_of)

    def _is_kept(self, subject: Subject) -> bool:
        """Claim that the filter keeps a row."""
        return self._filter.keeps(subject, self._model, self._seen)


def _no_key(_: object) -> SortKey:
    """Return what sorts nothing."""
    return (BLANK, 0.0, "")


def listed(
    subjects: Sequence[Subject],
    kept: Sequence[bool] | None,
    keys: Sequence[SortKey] | None,
    *,
    down: bool,
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
