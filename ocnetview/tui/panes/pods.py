"""The pods of the node, and the containers that belong to none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ocnetview.columns import POD_COLUMNS, POD_FIELDS, Fields
from ocnetview.facts import Source, SourceKind
from ocnetview.model import NodeModel, Pod, PodKind
from ocnetview.tui.lights import silence
from ocnetview.tui.panes.lens import Lens, Look
from ocnetview.tui.selection import PaneId, Scope
from ocnetview.tui.widgets.row import Tone

KINDS = frozenset({SourceKind.CONTAINERS, SourceKind.ENGINES, SourceKind.PODS})
"""Kinds of sources that know of pods and containers."""

SIGNS = {PodKind.POD: " ", PodKind.CONTAINER: "□", PodKind.NETNS: "◇"}
"""What tells a row's kind."""


def _sources(model: NodeModel, _: Scope) -> Sequence[Source]:
    """Return the sources that know of pods."""
    return [source for source in model.sources if source.kind in KINDS]


def _pods(model: NodeModel, _: Scope) -> Sequence[Pod]:
    """Return every pod and plain container."""
    return model.pods


def _look(pod: Pod, down: Collection[str]) -> Look:
    """Return looks by what the pod is, muted when its runtime is not heard."""
    sign, tone = SIGNS[pod.kind], Tone.PLAIN
    if pod.host_network:
        sign, tone = "⌂", Tone.MUTED
    elif pod.disputed:
        sign, tone = "≠", Tone.ERROR
    elif pod.reason and pod.running:
        sign, tone = "!", Tone.WARNING
    # Its runtime is named before the API, whose loss leaves the row as true as it was.
    lost = any(source in down for source in pod.sources[:1])
    alive = pod.running or pod.kind is PodKind.NETNS
    return (sign, Tone.MUTED) if lost or not alive else (sign, tone)


def _empty(model: NodeModel, scope: Scope) -> str:
    """Say why there are no pods."""
    return silence(_sources(model, scope), "no pods and no containers yet")


PODS = Lens(
    pane=PaneId.PODS,
    noun="pods",
    columns=POD_COLUMNS,
    fields=Fields(POD_FIELDS),
    subjects=_pods,
    lately=lambda changes: changes.pods,
    belongs=lambda pod, model, scope: True,  # noqa: ARG005 - all are shown always
    look=_look,
    title=lambda model, scope: "Pods",  # noqa: ARG005 - the same for every node
    empty=_empty,
    sources=_sources,
    heeds=lambda scope: None,  # noqa: ARG005 - all pods are shown always
)
