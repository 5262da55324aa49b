"""Where ocnetview runs, and what it cannot see there: as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ocnetview.columns import Json
from ocnetview.details.place import place_detail
from ocnetview.facts import Place
from ocnetview.model import NodeModel
from ocnetview.report import text


def place_text(place: Place | None) -> str:
    """Return the place as lines, a word only once; empty for none that is known."""
    if place is None:
        return ""
    lines, before = [], ""
    for line in place_detail(place).lines:
        word = "" if line.label == before else line.label
        lines.append(f"{word:<10} {line.text}\n")
        before = line.label
    return "".join(lines)


def sources_text(model: NodeModel) -> str:
    """Return what each source says of itself, and where all of it was read."""
    sources, where = text.sources_text(model.sources), place_text(model.place)
    return f"{sources}\n{where}" if where else sources


def sources_json(model: NodeModel) -> Mapping[str, Json]:
    """Return what a document about sources holds beside them."""
    return {"place": place_json(model.place)}


def place_json(place: Place | None) -> Json:
    """Return the place, with each right that matters there; null for none known."""
    if place is None:
        return None
    return {
        "kind": place.kind,
        "host_root": place.host_root or "/",
        "proc": place.proc,
        "netns": place.netns or None,
        "why": place.why,
        "rights": [
            {"name": right.name, "held": right.held, "without": right.without}
            for right in place.rights
        ],
    }
