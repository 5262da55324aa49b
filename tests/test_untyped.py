"""What JSON holds, where it is of the right type."""

from __future__ import annotations

import pytest

from ocnetview.untyped import list_of, object_of, objects_of, text_of, texts_of


@pytest.mark.parametrize("value", [None, True, 5, 1.5])
def test_what_is_of_another_type_is_empty(value: object) -> None:
    """A reader need not ask what it was given."""
    assert (object_of(value), texts_of(value), text_of(value)) == ({}, {}, "")
    assert not [*list_of(value), *objects_of(value)]


def test_what_is_of_the_type_is_itself() -> None:
    """Members of another type are empty, or left out of a map of strings."""
    assert object_of({"a": 1}) == {"a": 1}
    assert list_of(["a", 1]) == ["a", 1]
    assert objects_of([{"a": 1}, 5]) == [{"a": 1}, {}]
    assert (text_of("a"), texts_of({"a": "b", "c": 1})) == ("a", {"a": "b"})
    assert (object_of([1]), list_of("ab"), text_of(["a"])) == ({}, (), "")
