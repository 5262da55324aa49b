"""Answers that are kept while what they depend on is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from ocnetview.match.traced import TracedEach


@dataclass(frozen=True, slots=True)
class Inner:
    """A part of what is around."""

    names: Mapping[int, str]
    home: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What is around."""

    inner: Inner
    ports: Mapping[str, int]
    counts: Counter[str] = field(default_factory=Counter)


class Asked:
    """A function that tells how often it was asked."""

    def __init__(self) -> None:
        self.items: list[int] = []
        self.each = TracedEach(self._answer, lambda item: item)

    def _answer(self, item: int, around: Around) -> str:
        """Return a name's port, all names when it has none, and how many of it."""
        self.items.append(item)
        name = around.inner.names.get(item, "?")
        if name not in around.ports:
            return f"{around.inner.home}{sorted(around.inner.names.items())}"
        return f"{around.ports[name]} {around.counts[name]}"

    def again(self, items: list[int], around: Around) -> list[int]:
        """Ask, and return which items were asked about anew."""
        self.items.clear()
        self.each(items, around)
        return [*self.items]


NAMES = {1: "a", 2: "b", 3: "c"}
PORTS = {"a": 7, "b": 8, "c": 9}


def warmed() -> Asked:
    """Return one that has been asked twice: the first time leaves no notes."""
    made = Asked()
    around = Around(Inner(NAMES), PORTS)
    assert made.again([1, 2, 3], around) == [1, 2, 3]
    assert made.again([1, 2, 3], around) == [1, 2, 3]
    return made


def test_nothing_is_asked_again_where_nothing_changed() -> None:
    """Equal mappings are no change, whichever objects they are."""
    assert warmed().again([1, 2, 3], Around(Inner(dict(NAMES)), dict(PORTS))) == []


def test_only_who_depends_on_a_key_is_asked_again() -> None:
    """One port changes, one is new that nobody asked for."""
    ports = PORTS | {"b": 80, "z": 1}
    assert warmed().again([1, 2, 3], Around(Inner(NAMES), ports)) == [2]


def test_a_key_that_was_missed_and_comes_is_a_change() -> None:
    """To find nothing is to depend on it, too; so is how many there are of it."""
    made = warmed()
    counted = Around(Inner(NAMES), PORTS, Counter("b"))
    assert made.again([1, 2, 3], counted) == [2]
    assert made.again([1, 2, 3, 4], counted) == [4]
    # 4 has gone through all names, and asked for its own.
    more = Around(Inner(NAMES | {4: "a"}), PORTS, Counter("b"))
    assert made.again([1, 2, 3, 4], more) == [4]


def test_who_went_through_a_mapping_depends_on_all_of_it() -> None:
    """Any change in it is one."""
    made = warmed()
    ports = {"a": 7}
    assert made.again([1, 2], Around(Inner(NAMES), ports)) == [2]
    renamed = Inner(NAMES | {3: "z"})
    assert made.again([1, 2], Around(renamed, ports)) == [2]


def test_another_plain_value_ends_every_answer() -> None:
    """It may have been looked at without a note."""
    moved = Around(Inner(NAMES, home="x"), PORTS)
    assert warmed().again([1, 2, 3], moved) == [1, 2, 3]


def test_items_with_one_key_all_have_an_answer() -> None:
    """As many answers as items, in their order."""
    made = Asked()
    around = Around(Inner(NAMES), PORTS)
    for _ in range(3):
        assert made.each([2, 1, 2], around) == ["8 0", "7 0", "8 0"]


names = st.dictionaries(st.integers(1, 4), st.sampled_from("abc"), max_size=4)
ports = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)
counts: st.SearchStrategy[Counter[str]] = st.builds(
    Counter, st.lists(st.sampled_from("abc"), max_size=3)
)
arounds = st.builds(Around, st.builds(Inner, names), ports, counts)


@given(st.lists(arounds, min_size=2, max_size=6))
def test_kept_answers_are_those_that_would_be_given(many: list[Around]) -> None:
    """However what is around changes from one time to the next."""
    items = [1, 2, 3, 4]
    kept = Asked()
    for around in many:
        assert kept.each(items, around) == Asked().each(items, around)
