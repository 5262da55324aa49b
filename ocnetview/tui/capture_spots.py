"""Where packets of a row can be captured."""

from __future__ import annotations

from ocnetview.facts.inside import SocketsFacts
from ocnetview.match.spots import (
    Spots,
    spots_of_pod,
    spots_of_port,
    spots_of_process,
)
from ocnetview.model import NodeModel
from ocnetview.tui.selection import PaneId, Selection


def spots_of(
    model: NodeModel, row: Selection, sockets: SocketsFacts | None = None
) -> Spots:
    """Return where packets of a row can be captured, or why nowhere.

    `sockets` tell those of what shares the node's network from all others.
    """
    if row.pane is PaneId.PORTS and row.key in model.ports_by_key:
        return spots_of_port(model, model.ports_by_key[row.key])
    if row.pane is PaneId.PODS and row.key in model.pods_by_key:
        return spots_of_pod(model, model.pods_by_key[row.key], sockets)
    if row.pane is PaneId.PROCESSES:
        for process in model.processes:
            if process.key == row.key:
                return spots_of_process(model, process, sockets)
    return Spots(reason="it is gone from this node")
