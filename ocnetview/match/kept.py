"""Pure functions that work only for what is other than it was before.

Facts are frozen, and what did not change is the same object from one sample to the
next: it compares at once. What was read anew and is equal is no change either.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_Item = TypeVar("_Item")
_Context = TypeVar("_Context")
_Answer = TypeVar("_Answer")


class Kept(Generic[_P, _Answer]):
    """A function that keeps its last answer."""

    def __init__(self, function: Callable[_P, _Answer]) -> None:
        self._function = function
        self._asked: object = None
        self._answer: _Answer

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _Answer:
        """Return what the function gives, or gave to equal arguments."""
        asked = (args, kwargs)
        if asked != self._asked:
            self._answer = self._function(*args, **kwargs)
        self._asked = asked
        return self._answer


class KeptEach(Generic[_Item, _Context, _Answer]):
    """A function of an item and what is around it that keeps its last answer to each.

    The context has to hold all else that the answer depends on.
    """

    def __init__(
        self,
        function: Callable[[_Item, _Context], _Answer],
        key: Callable[[_Item], Hashable],
    ) -> None:
        """Take the function, and what tells that an item is the same one as before."""
        self._function = function
        self._key = key
        self._context: _Context | None = None
        self._answers: Mapping[Hashable, tuple[_Item, _Answer]] = {}

    def __call__(self, items: Iterable[_Item], context: _Context) -> list[_Answer]:
        """Return the answer to each item, in their order."""
        before = self._answers if context == self._context else {}
        known: dict[Hashable, tuple[_Item, _Answer]] = {}
        answers: list[_Answer] = []
        for item in items:
            key = self._key(item)
            last = before.get(key)
            if last is None or last[0] != item:
                last = (item, self._function(item, context))
            known[key] = last
            answers.append(last[1])
        self._context, self._answers = context, known
        return answers
