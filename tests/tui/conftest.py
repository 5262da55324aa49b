"""The made-up node, a feed that remembers, and an app that shows the node."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from tui import nodes
from tui.capturer import TellingCapturer

from ocnetview.collectors.base import Focus
from ocnetview.facts import Netns
from ocnetview.model import NodeModel
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.feed import ModelChanged


class RememberingFeed:
    """A feed that gives one model, and remembers what it was told."""

    def __init__(self, model: NodeModel) -> None:
        self.model = model
        self.told: list[str] = []
        self.focuses: list[Focus] = []
        self.counted: list[frozenset[int] | None] = []
        self.watched: list[frozenset[tuple[Netns, int]]] = []
        self.paces: list[float] = []

    def start(self, publish: Callable[[NodeModel], None]) -> None:
        """Give the model at once."""
        self.told.append("start")
        publish(self.model)

    def focus(self, focus: Focus) -> None:
        """Remember what is looked at."""
        self.focuses.append(focus)

    def count(self, links: frozenset[int] | None) -> None:
        """Remember what is counted."""
        self.counted.append(links)

    def watch(self, links: frozenset[tuple[Netns, int]]) -> None:
        """Remember what is watched."""
        self.watched.append(links)

    def pace(self, seconds: float) -> None:
        """Remember how often is read."""
        self.paces.append(seconds)

    def hold(self) -> None:
        """Remember that a key came."""
        self.told.append("hold")

    def stop(self) -> None:
        """Remember the end."""
        self.told.append("stop")


@pytest.fixture
def node() -> NodeModel:
    """Return the whole node, all sources up."""
    return nodes.node()


@pytest.fixture
def feed(node: NodeModel) -> RememberingFeed:
    """Return a feed that gives the node."""
    return RememberingFeed(node)


@pytest.fixture
def capturer() -> TellingCapturer:
    """Return what captures as it is told."""
    return TellingCapturer()


@pytest.fixture
def app(feed: RememberingFeed) -> OcnetviewApp:
    """Return an app that is given the node."""
    return OcnetviewApp(feed)


@pytest.fixture
def show() -> Callable[[Pilot[None], NodeModel], object]:
    """Return what gives an app another model and waits until it is drawn."""

    async def give(pilot: Pilot[None], model: NodeModel) -> None:
        await pilot.pause()
        pilot.app.post_message(ModelChanged(model))
        await pilot.pause()

    return give
