"""The process trees of the pod, or of the one container, that is looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ocnetview.columns import PROCESS_COLUMNS, PROCESS_FIELDS, Fields, handle
from ocnetview.facts import Source, SourceKind, SourceState
from ocnetview.match.branches import branches_of
from ocnetview.match.forest import with_threads
from ocnetview.match.names import container_name
from ocnetview.match.trees import draw_trees
from ocnetview.model import NodeModel, TreeProcess
from ocnetview.tui.lights import silence
from ocnetview.tui.panes.lens import Lens, Look
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

STATELESS: Look = (" ", Tone.PLAIN)
"""How a process looks whose state is nothing to say a word of."""
STATES: Mapping[str, Look] = {"Z": ("!", Tone.WARNING), "D": ("◔", Tone.ACCENT)}
"""How a zombie looks, and what waits and cannot be interrupted."""


def _sources(model: NodeModel, _: Scope) -> Sequence[Source]:
    """Return the one source of processes."""
    return [source for source in model.sources if source.kind is SourceKind.PROCESSES]


def _rows(model: NodeModel, scope: Scope) -> Sequence[TreeProcess]:
    """Return the processes, with their threads and branches where they are wanted."""
    rows = shown_processes(model, scope)
    branches = branches_of(rows, model.pods_by_key) if scope.whole else ()
    return (*branches, *(with_threads(rows) if scope.threads else rows))


def foldable(model: NodeModel, scope: Scope) -> frozenset[str]:
    """Return the keys of all rows that can be folded."""
    return frozenset(r.key for r in draw_trees(_rows(model, scope)) if r.parent)


def _count(rows: Iterable[TreeProcess]) -> int:
    """Return how many processes these rows stand for themselves."""
    return sum(not (row.branch or row.thread) for row in rows)


def _look(row: TreeProcess, down: Collection[str]) -> Look:
    """Return looks that tell what has ended and was not waited for, and what waits.

    What is only there for the sake of what is below it is muted.
    """
    state = row.thread.thread.state if row.thread else row.process.state
    sign, tone = (" ", Tone.PLAIN) if row.branch else STATES.get(state, STATELESS)
    if row.branch:
        tone = Tone.SECOND
    return (sign, Tone.MUTED if down or row.aside else tone)


def _title(model: NodeModel, scope: Scope) -> str:
    """Return whose processes these are."""
    what = "Processes and threads" if scope.threads else "Processes"
    pod, container = shown_pod(model, scope), shown_container(model, scope)
    if scope.whole:
        return f"{what} of the node"
    if pod is None:
        return what
    title = f"{what} of {printable(pod.title)}"
    live = len(live_containers(pod))
    if container:
        return f"{title} / {printable(container_name(container))}"
    return f"{title} (all {live} containers)" if live > 1 else title


def _empty(model: NodeModel, scope: Scope) -> str:
    """Say why there are no processes."""
    pod = shown_pod(model, scope)
    if scope.whole:
        return silence(_sources(model, scope), "reading all processes of the node…")
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


PROCESSES = Lens(
    pane=PaneId.PROCESSES,
    noun="processes",
    columns=PROCESS_COLUMNS,
    fields=Fields(PROCESS_FIELDS),
    subjects=_rows,
    lately=lambda changes: changes.processes,
    belongs=is_shown,
    look=_look,
    title=_title,
    empty=_empty,
    sources=_sources,
    heeds=lambda scope: replace(scope, bridge=""),
    lay=draw_trees,
    counted=_count,
    handle=handle,
)
