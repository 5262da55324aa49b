"""Tells the feed what is looked at, so that only that is read at every tick."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.collectors.base import Focus
from ocnetview.facts import Link, Netns
from ocnetview.model import NodeModel
from ocnetview.tui.feed import Feed
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.selection import PaneId


class Looking:
    """What a feed was told last, and whether it is to be told anew."""

    def __init__(self, feed: Feed | None) -> None:
        """Tell this feed; without one nobody is told."""
        self._feed = feed
        self._focus = Focus()
        self._links: frozenset[int] | None = frozenset()
        self._watched: frozenset[tuple[Netns, int]] = frozenset()

    @property
    def live(self) -> bool:
        """Claim that there is somebody to be told."""
        return self._feed is not None

    def at(self, focus: Focus) -> None:
        """Have the processes of these containers read from now on."""
        if focus != self._focus:
            self._focus = focus
            if self._feed:
                self._feed.focus(focus)

    def over(self, panes: Iterator[Pane], model: NodeModel) -> None:
        """Have the counters read of what is in sight, and a page around it.

        A pane that is sorted by what moves needs all of them.
        """
        links: set[int] | None = set()
        for pane in panes:
            if links is not None:
                links = None if pane.moves else links | set(_links(pane, model))
        told = None if links is None else frozenset(links)
        if told != self._links:
            self._links = told
            if self._feed:
                self._feed.count(told)

    def along(self, links: frozenset[tuple[Netns, int]]) -> None:
        """Have the counters read of these links too, also inside a pod."""
        if links != self._watched:
            self._watched = links
            if self._feed:
                self._feed.watch(links)


def _links(pane: Pane, model: NodeModel) -> Iterator[int]:
    """Yield the links whose counters stand in a pane's rows, by ifindex."""
    table = pane.table
    top, page = table.scroll_offset.y, table.lines
    for key in table.rows.keys[max(0, top - page) : top + 2 * page]:
        link = _link(pane.lens.pane, key, model)
        if link is not None:
            yield link.ifindex


def _link(pane: PaneId, key: str, model: NodeModel) -> Link | None:
    """Return the link of the node whose counters a row shows."""
    if pane is PaneId.PORTS:
        port = model.ports_by_key.get(key)
        return port.link if port else None
    pod = model.pods_by_key.get(key) if pane is PaneId.PODS else None
    return pod.main.host if pod and pod.main else None
