"""Frozen records: each proved against the one that Python itself makes."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import ClassVar

import pytest

from ocnetview import frozen


class Link:
    """A link."""

    kind: ClassVar[str] = "veth"
    index: int
    name: str = "eth0"
    traits: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    seen: float = field(default=0.0, compare=False)

    @property
    def title(self) -> str:
        """Return how it is called."""
        return f"{self.index}: {self.name}"


@frozen.dataclass(frozen=True, slots=True)
class Ours(Link):
    """The same, made by us."""

    index: int
    name: str = "eth0"
    traits: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    seen: float = field(default=0.0, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs(Link):
    """The same, made by Python."""

    index: int
    name: str = "eth0"
    traits: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    seen: float = field(default=0.0, compare=False)


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ((1,), {}),
        ((1, "a", ("up",), {"x": "y"}, 2.0), {}),
        ((), {"index": 3, "labels": {}, "name": "b"}),
    ],
)
def test_what_it_is_given_it_has(
    args: tuple[object, ...], named: dict[str, object]
) -> None:
    """By place, by name and by default; it is told and copied in the same words."""
    ours, theirs = Ours(*args, **named), Theirs(*args, **named)  # type: ignore[arg-type]  # any kind
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours.title == theirs.title
    assert dataclasses.replace(ours, index=7).index == 7
    assert dataclasses.replace(ours) == ours


@pytest.mark.parametrize("kind", [Ours, Theirs])
@pytest.mark.parametrize("named", [{}, {"index": 1, "other": 2}])
def test_other_arguments_are_refused(kind: type, named: dict[str, int]) -> None:
    """Too few, or one that is no field."""
    with pytest.raises(TypeError, match=r"__(init|new)__\(\)"):
        kind(**named)


@pytest.mark.parametrize("kind", [Ours, Theirs])
def test_records_are_equal_by_their_fields(kind: type) -> None:
    """Those that are compared; never to a record of another class."""
    one = kind(1, labels=(), seen=1.0)
    assert one == kind(1, labels=(), seen=2.0)
    assert one != kind(2, labels=())
    assert one != (1, "eth0", (), ())
    values = (1, "eth0", (), (), 1.0)
    assert one != values
    assert values != one
    assert (one == values, values == one) == (False, False)
    assert one != (Ours if kind is Theirs else Theirs)(1, labels=())  # type: ignore[arg-type]  # can be hashed
    assert hash(one) == hash(kind(1, labels=(), seen=2.0))
    assert hash(one) == hash((1, "eth0", (), ()))
    with pytest.raises(TypeError, match="unhashable"):
        hash(kind(1))


@pytest.mark.parametrize("kind", [Ours, Theirs])
def test_equal_by_the_very_same_value(kind: type) -> None:
    """A value that equals nothing equals itself, as in tuples: nobody asks it."""
    nan = float("nan")
    assert kind(nan) == kind(nan)
    assert kind(nan) != kind(float("nan"))


@pytest.mark.parametrize(
    ("kind", "name"), [(Ours, "index"), (Ours, "other"), (Theirs, "index")]
)
def test_nothing_is_set_or_deleted(kind: type[Link], name: str) -> None:
    """Neither a field nor anything else, for which there is no room either."""
    one = kind(1)  # type: ignore[call-arg]  # its subclass takes it
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"assign .*'{name}'"):
        setattr(one, name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"delete .*'{name}'"):
        delattr(one, name)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_equal(copied: Callable[[Ours], Ours]) -> None:
    """A deep one has its own of what can change."""
    one = Ours(1, labels={"x": "y"})
    assert copied(one) == one
    assert copied(one) is not one
    assert (copied(one).labels is one.labels) == (copied is copy.copy)


def test_each_has_a_dict_of_its_own() -> None:
    """A default that is made is made for each record."""
    assert Ours(1).labels is not Ours(1).labels


def test_its_fields_are_told_as_any_dataclass_tells_them() -> None:
    """What reads classes, such as cattrs, finds the same names, types and defaults."""
    told = [
        [(f.name, f.type, f.default, f.default_factory) for f in dataclasses.fields(k)]
        for k in (Ours, Theirs)
    ]
    assert told[0] == told[1]
    assert Ours.__match_args__ == Theirs.__match_args__
    assert Ours.__new__.__qualname__ == "Ours.__new__"
    assert Ours.__slots__ == ()  # type: ignore[attr-defined]  # its values are a tuple


@pytest.mark.parametrize(("is_frozen", "slots"), [(False, True), (True, False)])
def test_only_what_is_frozen_and_has_slots_is_made(
    *, is_frozen: bool, slots: bool
) -> None:
    """All else is Python's own to make."""
    with pytest.raises(TypeError, match="frozen and has slots"):
        frozen.dataclass(frozen=is_frozen, slots=slots)
