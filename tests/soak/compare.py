"""Two models side by side: what in one is otherwise in the other, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, fields
from enum import Enum
from typing import Any, ClassVar, Protocol, runtime_checkable

from ocnetview.facts import Netns, Process, Source
from ocnetview.model import NodeModel, Pod, Port, TreeProcess

MOVING: Mapping[type, Mapping[str, str]] = {
    NodeModel: {
        "at": "when it was joined",
        "counters": "totals, which grow between two readings",
    },
    Port: {
        "counters": "totals, which grow between two readings",
        "rate": "takes two readings, a first one has none",
    },
    Pod: {
        "rate": "takes two readings, a first one has none",
        "age": "grows between two readings",
    },
    TreeProcess: {
        "cpu": "takes two readings, a first one has none",
        "age": "grows between two readings",
    },
    Process: {
        "cpu_ticks": "grow between two readings",
        "rss": "a process takes and gives memory as it runs",
        "state": "a process runs and sleeps in turn",
    },
    Source: {
        "age": "how long ago it was heard",
        "how": "names the pace of looks, which what they cost sets",
        "resyncs": "how often it was read again whole: a first reading has none",
    },
}
"""All that may be other in a first reading of the same node, each with its reason.

Everything else must be the same.
"""
_KEYS = ("key", "id", "check", "path", "ifindex", "netns", "name", "pid")
"""What tells an element of a list from the others, the first that they all have."""
_MISSING = "nothing"
_SHOWN = 160


@runtime_checkable
class Dataclass(Protocol):
    """An instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def comparable(value: Any) -> Any:  # noqa: ANN401 - any part of a model, as JSON
    """Return a model as JSON values, without what moves."""
    match value:
        case Enum():
            return value.value
        case Netns():
            return str(value)
        case Mapping():
            return {str(key): comparable(one) for key, one in value.items()}
        case tuple() | list() if not _names(value):
            return [comparable(one) for one in value]
        case tuple() | Dataclass():
            moving = MOVING.get(type(value), {})
            names = [name for name in _names(value) if name not in moving]
            return {name: comparable(getattr(value, name)) for name in names}
        case _:
            return value


def _names(value: Sequence[Any] | Dataclass) -> Sequence[str]:
    """Return the names of a row's fields, be it a named tuple or a dataclass."""
    if isinstance(value, Dataclass):
        return [each.name for each in fields(value)]
    return tuple(getattr(value, "_fields", ()))


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield a line for each part in which the other is not as the one."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            yield from differences(
                one.get(name, _MISSING), other.get(name, _MISSING), f"{place}.{name}"
            )
    elif isinstance(one, list) and isinstance(other, list):
        yield from _in_lists(one, other, place)
    elif one != other:
        yield f"{place.lstrip('.')}: {_short(one)} | {_short(other)}"


def _in_lists(one: Sequence[Any], other: Sequence[Any], place: str) -> Iterator[str]:
    """Yield the differences of two lists, that of their order last."""
    ours, theirs = _keyed(one), _keyed(other)
    for key in dict.fromkeys([*ours, *theirs]):
        yield from differences(
            ours.get(key, _MISSING), theirs.get(key, _MISSING), f"{place}[{key}]"
        )
    if set(ours) == set(theirs) and list(ours) != list(theirs):
        yield f"{place.lstrip('.')}: in another order: {list(ours)} | {list(theirs)}"


def _keyed(rows: Sequence[Any]) -> dict[str, Any]:
    """Return the elements of a list by what tells them apart."""
    found: dict[str, Any] = {}
    names = [
        n for n in _KEYS if all(isinstance(row, dict) and n in row for row in rows)
    ]
    for row in rows:
        key = str(row[names[0]]) if names else str(row)
        while key in found:
            key += "'"
        found[key] = row
    return found


def _short(value: object) -> str:
    """Return a value in few words: of an object its texts and numbers."""
    text = str(value)
    if isinstance(value, dict):
        plain = {
            k: v for k, v in value.items() if v and not isinstance(v, (dict, list))
        }
        text = str(plain)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


PYTHON = re.compile(r"Traceback|\b[A-Z][A-Za-z]*(?:Error|Exception|Warning)\b|File \"")
"""Words of the interpreter, which no user is to read."""


def interpreters_words(text: str) -> list[str]:
    """Return the lines that hold words of the interpreter."""
    return [line.strip() for line in text.splitlines() if PYTHON.search(line)]
