"""The flows of a pod or port, as text and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from ocnetview.columns import Json
from ocnetview.details.flows import FlowRow, FlowsView, flows_detail, judge, raw_text
from ocnetview.details.section import as_text
from ocnetview.match.openflow_tables import meaning
from ocnetview.model import NodeModel


def flows_text(views: Sequence[FlowsView], model: NodeModel, *, raw: bool) -> str:
    """Return all entries as text, or as ovs-ofctl prints them."""
    if raw:
        return f"{raw_text(views)}\n"
    found = [flows_detail(model, view, most=sys.maxsize) for view in views]
    return as_text([section for each in found for section in each])


def flows_json(views: Sequence[FlowsView], model: NodeModel) -> Mapping[str, Json]:
    """Return what a document about flows holds."""
    return {"flows": [_view(model, view) for view in views]}


def _view(model: NodeModel, view: FlowsView) -> Mapping[str, Json]:
    """Return what a bridge said."""
    judged = judge(model, view)
    wired, facts = view.wired, view.facts
    return {
        "bridge": wired.bridge,
        "title": wired.title,
        "ofport": wired.ofport,
        "addresses": list(wired.addresses),
        "macs": list(wired.macs),
        "source": facts.source,
        "at": round(facts.at, 3),
        "layout": str(judged.layout),
        "rules": judged.note.text if judged.note else None,
        "vnid": judged.own,
        "wrong": judged.wrong,
        "entries": [
            {"meaning": meaning(judged.layout, row.table, judged.note), **_row(row)}
            for row in judged.rows
        ],
    }


def _row(row: FlowRow) -> Mapping[str, Json]:
    """Return an entry, or one that is missing: its counters are null."""
    entry, rate = row.entry, row.rate
    return {
        "table": row.table,
        "priority": row.priority,
        "match": entry.match if entry else row.match,
        "actions": entry.actions if entry else None,
        "named_match": row.match,
        "named_actions": row.actions,
        "cookie": entry.cookie if entry else None,
        "packets": entry.packets if entry else None,
        "bytes": entry.bytes if entry else None,
        "duration": entry.duration if entry else None,
        "packets_per_second": rate.packets if rate else None,
        "bytes_per_second": rate.bytes if rate else None,
        "missing": entry is None,
        "bad": row.bad,
        "note": row.note,
    }
