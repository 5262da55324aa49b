"""The collector of links, on our own namespace; test_links.py has the shapes."""

from __future__ import annotations

import gc
import os
import socket
from pathlib import Path

import pytest
from heard import everything, news

from ocnetview.collectors.base import How, Stop
from ocnetview.collectors.rtnetlink import LinkCollector
from ocnetview.config import Settings
from ocnetview.errors import CollectorError


def test_our_own_links_come_first_then_again_each_tick() -> None:
    """The first facts are whole; between events only the counters are new."""
    stop = Stop()
    facts = news(LinkCollector(Settings(netns_dirs=()), everything(0.01)).watch(stop))
    first = next(facts)
    named = {link.ifindex: link.name for link in first.links}
    assert named == dict(socket.if_nameindex())
    assert first.counters.keys() == named.keys()
    assert first.host.ino == Path("/proc/self/ns/net").stat().st_ino
    assert next(later for later in facts if later.at > first.at)
    stop.set()
    assert list(facts) == []


def test_another_pace_is_told() -> None:
    """Counters are read as often as is wanted now, and the means says so."""
    stop, attention = Stop(), everything(0.01)
    said = LinkCollector(Settings(netns_dirs=()), attention).watch(stop)
    assert next(said) == How("events, counters every 0.01 s")
    next(said)
    attention.pace(0.02)
    hows = (one for one in said if isinstance(one, How))
    assert next(hows) == How("events, counters every 0.02 s")
    stop.set()
    attention.close()


def test_a_namespace_that_cannot_be_told_is_an_error(tmp_path: Path) -> None:
    """Without a proc our own namespace has no identity; who, what and why is said."""
    facts = news(
        LinkCollector(Settings(proc=str(tmp_path)), everything()).watch(Stop())
    )
    with pytest.raises(CollectorError, match="rtnetlink: cannot read links: No such"):
        next(facts)


def test_the_end_gives_every_descriptor_back() -> None:
    """Two sockets, and what tells of pins, while it follows; none afterwards."""
    gc.collect()  # what earlier tests left must not be given back meanwhile
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a number is all
    attention, stop = everything(), Stop()
    facts = news(LinkCollector(Settings(netns_dirs=()), attention).watch(stop))
    next(facts)
    assert len(os.listdir("/proc/self/fd")) > before + 2  # noqa: PTH208 - same
    stop.set()
    assert list(facts) == []
    stop.close()
    attention.close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - same
