"""What untyped JSON holds, where it is of the type that it should be.

Who wrote it may be anyone: a member of another type is as if there were none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def object_of(value: object) -> Mapping[str, Any]:
    """Return a JSON object; empty for what is none."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> Sequence[Any]:
    """Return a JSON array; empty for what is none."""
    return value if isinstance(value, list) else ()


def objects_of(value: object) -> Sequence[Mapping[str, Any]]:
    """Return an array's members as objects, empty ones for what are none."""
    return [object_of(member) for member in list_of(value)]


def text_of(value: object) -> str:
    """Return a string; empty for what is none."""
    return value if isinstance(value, str) else ""


def texts_of(value: object) -> Mapping[str, str]:
    """Return the members of a JSON object that are strings."""
    return {k: v for k, v in object_of(value).items() if isinstance(v, str)}
