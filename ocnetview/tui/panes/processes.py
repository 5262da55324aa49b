"""The process trees of the pod, or of the one container, that is looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ocnetview.columns import PROCESS_COLUMNS, PROCESS_FIELDS, Fields
from ocnetview.facts import Source, SourceKind, SourceState
from ocnetview.match.names import container_name
from ocnetview.model import NodeModel, TreeProcess
from ocnetview.tui.lights import silence
from ocnetview.tui.panes.lens import Lens, Look
from ocnetview.tui.panes.rows import SortKey, listed
from ocnetview.tui.selection import (
    PaneId,
    Scope,
    is_shown,
    live_containers,
    shown_container,
    shown_pod,
    shown_processes,
)
from ocnetview.tui.widgets.row import Tone
from ocnetview.units import printable


def _sources(model: NodeModel, _: Scope) -> Sequence[Source]:
    """Return the one source of processes."""
    return [source for source in model.sources if source.kind is SourceKind.PROCESSES]


def _look(process: TreeProcess, down: Collection[str]) -> Look:
    """Return looks that tell what has ended and was not waited for."""
    if process.process.state == "Z":
        return ("!", Tone.MUTED if down else Tone.WARNING)
    return (" ", Tone.MUTED if down else Tone.PLAIN)


def _title(model: NodeModel, scope: Scope) -> str:
    """Return whose processes these are."""
    pod, container = shown_pod(model, scope), shown_container(model, scope)
    if pod is None:
        return "Processes"
    title = f"Processes of {printable(pod.title)}"
    live = len(live_containers(pod))
    if container:
        return f"{title} / {printable(container_name(container))}"
    return f"{title} (all {live} containers)" if live > 1 else title


def _empty(model: NodeModel, scope: Scope) -> str:
    """Say why there are no processes."""
    pod = shown_pod(model, scope)
    if pod is None and scope.pod:
        return "the pod is gone"
    if pod is None:
        return "select a pod, or a port with a pod behind it"
    if not live_containers(pod):
        return f"no container of {printable(pod.title)} runs"
    up = all(s.state is SourceState.UP for s in _sources(model, scope))
    if up:
        return f"reading the processes of {printable(pod.title)}…"
    return silence(_sources(model, scope), "")


def _flat(
    subjects: Sequence[TreeProcess],
    kept: Sequence[bool] | None,
    keys: Sequence[SortKey] | None,
    *,
    down: bool,
) -> Sequence[TreeProcess]:
    """Return the rows, as no tree where a part of them is, or another order."""
    rows = listed(subjects, kept, keys, down=down)
    as_they_are = kept is None and keys is None
    return rows if as_they_are else [replace(row, depth=0, last=()) for row in rows]


PROCESSES = Lens(
    pane=PaneId.PROCESSES,
    noun="processes",
    columns=PROCESS_COLUMNS,
    fields=Fields(PROCESS_FIELDS),
    subjects=shown_processes,
    lately=lambda changes: changes.processes,
    belongs=is_shown,
    look=_look,
    title=_title,
    empty=_empty,
    sources=_sources,
    heeds=lambda scope: (scope.pod, scope.container),
    lay=_flat,
)
