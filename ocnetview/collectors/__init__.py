"""Continuous readers, one module a source."""

from __future__ import annotations

from collections.abc import Callable

from ocnetview.collectors.base import Attention, Collector
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.ovsdb import OvsdbCollector
from ocnetview.collectors.procfs import ProcessCollector
from ocnetview.collectors.rtnetlink import LinkCollector
from ocnetview.config import Settings

COLLECTORS: tuple[Callable[[Settings, Attention], Collector], ...] = (
    lambda settings, _: LinkCollector(settings),
    lambda settings, _: OvsdbCollector(settings),
    lambda settings, _: DockerCollector(settings),
    ProcessCollector,
)


def make_collectors(
    settings: Settings, attention: Attention, only: frozenset[str] | None = None
) -> tuple[Collector, ...]:
    """Return a collector for each source, or for those with these names."""
    made = (make(settings, attention) for make in COLLECTORS)
    return tuple(c for c in made if only is None or c.name in only)
