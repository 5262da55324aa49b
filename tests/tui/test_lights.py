"""What is said of sources."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.facts import Source, SourceState
from ocnetview.tui.lights import LOOKS, down, light, note, silence

UP = Source("docker", SourceState.UP)
DOWN = Source("ovsdb", SourceState.DOWN, reason="refused \x1b[0m")
WAITING = Source("procfs")
STALE = Source("kube", SourceState.STALE, reason="the watch broke")
ABSENT = Source("cri", SourceState.ABSENT, reason="no socket")


def test_every_state_has_a_sign_and_a_word() -> None:
    """No two states look the same without colour."""
    assert set(LOOKS) == set(SourceState)
    assert len({(look.sign, look.word) for look in LOOKS.values()}) == len(LOOKS)


def test_reasons_are_made_safe() -> None:
    """What a daemon answers reaches no terminal raw."""
    assert light(DOWN).reason == r"refused \x1b[0m"
    assert note((UP, DOWN)) == r"✖ ovsdb down: refused \x1b[0m"
    assert note((UP, WAITING, ABSENT)) == ""


def test_only_what_failed_is_down() -> None:
    """A source that waits or is not there makes no row out of date."""
    assert down((UP, DOWN, WAITING, ABSENT)) == {"ovsdb"}


def test_what_is_stale_is_doubted_too() -> None:
    """Its rows may be out of date; what is down is told before it."""
    assert down((UP, STALE)) == {"kube"}
    assert note((UP, STALE)) == "≈ kube stale: the watch broke"
    assert note((STALE, DOWN)).startswith("✖ ovsdb down")
    assert silence((UP, STALE), "nothing") == "kube is stale: the watch broke"


def test_an_age_is_told_in_words() -> None:
    """Nothing where nothing was heard, and old is what should have been confirmed."""
    assert (light(UP).age, light(UP).old) == ("", False)
    ages = [light(replace(UP, age=age)) for age in (0, 60, 240)]
    told = [(one.age, one.old) for one in ages]
    assert told == [("fresh", False), ("60s old", False), ("4m old", True)]
    assert light(replace(STALE, age=15)).old


def test_silence_names_the_worst() -> None:
    """What failed before what waits, and absence only where nobody else answers."""
    assert silence((WAITING, DOWN), "") == r"ovsdb is down: refused \x1b[0m"
    assert silence((UP, WAITING), "nothing") == "waiting for procfs…"
    assert silence((UP, ABSENT), "nothing") == "nothing"
    assert silence((ABSENT,), "nothing") == "cri is not there: no socket"
    assert silence((), "nothing") == "waiting for the sources…"
