"""Pure searches for what is wrong, each from the model to problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ocnetview.checks.leftover_pin import leftover_pins
from ocnetview.checks.leftover_result import leftover_results
from ocnetview.checks.stale_port import stale_ports
from ocnetview.model import NodeModel, Problem

CHECKS: tuple[Callable[[NodeModel], Iterator[Problem]], ...] = (
    stale_ports,
    leftover_pins,
    leftover_results,
)
