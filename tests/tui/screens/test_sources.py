"""The sources in full."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.pilot import Pilot
from tui.driving import press
from tui.nodes import with_source

from ocnetview.facts import Place, PlaceKind, Right, Source, SourceState
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.sources import SourcesScreen, sources_text
from ocnetview.tui.widgets.status_bar import StatusBar

LONG = "connect: permission denied; be in group docker or root " * 3


def test_a_source_says_all_it_knows() -> None:
    """Name, word, place and reason are there, and nothing acts on the terminal."""
    source = Source("docker", SourceState.DOWN, "unix:///x", "no [/b] \x1b[0m")
    shown = sources_text((source,)).plain
    assert shown == "✖ docker  down\n  unix:///x\n  no [/b] \\x1b[0m"
    assert sources_text(()).plain == "No source was asked yet."


def test_a_source_says_how_fresh_it_is() -> None:
    """By which means, how old it is, and how often all was read again."""
    source = Source("kube", SourceState.UP, "x", how="watch", age=30, resyncs=2)
    told = "kept fresh by watch · 30s old · read again whole: 2"
    assert sources_text((source,)).plain == f"● kube  up\n  x\n  {told}"


def test_the_place_is_told_with_what_is_not_seen_from_it() -> None:
    """Below the sources stand the place, the signs, and each right that is missing."""
    right = Right("CAP_NET_ADMIN", held=False, without="links inside")
    place = Place(PlaceKind.CONTAINER, "/host", why=("a sign",), rights=(right,))
    shown = sources_text((Source("docker", SourceState.UP),), place).plain
    assert "Where ocnetview runs\n" in shown
    for text in (PlaceKind.CONTAINER, "/host", "a sign"):
        assert f" {text}\n" in shown
    assert shown.endswith("not seen             links inside: needs CAP_NET_ADMIN")


async def test_the_status_bar_opens_them_and_they_stay_live(
    app: OcnetviewApp,
    node: NodeModel,
    show: Callable[[Pilot[None], NodeModel], Awaitable[None]],
) -> None:
    """A reason that the bar cuts is read in full, and follows the next model."""
    async with app.run_test(size=(80, 24)) as pilot:
        lost = with_source(node, "docker", SourceState.DOWN, LONG)
        await show(pilot, lost)
        assert LONG not in app.query_one(StatusBar).render().plain
        await pilot.click(StatusBar)
        await pilot.pause()
        assert isinstance(app.screen, SourcesScreen)
        assert LONG in app.screen.text.plain
        await show(pilot, node)
        assert LONG not in app.screen.text.plain
        await press(pilot, "escape")
        assert not isinstance(app.screen, SourcesScreen)


async def test_a_key_opens_them(app: OcnetviewApp) -> None:
    """The key S opens the same."""
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "S")
        assert isinstance(app.screen, SourcesScreen)
