"""Where the app's models come from, and how it says what it looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from textual.message import Message

from ocnetview.collectors.base import Focus
from ocnetview.facts import Netns
from ocnetview.model import NodeModel


class Feed(Protocol):
    """Gives models, each whole, from threads of its own."""

    def start(self, publish: Callable[[NodeModel], None]) -> None:
        """Begin; call `publish`, from any thread, with each model that differs."""
        ...

    def focus(self, focus: Focus) -> None:
        """Read the processes of these containers from now on."""
        ...

    def count(self, links: frozenset[int] | None) -> None:
        """Read the counters of these links from now on, by ifindex; None: of all."""
        ...

    def watch(self, links: frozenset[tuple[Netns, int]]) -> None:
        """Read the counters of these links too, also where they are inside a pod."""
        ...

    def pace(self, seconds: float) -> None:
        """Read, or replay, this often from now on."""
        ...

    def hold(self) -> None:
        """Let what the user does now come before the next model, for a moment."""
        ...

    def stop(self) -> None:
        """End, and call `publish` no more."""
        ...


class LateFeed:
    """A feed that is made when it is begun: what that takes delays no first paint."""

    def __init__(self, make: Callable[[], Feed]) -> None:
        self._make = make
        self._made: Feed | None = None
        self._focus = Focus()
        self._links: frozenset[int] | None = frozenset()
        self._watched: frozenset[tuple[Netns, int]] = frozenset()
        self._seconds: float | None = None

    def start(self, publish: Callable[[NodeModel], None]) -> None:
        """Make it and begin."""
        self._made = self._make()
        self._made.focus(self._focus)
        self._made.count(self._links)
        self._made.watch(self._watched)
        if self._seconds:
            self._made.pace(self._seconds)
        self._made.start(publish)

    def focus(self, focus: Focus) -> None:
        """Read the processes of these containers from now on, or once it is made."""
        self._focus = focus
        if self._made:
            self._made.focus(focus)

    def count(self, links: frozenset[int] | None) -> None:
        """Read the counters of these links from now on, or once it is made."""
        self._links = links
        if self._made:
            self._made.count(links)

    def watch(self, links: frozenset[tuple[Netns, int]]) -> None:
        """Read the counters of these links too, or once it is made."""
        self._watched = links
        if self._made:
            self._made.watch(links)

    def pace(self, seconds: float) -> None:
        """Read this often from now on, or once it is made."""
        self._seconds = seconds
        if self._made:
            self._made.pace(seconds)

    def hold(self) -> None:
        """Let what the user does now come first; before it is made all does."""
        if self._made:
            self._made.hold()

    def stop(self) -> None:
        """End what was begun."""
        if self._made:
            self._made.stop()


class ModelChanged(Message):
    """The node is no longer as it was; this is how it is now."""

    def __init__(self, model: NodeModel) -> None:
        super().__init__()
        self.model = model

    def can_replace(self, message: Message) -> bool:
        """Claim that one that waits behind this one makes it old: it is not shown."""
        return isinstance(message, ModelChanged)
