"""Questions that ripen while they are open."""

from __future__ import annotations

from ocnetview.collectors.numbering import Sign
from ocnetview.collectors.patience import Patience
from ocnetview.facts import Netns

HOST = Netns(4, 1)
ONE, OTHER = (HOST, 5), (HOST, 6)


def sign(index: int, nsid: int) -> frozenset[Sign]:
    """Return the link that raises a question."""
    return frozenset({(HOST, index, "02:00:00:00:00:01", nsid)})


class Time:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return what was set."""
        return self.now


def test_a_question_is_worth_a_search_once_it_stays_open() -> None:
    """Two seconds after its link was seen first; until then it is said when."""
    time = Time()
    patience = Patience(time)
    assert patience.ripe({ONE: sign(7, 5)}) == frozenset()
    assert patience.until == 102.0
    time.now = 101.9
    assert patience.ripe({ONE: sign(7, 5), OTHER: sign(8, 6)}) == frozenset()
    time.now = 102.0
    assert patience.ripe({ONE: sign(7, 5), OTHER: sign(8, 6)}) == {ONE}
    assert patience.until == 103.9


def test_an_id_that_is_given_anew_raises_a_new_question() -> None:
    """Another link leads there: what went before is no part of its patience."""
    time = Time()
    patience = Patience(time)
    patience.ripe({ONE: sign(7, 5)})
    time.now = 105.0
    assert patience.ripe({ONE: sign(8, 5)}) == frozenset()
    assert patience.until == 107.0


def test_what_is_answered_waits_no_more() -> None:
    """Without a question nothing is due; asked again it is new."""
    time = Time()
    patience = Patience(time)
    patience.ripe({ONE: sign(7, 5)})
    assert (patience.ripe({}), patience.until) == (frozenset(), None)
    time.now = 110.0
    assert patience.ripe({ONE: sign(7, 5)}) == frozenset()


def test_a_whole_reading_asks_everything_at_once() -> None:
    """And what it asked is ripe from then on."""
    time = Time()
    patience = Patience(time)
    assert patience.at_once({ONE: sign(7, 5)}) == {ONE}
    assert patience.until is None
    assert patience.ripe({ONE: sign(7, 5)}) == {ONE}
