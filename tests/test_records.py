"""Records with other values in some fields."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from ocnetview.model import Pod, PodKind
from ocnetview.records import changed

POD = Pod("key", PodKind.POD, "web", "shop", traits=("static",))


def test_the_same_as_the_usual_way() -> None:
    """One field, several, none."""
    assert changed(POD, age=3) == replace(POD, age=3)
    assert changed(POD, age=3, name="db") == replace(POD, age=3, name="db")
    assert changed(POD) == POD
    assert POD.age == 0


def test_what_comes_of_it_is_frozen() -> None:
    """It is made as any other of its class."""
    with pytest.raises(FrozenInstanceError):
        changed(POD, age=3).age = 4  # type: ignore[misc]


def test_a_field_that_is_not_there_is_an_error() -> None:
    """Whatever the checker was told."""
    with pytest.raises(KeyError, match="agee"):
        changed(POD, agee=3)  # type: ignore[call-arg]
