"""Filters that are understood for one kind of row, and what completes them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from ocnetview.columns.column import Column, Row
from ocnetview.columns.fields import Field
from ocnetview.columns.filters import (
    COMPARING,
    How,
    Term,
    compiled,
    parse_filter,
    quoted,
)
from ocnetview.columns.measures import number_in
from ocnetview.errors import FilterError
from ocnetview.model import NodeModel
from ocnetview.units import printable

MOST = 200
"""Values that are offered to complete a term at most."""
_COMPARE: Mapping[How, Callable[[float, float], bool]] = {
    How.HOLDS: operator.eq,
    How.IS: operator.eq,
    How.ABOVE: operator.gt,
    How.LEAST: operator.ge,
    How.BELOW: operator.lt,
    How.MOST: operator.le,
}
_LAST = re.compile(r'(!?)(?:([A-Za-z][A-Za-z_]*):)?("?)([^\s"]*)\Z')


@dataclass(frozen=True, slots=True)
class _Test(Generic[Row]):
    """A term, and the field that it is about."""

    term: Term
    field: Field[Row] | None
    suits: Callable[[str], bool]
    """Claims that a text is as the term wants it."""
    number: float | None
    """The number that the term writes."""

    def keeps(self, row: Row, model: NodeModel, seen: Iterable[Column[Row]]) -> bool:
        """Claim that a row is to be shown, as far as this term goes."""
        if self.field is None:
            found = any(self.suits(column.text(row)) for column in seen)
        else:
            found = self._holds(self.field, row, model)
        return found is not self.term.inverse

    def _holds(self, field: Field[Row], row: Row, model: NodeModel) -> bool:
        """Claim that the field says what the term asks for."""
        if field.number and self.number is not None:
            number = field.number(row)
            compare = _COMPARE[self.term.how]
            if number is not None and compare(number, self.number):
                return True
            exact = self.term.text.casefold()
            equal = self.term.how not in COMPARING
            return equal and any(t.casefold() == exact for t in field.texts(row, model))
        return any(self.suits(text) for text in field.texts(row, model) if text)


def _by_key(fields: Iterable[Field[Row]]) -> Mapping[str, Field[Row]]:
    """Return the first field of each name."""
    found: dict[str, Field[Row]] = {}
    for field in fields:
        for key in field.keys:
            found.setdefault(key, field)
    return found


class Fields(Generic[Row]):
    """All that a filter can name of one kind of row."""

    _by_key: Mapping[str, Field[Row]]

    def __init__(self, fields: Iterable[Field[Row]]) -> None:
        """Take the fields; of two with the same name the first is meant."""
        self._by_key = _by_key(fields)
        self.known = tuple(dict.fromkeys(f.keys[0] for f in self._by_key.values()))
        """The names to choose from, each thing once."""

    def read(self, text: str) -> Filter[Row]:
        """Return a filter of these rows.

        Raises:
            FilterError: what cannot be understood, and what could be said instead.
        """
        return Filter(text, tuple(map(self._test, parse_filter(text))))

    def _test(self, term: Term) -> _Test[Row]:
        """Return a term with its field."""
        field = self._by_key.get(term.key) if term.key else None
        if term.key and field is None:
            literal = quoted(f"{term.key}:{term.text}")
            raise FilterError(
                f"no {term.key}: here; known: {' '.join(self.known)}; to find it as a"
                f" text, quote it: {literal}"
            )
        number = None
        if field and field.number and term.how not in (How.MATCHES, How.THERE):
            number = number_in(term.text, field.measure)
        if term.how in COMPARING and number is None:
            wants = field.measure if field and field.number else "numbers only"
            raise FilterError(
                f"{term.key}:{term.how}{term.text} cannot be compared:"
                f" {term.how} takes {wants}"
            )
        return _Test(term, field, _suits(term), number)

    def completions(
        self, text: str, rows: Iterable[Row], model: NodeModel
    ) -> Sequence[str]:
        """Return what the text can go on as: names, or values that rows have."""
        last = _LAST.search(text)
        if last is None:
            return ()
        inverse, key, _, begun = last.groups()
        before = text[: last.start()] + inverse
        if before and not before[-1].isspace() and not inverse:
            return ()
        if not key:
            names = (k for k in self.known if k.startswith(begun.casefold()))
            return tuple(f"{before}{name}:" for name in names)
        field = self._by_key.get(key.casefold())
        found: dict[str, None] = {}
        for row in rows if field else ():
            for value in field.texts(row, model) if field else ():
                if value.casefold().startswith(begun.casefold()) and value:
                    found[value] = None
            if len(found) >= MOST:
                break
        values = sorted(found, key=str.casefold)
        return tuple(f"{before}{key}:{quoted(printable(v))} " for v in values)


@dataclass(frozen=True, slots=True)
class Filter(Generic[Row]):
    """A filter that is understood."""

    text: str
    """As it was written."""
    tests: tuple[_Test[Row], ...] = ()

    @property
    def alone(self) -> bool:
        """Claim that it looks at nothing but the rows themselves."""
        return all(test.field is None or test.field.alone for test in self.tests)

    def keeps(self, row: Row, model: NodeModel, seen: Sequence[Column[Row]]) -> bool:
        """Claim that a row is to be shown; `seen` are the columns in sight."""
        return all(test.keeps(row, model, seen) for test in self.tests)


def _suits(term: Term) -> Callable[[str], bool]:
    """Return what claims that a text is as a term wants it."""
    if term.how is How.MATCHES:
        pattern = compiled(term.text)
        return lambda text: pattern.search(text) is not None
    if term.how is How.THERE:
        return bool
    wanted = term.text.casefold()
    if term.how is How.IS:
        return lambda text: text.casefold() == wanted
    return lambda text: wanted in text.casefold()
