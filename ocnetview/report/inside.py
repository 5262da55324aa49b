"""What was read inside a pod, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ocnetview.columns import Json
from ocnetview.details.cells import trouble
from ocnetview.details.inside import inside_detail
from ocnetview.details.json_pods import link_json, pod_json
from ocnetview.details.section import Section, as_text
from ocnetview.errors import BlindError, ProbeAbsentError, ProbeError
from ocnetview.facts import Container, Link
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.facts.inside_containers import Variable
from ocnetview.model import NodeModel, Pod
from ocnetview.probes.base import Target

_BY_ITSELF = frozenset({Inside.LIMITS, Inside.ENVIRONMENT})
"""What has to be asked for: limits stand with the containers, too."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was read of a pod, and why the rest was not."""

    pod: Pod
    found: Mapping[Inside, InsideFacts]
    failed: Mapping[Inside, ProbeError]
    reveal: bool = False
    """Claims that the values of variables are wanted."""


def target_of(model: NodeModel, pod: Pod, container: Container | None) -> Target:
    """Return a pod, or of its containers the one that was named, as a target."""
    target = Target.of(pod, model)
    return replace(target, containers=(container,)) if container else target


def wanted(asked: Sequence[str], *, environment: bool) -> Sequence[Inside]:
    """Return what to read: what was asked for, else all that needs no asking."""
    some = [Inside(word) for word in asked]
    some = some or [one for one in Inside if one not in _BY_ITSELF]
    return list(dict.fromkeys([*some, *([Inside.ENVIRONMENT] if environment else [])]))


def inside_text(told: Told, model: NodeModel) -> str:
    """Return everything as text, what cannot be told with the reason."""
    sections: list[Section] = []
    for what in Inside:
        if facts := told.found.get(what):
            sections += inside_detail(model, facts, reveal=told.reveal)
        if error := told.failed.get(what):
            sections.append(Section(str(what), (trouble(_why(error)),)))
    return as_text(sections)


def inside_json(told: Told, _: NodeModel) -> Mapping[str, Json]:
    """Return what a document about the inside of a pod holds."""
    return {
        "pod": pod_json(told.pod),
        "inside": {
            str(what): _plain(facts, reveal=told.reveal)
            for what, facts in told.found.items()
        },
        "unseen": {str(what): _why(error) for what, error in told.failed.items()},
    }


def _why(error: ProbeError) -> str:
    advice = f" ({error.hint})" if error.hint else ""
    return f"{error.reason}{advice}"


def complete(told: Told, asked: Iterable[str]) -> None:
    """Say that a part is missing; of what is not there, only where it was asked for.

    Raises:
        BlindError: some of it could not be read.
    """
    lost: dict[str, list[str]] = {}
    for what, error in told.failed.items():
        if what in asked or not isinstance(error, ProbeAbsentError):
            lost.setdefault(_why(error), []).append(what)
    if lost:
        parts = [f"{', '.join(whats)}: {why}" for why, whats in lost.items()]
        raise BlindError(f"this is not all: {'; '.join(parts)}")


def _plain(value: object, *, reveal: bool) -> Json:
    """Return a fact as JSON: each field under its own name."""
    members: Mapping[str, Any]
    match value:
        case Link():
            return link_json(value)
        case Variable():
            members = value._asdict()
            if not reveal or value.secret:
                members = {**members, "value": None}
        case tuple() if hasattr(value, "_asdict"):
            members = value._asdict()
        case _ if is_dataclass(value):
            # Before the tuples: a record of ours is one, too.
            members = {one.name: getattr(value, one.name) for one in fields(value)}
        case tuple():
            return [_plain(one, reveal=reveal) for one in value]
        case _:
            return value  # type: ignore[return-value]  # a number, a text, or nothing
    return {name: _plain(one, reveal=reveal) for name, one in members.items()}
