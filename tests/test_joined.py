"""Who comes first: a key, or the next model."""

from __future__ import annotations

import pytest

from ocnetview.joined import KEY_SECONDS, MOST_SECONDS, Precedence


class Time:
    """A clock that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.keys: list[Precedence] = []
        """Who hears of a key during each wait."""

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let so many seconds go by, half of them after a key."""
        self.now += seconds / 2
        for one in self.keys:
            one.hold()
        self.now += seconds / 2


def test_a_model_waits_for_a_key() -> None:
    """As long as a key takes, and no longer."""
    time = Time()
    precedence = Precedence(time)
    precedence.hold()
    left = precedence.give(time.wait, MOST_SECONDS)
    assert time.now == pytest.approx(100.0 + KEY_SECONDS)
    assert left == pytest.approx(MOST_SECONDS - KEY_SECONDS)


def test_without_a_key_nothing_waits() -> None:
    """Nor after one that was a while ago."""
    time = Time()
    precedence = Precedence(time)
    assert precedence.give(time.wait, MOST_SECONDS) == MOST_SECONDS
    precedence.hold()
    time.now += 2 * KEY_SECONDS
    assert precedence.give(time.wait, MOST_SECONDS) == MOST_SECONDS
    assert time.now == pytest.approx(100.0 + 2 * KEY_SECONDS)


def test_keys_without_end_hold_a_model_only_so_long() -> None:
    """A key that is held down does not stop the screen."""
    time = Time()
    precedence = Precedence(time)
    time.keys = [precedence]
    precedence.hold()
    assert precedence.give(time.wait, MOST_SECONDS) == pytest.approx(0.0)
    assert time.now == pytest.approx(100.0 + MOST_SECONDS)
