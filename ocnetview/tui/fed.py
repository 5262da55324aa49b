"""An app to which a feed brings models."""

from __future__ import annotations

from textual.app import App
from textual.events import Event, InputEvent
from textual.reactive import var

from ocnetview.model import NodeModel
from ocnetview.tui.feed import Feed, ModelChanged


class Fed(App[None]):
    """Takes models from a feed, from the first paint to the end."""

    pace: var[float] = var(1.0)
    """Seconds between two readings of counters and processes."""

    def __init__(self, feed: Feed | None) -> None:
        """Take where models come from; without a feed, messages bring them."""
        super().__init__()
        self._feed = feed

    def on_ready(self) -> None:
        """Begin to listen, now that there is something to see."""
        if self._feed:
            self._feed.start(self.publish)

    def publish(self, model: NodeModel) -> None:
        """Take a model, from any thread."""
        self.post_message(ModelChanged(model))

    async def on_event(self, event: Event) -> None:
        """Let a key come before the next model."""
        if self._feed and isinstance(event, InputEvent):
            self._feed.hold()
        await super().on_event(event)

    def watch_pace(self, pace: float) -> None:
        """Have it read so often."""
        if self._feed and self.is_running:
            self._feed.pace(pace)

    def on_unmount(self) -> None:
        """End what was begun."""
        if self._feed:
            self._feed.stop()
