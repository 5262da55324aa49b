"""What a source that answers says of its own answer: how it knows, what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ocnetview.facts import (
    CniFacts,
    ContainerFacts,
    Facts,
    KubeFacts,
    LinkFacts,
    NestedFacts,
    Source,
    SourceState,
)

_FEW = 3
"""So many troubles are told in full."""


def noted(source: Source, facts: Mapping[str, Facts]) -> Source:
    """Return the source with what its facts say of themselves; one not up as it is."""
    said = facts.get(source.name)
    if said is None or source.state is not SourceState.UP:
        return source
    return replace(
        source, reason="; ".join(filter(None, [source.reason, *_notes(said)]))
    )


def _notes(facts: Facts) -> Sequence[str]:
    """Return the notes of one fact set, each a sentence."""
    match facts:
        case KubeFacts(node=node, name_from=how):
            return [f"this node is {node}" + (f" ({how})" if how else "")]
        case ContainerFacts(runtime=runtime, version=version) if version:
            return [f"{runtime} {version}", *_troubles(facts.troubles)]
        case NestedFacts(engines=engines):
            inside = [f"{one.runtime} in {one.within[:12]}" for one in engines]
            return [*inside, *_troubles(facts.troubles)]
        case ContainerFacts() | CniFacts() | LinkFacts():
            return _troubles(facts.troubles)
        case _:
            return []


def _troubles(troubles: Sequence[str]) -> Sequence[str]:
    """Return the first troubles, and how many more there are."""
    more = len(troubles) - _FEW
    return [*troubles[:_FEW], *([f"and {more} more troubles"] if more > 0 else [])]
