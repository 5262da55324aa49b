"""Functions that keep their answers."""

from __future__ import annotations

import pytest

from ocnetview.match.kept import Kept, KeptEach


def test_what_is_kept_is_of_the_last_question() -> None:
    """Equal arguments are answered at once; one that failed is asked again."""
    asked: list[int] = []

    def twice(number: int) -> int:
        asked.append(number)
        return 20 // number

    kept = Kept(twice)
    assert [kept(2), kept(2), kept(4), kept(2)] == [10, 10, 5, 10]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept(0)
    assert kept(2) == 10
    assert asked == [2, 4, 2, 0, 0]


def test_what_is_kept_of_each_is_of_the_last_question() -> None:
    """Who changed is asked again, and everyone when what is around has changed."""
    asked: list[str] = []

    def joined(item: str, context: str) -> str:
        asked.append(item)
        return item + context

    kept = KeptEach(joined, lambda item: item[0])
    assert kept(["a1", "b1"], "x") == ["a1x", "b1x"]
    assert kept(["b2", "a1", "c1"], "x") == ["b2x", "a1x", "c1x"]
    assert kept(["a1"], "x") == ["a1x"]
    assert kept(["b2", "a1"], "y") == ["b2y", "a1y"]
    assert asked == ["a1", "b1", "b2", "c1", "b2", "a1"]


def test_two_of_one_key_have_an_answer_each() -> None:
    """A key only says where to look: what is there must be equal."""

    def product(item: int, factor: int) -> int:
        return item * factor

    kept = KeptEach(product, lambda _: "same")
    assert [kept([1, 2, 1], 10), kept([2, 1], 10)] == [[10, 20, 10], [20, 10]]
