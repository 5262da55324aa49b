"""Whose turn it is, by a clock that stands still in between."""

from __future__ import annotations

from collectors.clock import Clock

from ocnetview.collectors.turns import Turns

LONG = 1000.0


def test_the_young_are_due_at_each_of_their_ages() -> None:
    """Ages that were slept through are one turn, and after the last there is none."""
    clock = Clock()
    turns: Turns[str] = Turns(LONG, 1, clock)
    turns.begin(["a"], (0.0, 2.0, 4.0, 8.0))
    assert [turns.take(), turns.take()] == [["a"], []]
    clock.now += 5
    assert [turns.take(), turns.take()] == [["a"], []]
    clock.now += 5
    assert [turns.take(), turns.take()] == [["a"], []]


def test_the_old_are_due_a_few_at_a_time() -> None:
    """Each comes after its rest, who waits longest first, and none is left out."""
    clock = Clock()
    turns: Turns[str] = Turns(10.0, 2, clock)
    turns.begin("abcde", ())
    assert turns.take() == []
    clock.now += 10
    assert [turns.take() for _ in range(4)] == [["a", "b"], ["c", "d"], ["e"], []]
    clock.now += 10
    assert turns.take() == ["a", "b"]


def test_who_is_new_again_begins_anew() -> None:
    """Its ages count from then on, and its rest does, too."""
    clock = Clock()
    turns: Turns[str] = Turns(10.0, 1, clock)
    turns.begin(["a"], (4.0,))
    clock.now += 3
    turns.begin(["a"], (4.0,))
    clock.now += 3
    assert turns.take() == []
    clock.now += 1
    assert turns.take() == ["a"]
    turns.begin(["a"], ())
    clock.now += 9
    assert turns.take() == []


def test_who_ended_has_no_turn() -> None:
    """Neither as young nor as old, and one that was never there may end."""
    clock = Clock()
    turns: Turns[str] = Turns(10.0, 5, clock)
    turns.begin(["a", "b"], (4.0,))
    turns.end(["a", "c"])
    clock.now += LONG
    assert turns.take() == ["b"]
