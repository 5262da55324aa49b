"""What a row stands for: of a thread its process, of a branch its pod. Pure."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.match.branches import pod_of_branch
from ocnetview.tui.selection import PaneId, Selection, process_of


def behind(row: Selection) -> Selection:
    """Return the row of a port, pod or process that a row stands for."""
    if row.pane is not PaneId.PROCESSES:
        return row
    pod = pod_of_branch(row.key)
    if pod is not None:
        return Selection(PaneId.PODS, pod)
    return replace(row, key=process_of(row.key))
