"""What is said of sources."""

from __future__ import annotations

from ocnetview.facts import Source, SourceState
from ocnetview.tui.lights import LOOKS, down, light, note, silence

UP = Source("docker", SourceState.UP)
DOWN = Source("ovsdb", SourceState.DOWN, reason="refused \x1b[0m")
WAITING = Source("procfs")
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


def test_silence_names_the_worst() -> None:
    """What failed before what waits, and absence only where nobody else answers."""
    assert silence((WAITING, DOWN), "") == r"ovsdb is down: refused \x1b[0m"
    assert silence((UP, WAITING), "nothing") == "waiting for procfs…"
    assert silence((UP, ABSENT), "nothing") == "nothing"
    assert silence((ABSENT,), "nothing") == "cri is not there: no socket"
    assert silence((), "nothing") == "waiting for the sources…"
