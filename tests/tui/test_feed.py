"""A feed that is made when it is begun."""

from __future__ import annotations

import pytest
from tui.conftest import RememberingFeed

from ocnetview.collectors.base import Focus
from ocnetview.facts import Netns
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import LateFeed

FOCUS, LINKS = Focus(pids=frozenset({7})), frozenset({3})
WATCHED = frozenset({(Netns(4, 7), 3)})


@pytest.fixture
def made() -> list[RememberingFeed]:
    """Give the feeds that were made by now."""
    return []


@pytest.fixture
def late(made: list[RememberingFeed], feed: RememberingFeed) -> LateFeed:
    """Give a feed of which nothing is made."""

    def make() -> RememberingFeed:
        made.append(feed)
        return feed

    return LateFeed(make)


def test_it_is_made_by_its_start(
    late: LateFeed, made: list[RememberingFeed], feed: RememberingFeed
) -> None:
    """Once, and not before; its models come as they are."""
    assert made == []
    models: list[NodeModel] = []
    late.start(models.append)
    assert made == [feed]
    assert models == [feed.model]


def test_what_is_looked_at_before_is_told_at_the_start(
    late: LateFeed, feed: RememberingFeed
) -> None:
    """The last of it; what comes later is told at once."""
    late.focus(Focus())
    late.focus(FOCUS)
    late.count(LINKS)
    late.watch(WATCHED)
    assert (feed.focuses, feed.counted, feed.watched) == ([], [], [])
    late.start(lambda _: None)
    assert (feed.focuses, feed.counted) == ([FOCUS], [LINKS])
    assert feed.watched == [WATCHED]
    late.focus(Focus())
    late.count(None)
    late.watch(frozenset())
    assert feed.watched == [WATCHED, frozenset()]
    assert (feed.focuses, feed.counted) == ([FOCUS, Focus()], [LINKS, None])


def test_it_ends_with_what_was_made(late: LateFeed, feed: RememberingFeed) -> None:
    """And before that there is nothing to end."""
    late.stop()
    assert feed.told == []
    late.start(lambda _: None)
    late.stop()
    assert feed.told == ["start", "stop"]


async def test_a_key_comes_before_the_next_model(node: NodeModel) -> None:
    """Whoever gives the models hears of it, and of nothing that is no input."""
    feed = RememberingFeed(node)
    app = OcnetviewApp(feed)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "hold" not in feed.told
        await pilot.press("j")
        assert "hold" in feed.told
