"""What is known of a source, and how old it is told to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import Source, SourceState
from ocnetview.health import Health, told_age, until_older

SECONDS = st.floats(0, 1e7)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, 0), (14.9, 0), (15, 15), (59, 30), (60, 60), (119, 60), (125, 120)],
)
def test_an_age_has_few_steps(seconds: float, told: int) -> None:
    """What is confirmed every ten seconds is never told to be older than 0."""
    assert told_age(seconds) == told


@given(SECONDS)
def test_an_age_is_told_anew_exactly_when_it_is_due(seconds: float) -> None:
    """Until then it is the same: nothing is drawn in between."""
    wait = until_older(seconds)
    assert wait > 0
    assert told_age(seconds + 0.9 * wait) == told_age(seconds)
    assert told_age(seconds + 1.001 * wait + 0.01) > told_age(seconds)


def test_a_source_that_never_spoke_has_no_age() -> None:
    """There is nothing that could be old, and nothing to wait for."""
    health = Health(Source("docker"))
    assert health.keep_fresh("events")
    assert (health.at(9).age, health.until_older(9)) == (None, None)


def test_a_confirmation_is_no_change() -> None:
    """It only makes what was said as young as it is."""
    health = Health(Source("docker"))
    assert health.confirm(1)
    assert not health.confirm(40)
    assert health.at(50) == Source("docker", SourceState.UP, age=0)
    assert health.until_older(50) == 5


def test_each_reading_after_a_gap_is_counted() -> None:
    """After events were lost, and after the source was down; not the first one."""
    health = Health(Source("docker"))
    health.fail(SourceState.DOWN, "refused")
    health.confirm(1)
    assert health.at(1).resyncs == 0
    health.doubt("lost")
    health.confirm(2)
    health.fail(SourceState.DOWN, "refused")
    health.confirm(3)
    assert health.at(3).resyncs == 2


def test_what_is_down_is_kept_fresh_by_nothing() -> None:
    """Its age goes on, and the means are told when it is back."""
    health = Health(Source("docker"))
    health.keep_fresh("events")
    health.confirm(0)
    assert health.fail(SourceState.DOWN, "refused")
    assert not health.fail(SourceState.DOWN, "refused")
    assert health.at(70) == Source("docker", SourceState.DOWN, reason="refused", age=60)
