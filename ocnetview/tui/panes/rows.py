"""What a pane's rows are made of, searched and sorted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ocnetview.columns import Column
from ocnetview.columns import Row as Subject

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


def holds(texts: Iterable[str], wanted: str) -> bool:
    """Claim that a text holds what the filter wants, whatever the case."""
    return any(wanted in text.casefold() for text in texts)


def sort(
    subjects: Sequence[Subject], column: Column[Subject] | None, *, down: bool
) -> Sequence[Subject]:
    """Return the subjects by a column; equals keep their order, nothing stays last."""
    if column is None:
        return subjects
    known: list[Subject] = []
    nothing: list[Subject] = []
    for subject in subjects:
        blank = column.sort_key(subject)[0] == BLANK
        (nothing if blank else known).append(subject)
    known.sort(key=column.sort_key, reverse=down)
    return known + nothing
