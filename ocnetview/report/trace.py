"""What traces say, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ocnetview.columns import Json
from ocnetview.details.recipes.trace import command_of
from ocnetview.details.section import Line, Section, as_text
from ocnetview.details.trace import raw_text, trace_detail, verdict_line
from ocnetview.frozen import dataclass
from ocnetview.match.trace_answer import Pass, Step
from ocnetview.match.trace_verdict import Verdict
from ocnetview.match.trace_ways import Traced
from ocnetview.model import NodeModel
from ocnetview.units import printable


@dataclass(frozen=True, slots=True)
class Told:
    """All traces of a question, and what has to be said of them."""

    traced: tuple[Traced, ...]
    notes: tuple[str, ...] = ()


def trace_text(told: Told, model: NodeModel, *, raw: bool = False) -> str:
    """Return the verdicts, then every step; or the switch's own words."""
    if raw:
        return "\n".join(raw_text(model, one) for one in told.traced)
    sections = []
    for one in told.traced:
        title = printable(f"{one.title}, {one.route.wanted.text}")
        sections.append(Section(title, (verdict_line(one),)))
    if told.notes:
        lines = (Line("note", printable(note)) for note in told.notes)
        sections.append(Section("notes", tuple(lines)))
    for one in told.traced:
        sections += trace_detail(model, one)
    return as_text(sections)


def trace_json(told: Told, model: NodeModel) -> Mapping[str, Json]:
    """Return what a document about traces holds."""
    return {
        "traces": [_traced(model, one) for one in told.traced],
        "notes": list(told.notes),
    }


def _traced(model: NodeModel, traced: Traced) -> Json:
    """Return one way of a packet."""
    question, facts = traced.question, traced.facts
    return {
        "way": traced.way,
        "from_to": traced.title,
        "protocol": traced.route.wanted.protocol,
        "port": traced.route.wanted.port,
        "bridge": question.bridge if question else None,
        "flow": question.flow if question else None,
        "states": list(question.states) if question else [],
        "notes": list(question.notes) if question else [],
        "command": command_of(model, traced) or None,
        "verdict": _verdict(traced.verdict) if traced.verdict else None,
        "failed": traced.failed or None,
        "passes": [_pass(one) for one in traced.passes],
        "raw": facts.text if facts else None,
    }


def _verdict(verdict: Verdict) -> Json:
    """Return what became of the packet."""
    peer = verdict.peer
    return {
        "fate": verdict.fate,
        "text": verdict.text,
        "step": verdict.step,
        "port": verdict.port.key if verdict.port else None,
        "peer": {"address": peer.address, "node": peer.name or None} if peer else None,
    }


def _pass(one: Pass) -> Json:
    """Return a way through the tables."""
    return {
        "resumed": one.resumed or None,
        "steps": [_step(step) for step in one.steps],
        "final": one.final,
        "megaflow": one.megaflow,
        "datapath": one.actions,
        "rest": list(one.rest),
    }


def _step(step: Step) -> Json:
    """Return a table that was gone through."""
    return {
        "bridge": step.bridge,
        "table": step.table,
        "match": step.match,
        "priority": step.priority,
        "cookie": step.cookie,
        "actions": [act.text for act in step.acts],
        "remarks": [remark for act in step.acts for remark in act.remarks],
        "depth": step.depth,
    }
