"""Pictures of the screen in other looks: light, without colour, few, plain letters.

What colour tells in the dark theme, a sign or a style tells in these too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from rich.color import Color
from textual.pilot import Pilot
from tui.conftest import RememberingFeed
from tui.driving import press
from tui.nodes import with_source
from tui.probing import AT, TellingProber
from tui.test_detail_snapshots import STATES, opened, told
from tui.trees import crowded

from ocnetview.config import Settings
from ocnetview.facts import SourceState
from ocnetview.facts.asked import Inside
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import ModelChanged

Snap = Callable[..., bool]
SIZE = (120, 40)
LOOKS = pytest.mark.parametrize("look", ["textual-light", "no-colour"])
SIZES = pytest.mark.parametrize(
    "size", [(80, 24), SIZE, (200, 60)], ids=["80x24", "120x40", "200x60"]
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is pressed, and what becomes of the node before and after."""

    keys: tuple[str, ...] = ()
    change: Callable[[NodeModel], NodeModel] | None = None
    then: tuple[str, ...] = ()


def _lost(node: NodeModel) -> NodeModel:
    """Return the node with a source that is down."""
    return with_source(node, "docker", SourceState.DOWN, "no daemon answers")


def _churned(node: NodeModel) -> NodeModel:
    """Return the node with a pod less, and one that was not there."""
    late = replace(node.pods[1], key="late", name="late-6d5f9-xk2vq")
    return replace(node, pods=(*node.pods[:4], *node.pods[5:], late))


SCENES = {
    "main": Scene(),
    "selection": Scene(("1", *["j"] * 7, "enter", "enter", "o", "j", "j")),
    "stale": Scene(("1", "G", "k")),
    "churn": Scene((), _churned),
    "down": Scene((), _lost),
    "filter": Scene(("1", *["s"] * 4, "2", "slash", *"shop")),
    "filter_error": Scene(("slash", *"shop foo:x")),
    "finder": Scene(("f", *"cart", "down")),
    "tree": Scene(("3", "w"), crowded, ("z", "G", *["right"] * 3, "j", "j")),
    "search": Scene((*["j"] * 4, "3", "slash", *"evil", "enter")),
    "columns": Scene(("C", "down", "space", "j", "j", "J", "s", "s")),
    "help": Scene(("question_mark",)),
}


def played(scene: Scene) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return what brings an app to a scene."""

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, *scene.keys)
        app = pilot.app
        assert isinstance(app, OcnetviewApp)
        if scene.change:
            app.post_message(ModelChanged(scene.change(app.model)))
        await press(pilot, *scene.then)

    return play


@SIZES
@LOOKS
@pytest.mark.parametrize("scene", SCENES)
def test_scene(
    snap_compare: Snap,
    feed: RememberingFeed,
    scene: str,
    look: str,
    size: tuple[int, int],
) -> None:
    """Cursor, counterparts, losses, what is dimmed: all can be told in each look."""
    app = OcnetviewApp(feed, Settings(theme=look))
    assert snap_compare(app, terminal_size=size, run_before=played(SCENES[scene]))


@pytest.mark.parametrize("scene", SCENES)
async def test_no_colour_is_none(feed: RememberingFeed, scene: str) -> None:
    """No cell of any scene has another colour than the terminal's own two."""
    app = OcnetviewApp(feed, Settings(theme="no-colour"))
    async with app.run_test(size=SIZE) as pilot:
        await played(SCENES[scene])(pilot)
        lines = app.screen._compositor.render_strips()
        styles = [segment.style for line in lines for segment in line if segment.style]
        colours = {colour for s in styles for colour in (s.color, s.bgcolor)}
        assert colours <= {None, Color.default()}


@SIZES
@LOOKS
@pytest.mark.parametrize("state", [*STATES, "refused"])
def test_tab(
    snap_compare: Snap,
    feed: RememberingFeed,
    state: str,
    look: str,
    size: tuple[int, int],
) -> None:
    """Each tab of the detail, and one that cannot be read, in each look."""
    subject, change, keys = STATES.get(state, STATES["sockets"])
    feed.model = replace(change(feed.model), at=AT + 15)
    prober = TellingProber()
    if state == "refused":
        del prober.answers[Inside.SOCKETS]

    async def ask(pilot: Pilot[None]) -> None:
        await opened(pilot, subject, prober)
        await told(pilot, *keys)

    app = OcnetviewApp(feed, Settings(theme=look))
    assert snap_compare(app, terminal_size=size, run_before=ask)


@pytest.mark.parametrize(
    "settings",
    [Settings(theme="ansi-dark"), Settings(ascii=True)],
    ids=["ansi-dark", "plain"],
)
@pytest.mark.parametrize("scene", ["main", "path"])
def test_few(
    snap_compare: Snap, feed: RememberingFeed, scene: str, settings: Settings
) -> None:
    """Sixteen colours, or only letters of ASCII, are enough for panes and Path."""
    subject, change, _ = STATES["path_losing"]
    feed.model = replace(change(feed.model), at=AT + 15)

    async def show(pilot: Pilot[None]) -> None:
        await press(pilot)
        if scene == "path":
            await opened(pilot, subject, TellingProber())
            await told(pilot)

    app = OcnetviewApp(feed, settings)
    assert snap_compare(app, terminal_size=SIZE, run_before=show)


@SIZES
def test_finder(
    snap_compare: Snap, feed: RememberingFeed, size: tuple[int, int]
) -> None:
    """What is found by a scrap, each with its kind and what it belongs to."""
    app = OcnetviewApp(feed)
    assert snap_compare(app, terminal_size=size, run_before=played(SCENES["finder"]))
