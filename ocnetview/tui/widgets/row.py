"""A row of a table, and how it stands out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import overload


class Tone(StrEnum):
    """How a row stands out, beside its sign."""

    PLAIN = "plain"
    MUTED = "muted"
    ACCENT = "accent"
    SECOND = "second"
    WARNING = "warning"
    ERROR = "error"


class Flag(StrEnum):
    """What became of a row lately, as the symbol that says so; one cell wide."""

    NONE = " "
    NEW = "+"
    GONE = "†"
    """It is not there any more: the cursor passes over it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; its texts are asked for only when it is drawn."""

    key: str
    """What tells it from all others of the table."""
    subject: object
    """What the texts are made of; rows with equal ones draw the same."""
    cells: Callable[[], Sequence[str]] = field(compare=False, repr=False)
    """Gives one printable text for each column."""
    sign: str = " "
    """A symbol, one cell wide, that says what the tone says."""
    tone: Tone = Tone.PLAIN
    flag: Flag = Flag.NONE
    handle: int = 0
    """How many cells at the beginning of its last text fold it when clicked."""


def _none(place: int) -> Row:
    raise IndexError(place)


class Rows(Sequence[Row]):
    """All rows of a table, each made only when it is looked at: few are in sight."""

    def __init__(
        self,
        keys: Sequence[str] = (),
        make: Callable[[int], Row] = _none,
        gone: Collection[str] = (),
        found: int = 0,
    ) -> None:
        """Take all keys in order, what makes the row at a place, and who is gone."""
        self.keys = keys
        self.gone = gone
        """Keys of the rows whose flag is `GONE`."""
        self.found = found
        """How many a filter has found; more rows may be there for their sake."""
        self._make = make

    def __len__(self) -> int:
        """Return how many rows there are, those that are gone among them."""
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        """Return the row at this place, or those at these."""
        if isinstance(place, slice):
            return [self._make(one) for one in range(*place.indices(len(self.keys)))]
        return self._make(range(len(self.keys))[place])


def heir(before: Sequence[str], gone: int, after: Collection[str]) -> str:
    """Return the key that inherits the cursor: the next one, else the one before.

    `before` holds the keys as they stood, `gone` the cursor's place among them.
    """
    following = (key for key in before[gone + 1 :] if key in after)
    preceding = (key for key in reversed(before[:gone]) if key in after)
    return next(following, next(preceding, next(iter(after), "")))
