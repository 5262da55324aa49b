"""After churn and faults ocnetview is as right as at first, and leaves nothing."""

from __future__ import annotations

from soak.report import Report, percentile
from soak.stage import STANDING

FLAT = 1.25
"""Memory at the end, as a part of that after the first third, at most."""
SLACK_KIB = 8192
"""And what an allocator may take in steps."""
LONGER_SECONDS = 1.0
RESYNCED = ("rtnetlink", "ovsdb", "docker", "cri", "kube")
"""Sources that tell of changes: after a fault each is read again whole, and says so."""


def test_it_was_a_soak(soaked: Report) -> None:
    """Pods came and went, events were lost, and what was missed was read again."""
    assert soaked.counts["births"] > 20 * soaked.seconds
    assert soaked.counts["deaths"] == soaked.counts["births"] - STANDING
    assert min(soaked.counts[what] for what in ("pinned", "renamed", "moved")) > 10
    assert soaked.lost
    assert min(soaked.resyncs[source] for source in RESYNCED) > 0
    for one in soaked.rounds[1:]:
        crowd, few = one.rows["with pods"], one.rows["without"]
        assert crowd["pods"] > few["pods"] > STANDING
        assert min(few["links"], few["processes"]) > 3


def test_the_model_equals_a_fresh_start_s(soaked: Report) -> None:
    """What is published in the calm after each round is what a first reading gives."""
    assert [one.differences for one in soaked.rounds] == [[] for _ in soaked.rounds]


def test_no_exception_is_shown_or_said(soaked: Report) -> None:
    """No words of the interpreter on stderr, on the screen, or as a source's reason."""
    assert soaked.shown
    assert not soaked.said


def test_the_memory_is_flat(soaked: Report) -> None:
    """At the end it takes about as much as after the first third."""
    assert soaked.late <= FLAT * soaked.early + SLACK_KIB


def test_nothing_is_held_after_a_round(soaked: Report) -> None:
    """Descriptors, threads and children are as many as at the beginning."""
    assert [one.kept for one in soaked.rounds] == [[] for _ in soaked.rounds]


def test_no_namespace_is_left(soaked: Report) -> None:
    """The node knows as many as at the beginning, and as when ocnetview has ended."""
    assert len(set(soaked.namespaces)) == 1


def test_no_namespace_lives_longer(soaked: Report) -> None:
    """Dead pods' veths go as soon as without ocnetview, which holds none for long.

    On a busy machine all takes longer: the kernel's own work as well as a reading.
    """
    alone, watched = (percentile(x, 0.95) for x in (soaked.alone, soaked.watched))
    assert watched <= alone + LONGER_SECONDS
    assert soaked.held <= max(soaked.alone) + LONGER_SECONDS


def test_nothing_is_left_at_the_end(soaked: Report) -> None:
    """It ends as it should, with no thread left."""
    assert not soaked.left
