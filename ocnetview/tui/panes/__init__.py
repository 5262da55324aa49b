"""The panes, in the order they stand in; a new one takes one line here."""

from __future__ import annotations

from ocnetview.tui.panes.lens import AnyLens
from ocnetview.tui.panes.pods import PODS
from ocnetview.tui.panes.ports import PORTS
from ocnetview.tui.panes.processes import PROCESSES

PANES: tuple[AnyLens, ...] = (PORTS, PODS, PROCESSES)
