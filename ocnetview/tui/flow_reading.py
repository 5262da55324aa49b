"""One reading of a row's flows, as a thread does it, and when the next one is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocnetview.collectors.base import Stop
from ocnetview.details.flows import FlowsView
from ocnetview.errors import ProbeError
from ocnetview.match.openflow import Wired
from ocnetview.model import NodeModel
from ocnetview.probes.base import Switch
from ocnetview.probes.flows import read_views

LEAST = 2.0
"""Seconds between two readings, at least."""
SHARE = 10
"""So many times as long as a reading took nothing is read after it."""


def pause_after(took: float) -> float:
    """Return the seconds between a reading that took so long and the next one."""
    return max(LEAST, SHARE * took)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a reading."""

    views: tuple[FlowsView, ...] = ()
    failure: str = ""
    """Why there is none: who, doing what, why; untrusted text."""
    took: float = 0.0
    """Seconds."""


def read(
    switch: Callable[[], Switch],
    model: NodeModel,
    wired: Sequence[Wired],
    before: tuple[FlowsView, ...],
    stop: Stop,
) -> Reading:
    """Return what the bridges say; where they do not, what they said before, and why.

    It blocks, until `stop` is set at the longest.
    """
    begun = time.monotonic()
    try:
        views = read_views(switch(), model, wired, before, stop)
    except ProbeError as error:
        return Reading(before, str(error), time.monotonic() - begun)
    return Reading(views, took=time.monotonic() - begun)
