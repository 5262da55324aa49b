"""What a pane's rows are made of, searched and sorted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, TypeVar

from ocnetview.columns import Column
from ocnetview.columns import Row as Subject

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
    """What they are filtered by; empty for nothing."""
    searched: Collection[int] = ()
    """The numbers of the columns that are searched for it."""


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
        self, columns: Sequence[Column[Subject]], flat: Callable[[Subject], Subject]
    ) -> None:
        """Take the columns, and what takes away what only makes sense unsorted."""
        self._columns: Sequence[Column[Subject]] = columns
        self._flat: Each[Subject, Subject] = Each(flat)
        self._begin(Arranged())

    def __call__(
        self, subjects: Sequence[Subject], arranged: Arranged
    ) -> Sequence[Subject]:
        """Return those of the subjects that are wanted, in the order that is wanted."""
        if arranged != self._arranged:
            self._begin(arranged)
        wanted, column = arranged.wanted.casefold(), self._column
        if column or wanted:
            subjects = self._flat(subjects)
        if wanted:
            texts = zip(subjects, self._texts(subjects), strict=True)
            subjects = [subject for subject, some in texts if holds(some, wanted)]
        if column:
            subjects = sort(subjects, self._keys(subjects), down=arranged.order.down)
        return subjects

    def _begin(self, arranged: Arranged) -> None:
        """Arrange rows in another way from now on."""
        key = arranged.order.column
        self._arranged = arranged
        self._column: Column[Subject] | None = next(
            (c for c in self._columns if c.key == key), None
        )
        self._texts: Each[Subject, Sequence[str]] = Each(self._searched)
        key_of = self._column.sort_key if self._column else _no_key
        self._keys: Each[Subject, SortKey] = Each(key_of)

    def _searched(self, subject: Subject) -> Sequence[str]:
        """Return the texts that are searched, whatever their case."""
        some = [c for i, c in enumerate(self._columns) if i in self._arranged.searched]
        return [column.text(subject).casefold() for column in some]


def _no_key(_: object) -> SortKey:
    """Return what sorts nothing."""
    return (BLANK, 0.0, "")


def holds(texts: Iterable[str], wanted: str) -> bool:
    """Claim that a text holds what the filter wants, whatever the case."""
    return any(wanted in text.casefold() for text in texts)


def sort(
    subjects: Iterable[Subject], keys: Iterable[SortKey], *, down: bool
) -> Sequence[Subject]:
    """Return subjects by their keys; equals keep their order, nothing stays last."""
    pairs = list(zip(subjects, keys, strict=True))
    known = [pair for pair in pairs if pair[1][0] != BLANK]
    known.sort(key=itemgetter(1), reverse=down)
    nothing = [subject for subject, key in pairs if key[0] == BLANK]
    return [subject for subject, _ in known] + nothing
