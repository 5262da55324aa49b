"""Pure functions whose answers are kept for as long as what they read is the same.

What is around an item is a frozen record of mappings. Which keys an answer depended on
is noted while it is found; it stands as long as those keys have the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

from ocnetview.records import changed

_Item = TypeVar("_Item")
_Context = TypeVar("_Context")
_Answer = TypeVar("_Answer")

_Notes = dict[tuple[int, Hashable], object]
"""Values by the number of a mapping and the key that was asked for."""
_MISSING = object()


class _Everything:
    """Stands for a mapping that was gone through whole."""


class Reading(Mapping[Any, Any]):
    """A mapping that notes which of its keys are asked for."""

    __slots__ = ("_mapping", "_notes", "_number")

    def __init__(self, mapping: Mapping[Any, Any], number: int, notes: _Notes) -> None:
        """Note them under this number."""
        self._mapping = mapping
        self._number = number
        self._notes = notes

    def _note(self, key: Hashable) -> None:
        self._notes[self._number, key] = self._mapping.get(key, _MISSING)

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - of any mapping
        self._note(key)
        return self._mapping[key]

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return key in self._mapping

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401 - the same
        """Return the value of a key, else the default."""
        self._note(key)
        return self._mapping.get(key, default)

    def __iter__(self) -> Iterator[Any]:
        self._notes[self._number, _Everything] = self._mapping
        return iter(self._mapping)

    def __len__(self) -> int:
        self._notes[self._number, _Everything] = self._mapping
        return len(self._mapping)


class _Kept(NamedTuple, Generic[_Item, _Answer]):
    """An answer, and what it depends on."""

    item: _Item
    notes: _Notes
    answer: _Answer


class TracedEach(Generic[_Item, _Context, _Answer]):
    """A function of an item and what is around it that keeps its last answer to each.

    What is around is a dataclass of mappings, of dataclasses like it, and of plain
    values; another plain value ends all answers.
    """

    def __init__(
        self,
        function: Callable[[_Item, _Context], _Answer],
        key: Callable[[_Item], Hashable],
    ) -> None:
        """Take the function, and what tells that an item is the same one as before."""
        self._function = function
        self._key = key
        self._plain: object = None
        self._asked = False
        self._kept: dict[Hashable, _Kept[_Item, _Answer]] = {}

    def __call__(self, items: Iterable[_Item], around: _Context) -> list[_Answer]:
        """Return the answer to each item, in their order.

        Only from the second time on is anything noted: who asks once needs no notes.
        """
        if not self._asked:
            self._asked = True
            return [self._function(item, around) for item in items]
        mappings: list[Mapping[Any, Any]] = []
        plain = _take_apart(around, mappings)
        before = self._kept if plain == self._plain else {}
        known: dict[Hashable, _Kept[_Item, _Answer]] = {}
        answers: list[_Answer] = []
        notes: _Notes = {}
        noting: _Context = _reading(around, count(), notes)
        for item in items:
            key = self._key(item)
            kept = before.get(key)
            if kept is None or not _stands(kept, item, mappings):
                notes.clear()
                answer = self._function(item, noting)
                kept = _Kept(item, dict(notes), answer)
            known[key] = kept
            answers.append(kept.answer)
        self._plain, self._kept = plain, known
        return answers


def _stands(
    kept: _Kept[_Item, _Answer], item: _Item, mappings: list[Mapping[Any, Any]]
) -> bool:
    """Claim that nothing that an answer depends on is other than it was."""
    if kept.item is not item and kept.item != item:
        return False
    for (number, key), value in kept.notes.items():
        now = mappings[number]
        if key is not _Everything:
            now = now.get(key, _MISSING)
        if now is not value and now != value:
            return False
    return True


def _take_apart(around: Any, mappings: list[Mapping[Any, Any]]) -> list[object]:  # noqa: ANN401 - of any record
    """Collect a record's mappings, in order; return its plain values."""
    plain: list[object] = []
    for field in fields(around):
        value = getattr(around, field.name)
        if isinstance(value, Mapping):
            mappings.append(value)
        elif is_dataclass(value):
            plain += _take_apart(value, mappings)
        else:
            plain.append(value)
    return plain


def _reading(around: Any, numbers: Iterator[int], notes: _Notes) -> Any:  # noqa: ANN401 - the same
    """Return the record with mappings that note what is asked for, in that order."""
    noting: dict[str, object] = {}
    for field in fields(around):
        value = getattr(around, field.name)
        if isinstance(value, Mapping):
            noting[field.name] = Reading(value, next(numbers), notes)
        elif is_dataclass(value):
            noting[field.name] = _reading(value, numbers, notes)
    return changed(around, **noting)
