"""Links and addresses of the node, and of each network namespace on it."""

from __future__ import annotations

import select
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from ocnetview.collectors.base import Attention, How, Stale, Stop, until_tick
from ocnetview.collectors.home import NAME, open_events, open_netlink
from ocnetview.collectors.link_events import LinkEvents
from ocnetview.collectors.links import LinkReader
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.pin_events import PinEvents
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import LinkFacts, SourceKind

if TYPE_CHECKING:
    from ocnetview.collectors.ahead import Ahead

_BURST = 0.02
"""Seconds after an event in which those that belong to it come, too."""
_PAUSE = 0.05
"""Seconds between two readings at least, however much happens."""
_SHARE = 4
"""And this many times as long as the last one took."""
_DEAF = 10.0
"""Seconds between readings where events of other namespaces are not heard."""


class LinkCollector:
    """Gives every link of this namespace and of the others, after each change."""

    name = NAME
    kind = SourceKind.LINKS

    def __init__(
        self, settings: Settings, attention: Attention, ahead: Ahead | None = None
    ) -> None:
        """Count what is looked at, as often as is wanted.

        What was read `ahead` is told first, where that is possible.
        """
        self._attention = attention
        self._settings = settings
        self._ahead = ahead
        self.where = "AF_NETLINK" + f" of {settings.netns}" * bool(settings.netns)
        self._reader = LinkReader(settings)
        self._told = ""
        """The means that was told of last."""

    def watch(self, stop: Stop) -> Iterator[LinkFacts | How | Stale]:
        """Yield all links, then again after each burst of events and each tick.

        Between bursts only the counters are read.

        Raises:
            CollectorError: the kernel refuses the socket or a dump of our own links.
        """
        try:
            with (
                closing(self._open_events()) as events,
                closing(open_netlink(self._settings)) as netlink,
                closing(PinEvents(self._settings)) as pins,
            ):
                self._reader.follow_pins(pins)
                self._told = ""
                yield from self._how(events)
                while not stop:
                    yield from self._follow(stop, events, netlink, pins)
                    if not stop:
                        yield Stale("the kernel's events were too many, some are lost")
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, "read links", reason) from error
        finally:
            self._end_ahead()

    def _open_events(self) -> LinkEvents:
        """Return what hears of every change from now on, and have the links read.

        Raises:
            OSError: the kernel refuses the socket.
            CollectorError: the node's network namespace cannot be entered.
        """
        events = open_events(self._settings)
        if self._ahead:
            self._ahead.begin(self._settings)
        return events

    def _how(self, events: LinkEvents) -> Iterator[How]:
        """Tell by which means the facts are kept fresh, if it is another one now."""
        if events.everywhere:
            text = f"events, counters every {self._attention.refresh:g} s"
        else:
            text = f"events here, other namespaces every {_DEAF:g} s"
        if text != self._told:
            self._told = text
            yield How(text)

    def _follow(
        self, stop: Stop, events: LinkEvents, netlink: Netlink, pins: PinEvents
    ) -> Iterator[LinkFacts | How]:
        """Yield facts until stopped, or until events were lost and all must be read."""
        again = time.monotonic() + _DEAF
        # Of our own time: one who is stopped meanwhile (SIGSTOP) has not worked.
        began = time.thread_time()
        facts = yield from self._begin(stop, events, netlink, pins)
        reader = self._reader
        while not stop and not reader.pending.lost:
            rest = max(_PAUSE, _SHARE * (time.thread_time() - began))
            rested = time.monotonic() + rest
            yield facts
            while not self._wait(stop, events, pins, again):
                if stop:
                    return
                self._look()
                facts = reader.count(netlink, facts)
                yield from self._how(events)
                yield facts
            stop.wait(max(_BURST, rested - time.monotonic()))
            began = time.thread_time()
            self._look()
            if events.everywhere:
                facts = reader.update(netlink, events)
            else:
                again = time.monotonic() + _DEAF
                facts = reader.read(netlink, events)

    def _begin(
        self, stop: Stop, events: LinkEvents, netlink: Netlink, pins: PinEvents
    ) -> Generator[LinkFacts, None, LinkFacts]:
        """Return the first facts, as they were read ahead or are read now.

        The first are yielded before the reader is taken over that goes on from there:
        who reads once does not want it. What happened since was heard by our `events`.
        """
        taken = None
        if self._ahead and (facts := self._ahead.facts(stop)):
            yield facts
            # Those who make the first rows need all the time there is.
            waiting = [stop.fileno(), events.fileno()]
            select.select(waiting, [], [], until_tick(self._attention.refresh))
            taken = self._ahead.reader(stop)
        self._end_ahead()
        if taken:
            taken.follow_pins(pins)
            self._reader = taken
        if taken or stop:
            return self._reader.told
        return self._reader.read(netlink, events)

    def _end_ahead(self) -> None:
        """End what reads ahead: it is not needed any more."""
        if self._ahead:
            self._ahead.close()
        self._ahead = None

    def _look(self) -> None:
        """Have the reader count what is looked at now."""
        self._reader.counted = self._attention.counted
        self._reader.watched = self._attention.watched

    def _wait(
        self, stop: Stop, events: LinkEvents, pins: PinEvents, again: float
    ) -> bool:
        """Wait for a tick or the end, or for what calls for a reading; claim that."""
        heard = events.fileno()
        patience = 0.0 if self._reader.due else until_tick(self._attention.refresh)
        watched = [stop.fileno(), heard, *pins.readable]
        ready, _, odd = select.select(watched, [], pins.exceptional, patience)
        if odd:
            pins.note()
        if stop or heard in ready:
            return heard in ready and not stop
        late = not events.everywhere and time.monotonic() >= again
        return late or self._reader.due or self._reader.namespaces_changed()
