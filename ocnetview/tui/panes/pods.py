"""The pods of the node, and the containers that belong to none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ocnetview.columns import POD_COLUMNS
from ocnetview.facts import Source, SourceKind
from ocnetview.model import NodeModel, Pod, PodKind
from ocnetview.tui.lights import silence
from ocnetview.tui.panes.lens import Lens, Look
from ocnetview.tui.selection import PaneId, Scope
from ocnetview.tui.widgets.row_table import Tone

KINDS = frozenset({SourceKind.CONTAINERS, SourceKind.PODS})
"""Kinds of sources that know of pods and containers."""


def _sources(model: NodeModel, _: Scope) -> Sequence[Source]:
    """Return the sources that know of pods."""
    return [source for source in model.sources if source.kind in KINDS]


def _pods(model: NodeModel, _: Scope) -> Sequence[Pod]:
    """Return every pod and plain container."""
    return model.pods


def _look(pod: Pod, down: Collection[str]) -> Look:
    """Return looks by what the pod is, muted when its runtime is not heard."""
    sign, tone = " ", Tone.PLAIN
    if pod.kind is PodKind.CONTAINER:
        sign = "□"
    if pod.host_network:
        sign, tone = "⌂", Tone.MUTED
    elif pod.reason and pod.running:
        sign, tone = "!", Tone.WARNING
    lost = any(container.runtime in down for container in pod.containers)
    return (sign, Tone.MUTED) if lost or not pod.running else (sign, tone)


def _empty(model: NodeModel, scope: Scope) -> str:
    """Say why there are no pods."""
    return silence(_sources(model, scope), "no pods and no containers yet")


PODS = Lens(
    pane=PaneId.PODS,
    noun="pods",
    columns=POD_COLUMNS,
    subjects=_pods,
    look=_look,
    title=lambda model, scope: "Pods",  # noqa: ARG005 - the same for every node
    empty=_empty,
    sources=_sources,
)
