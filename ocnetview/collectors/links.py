"""The node's links, joined across its namespaces: read whole, then kept up to date."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from ocnetview.collectors.counters import CounterReader
from ocnetview.collectors.hidden import Hidden
from ocnetview.collectors.link_events import Changes, LinkEvents
from ocnetview.collectors.link_facts import LinkFactory
from ocnetview.collectors.namespaces import Inside, Namespace, netns_of, unreadable
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.numbering import Numbering, Ripen, Sign
from ocnetview.collectors.own_links import OwnLinks
from ocnetview.collectors.patience import Patience
from ocnetview.collectors.pin_events import PinEvents
from ocnetview.collectors.signs import shows_our_pid
from ocnetview.collectors.spaces import Spaces
from ocnetview.collectors.unseen import add_unseen
from ocnetview.collectors.watched import WatchedReader
from ocnetview.config import Settings
from ocnetview.facts import LinkFacts, Netns

_ROUNDS = 3
"""So often what changed while it was read is read again before it is told."""
_ENTERED_SECONDS = 10.0
"""What was entered is read again after this: without an id nothing is heard of it."""


class LinkReader:
    """Reads the node's links; remembers what makes the next reading cheaper."""

    def __init__(
        self, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Look for namespaces in the settings' folders of pins, and in their proc."""
        self._proc = settings.proc
        self._directories = settings.netns_dirs
        self._clock = clock
        self._spaces = Spaces(settings)
        self._hidden = Hidden(settings.proc)
        self._counters = CounterReader(settings.refresh)
        self._inside = WatchedReader()
        self._own = OwnLinks()
        self._facts = LinkFactory()
        self._patience = Patience(clock)
        self._missed: frozenset[Sign] = frozenset()
        """The links whose other ends nobody was known to have."""
        self._entered: float | None = None
        """When what was entered is due again; None where nothing was."""
        self.told = LinkFacts(Netns(0, 0), ())
        """What was read last."""
        self.pending = Changes()
        """What was announced while the last reading went on."""
        self.counted: Collection[int] | None = None
        """The links of ours whose counters are wanted; None for all of them."""
        self.watched: Collection[tuple[Netns, int]] = ()
        """Links here and in other namespaces whose counters are wanted besides."""

    def read(self, netlink: Netlink, events: LinkEvents | None = None) -> LinkFacts:
        """Return all links of this namespace, and of every other that is found.

        With `events` that hear of all namespaces, what changes meanwhile is known by
        them; without, what leads to other namespaces is read twice.

        Raises:
            OSError: our own namespace cannot be read.
        """
        if events:
            events.take()
        host = netns_of(os.stat(self._spaces.own))
        self._own.read(netlink)
        home = Namespace(host, [self._spaces.own])
        numbering = Numbering(netlink, home, self._own.inside, self._spaces.read(host))
        self._resolve(numbering, None, self._patience.at_once)
        if events is None or not events.everywhere:
            return self._told(numbering, numbering.doubt())
        self.pending = events.take()
        if self.pending.touching and not self.pending.lost:
            return self.update(netlink, events)
        return self._told(numbering, self._own.inside)

    def update(self, netlink: Netlink, events: LinkEvents) -> LinkFacts:
        """Return the same after reading again only what changed, by these events.

        They must hear of all namespaces. Where `pending.lost` is set afterwards, some
        were lost: these are the facts of the last time, and all must be read.

        Raises:
            OSError: our own namespace cannot be read.
        """
        changes = self.pending
        changes.add(events.take())
        host = netns_of(os.stat(self._spaces.own))
        for _ in range(_ROUNDS):
            if changes.lost:
                return self.told
            self._own.update(netlink, changes, changes.spaces | changes.ids)
            home = Namespace(host, [self._spaces.own])
            found = self._spaces.update(host)
            numbering = Numbering(netlink, home, self._own.inside, found)
            self._resolve(numbering, changes, self._patience.ripe)
            changes = self.pending = events.take()
            if not changes.touching:
                break
        return self._told(numbering, numbering.doubt_told(changes))

    @property
    def due(self) -> bool:
        """Claim that an update is due though nothing was announced since the last."""
        moments = [self._entered, self._patience.until]
        late = [m for m in moments if m is not None and m <= self._clock()]
        return bool(late) or bool(self.pending)

    def _resolve(
        self, numbering: Numbering, changes: Changes | None, ripen: Ripen
    ) -> None:
        """Visit what changed, or everything; and what only links lead to."""
        found = numbering.found.values()
        late = changes is None or self._is_late()
        dirty = found if changes is None else _dirty(found, changes, entered=late)

        def search(signs: frozenset[Sign]) -> list[Namespace]:
            known = {numbering.home.netns, *numbering.found}
            moved = changes is not None and signs != self._missed
            strays = self._spaces.strays(known) if moved else []
            self._missed = signs
            known |= {stray.netns for stray in strays}
            pids, dev = self._spaces.inhabited.pids, numbering.home.netns.dev
            return [*strays, *self._hidden.read(signs, pids, dev, known)]

        numbering.resolve([*dirty], ripen, search)
        if late or self._entered is None:
            entered = any(namespace.entered for namespace in found)
            self._entered = self._clock() + _ENTERED_SECONDS if entered else None

    def _is_late(self) -> bool:
        """Claim that what was entered is due again."""
        return self._entered is not None and self._entered <= self._clock()

    def _told(self, numbering: Numbering, outside: Inside) -> LinkFacts:
        """Return what was read as facts."""
        netlink, home, found = numbering.netlink, numbering.home, numbering.found
        owners = numbering.owners()
        owners = add_unseen(netlink, self._unseen(), owners, found, home)
        foreign = [pin for n in found.values() if n.foreign for pin in n.pins]
        there = [n for n in found.values() if not n.gone and not n.foreign]
        self._facts.forget_others({home.netns, *found})
        facts = LinkFacts(
            host=home.netns,
            links=self._facts.links(outside, home.netns, owners),
            namespaces=tuple([self._facts.namespace(n, owners) for n in there]),
            not_netns=tuple(sorted([*self._spaces.leftovers, *foreign])),
            troubles=tuple(unreadable(self._directories)),
        )
        self.told = self._counted(netlink, facts)
        return self.told

    def _unseen(self) -> frozenset[int]:
        """Return the processes whose namespace may not be seen, if others may ask.

        The kernel takes a pid as one of our own pid namespace.
        """
        unseen = self._spaces.inhabited.unseen
        return unseen if unseen and shows_our_pid(self._proc) else frozenset()

    def count(self, netlink: Netlink, facts: LinkFacts) -> LinkFacts:
        """Return the same links with counters read now, as far as they are wanted.

        Raises:
            OSError: the kernel refuses the dump.
        """
        if self.counted is not None and not self.counted and not self.watched:
            return replace(facts, watched=()) if facts.watched else facts
        return self._counted(netlink, facts)

    def _counted(self, netlink: Netlink, facts: LinkFacts) -> LinkFacts:
        """Return facts with the counters that are wanted, of watched links too."""
        wanted = self.counted
        if wanted is not None:
            wanted = {*wanted, *(i for n, i in self.watched if n == facts.host)}
        counters, at = self._counters.read(netlink, wanted)
        facts = replace(facts, counters=counters, at=at)
        return replace(facts, watched=self._inside.read(netlink, self.watched, facts))

    def follow_pins(self, events: PinEvents | None) -> None:
        """List pins again only where these tell of some; None: each time."""
        self._spaces.pin_events = events

    def namespaces_changed(self) -> bool:
        """Claim that pins or inhabited namespaces came or went; no event tells it."""
        return self._spaces.changed()


def _dirty(
    found: Iterable[Namespace], changes: Changes, *, entered: bool
) -> Iterator[Namespace]:
    """Yield the namespaces that have to be visited again.

    Those in which something happened, those with links that lead there, and those
    that were never visited; and what was `entered`, where that is wanted.
    """
    moved = changes.spaces | changes.ids
    for namespace in found:
        inside = namespace.inside
        if (
            not namespace.visited
            or namespace.gone
            or namespace.nsid in moved
            or (entered and namespace.entered)
            or (inside and any(link.nsid in moved for link in inside.links))
        ):
            yield namespace
