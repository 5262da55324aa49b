"""Where ocnetview runs, and what it cannot see there: as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocnetview.columns import Json
from ocnetview.facts import Place, Right
from ocnetview.model import NodeModel
from ocnetview.report import text
from ocnetview.units import printable


def place_lines(place: Place) -> Iterator[tuple[str, str]]:
    """Yield each thing to say about the place, with the word it is under; safe."""
    yield "place", str(place.kind)
    if place.host_root:
        yield "host root", printable(place.host_root)
    if place.proc != "/proc":
        yield "processes", printable(place.proc)
    if place.netns:
        yield "links of", printable(place.netns)
    for sign in place.why:
        yield "why", printable(sign)
    for right in missing(place):
        yield "not seen", f"{printable(right.without)}: needs {printable(right.name)}"


def missing(place: Place) -> Sequence[Right]:
    """Return the rights that we do not have there."""
    return [right for right in place.rights if not right.held]


def place_text(place: Place | None) -> str:
    """Return the place as lines, a word only once; empty for none that is known."""
    if place is None:
        return ""
    lines, before = [], ""
    for word, said in place_lines(place):
        lines.append(f"{'' if word == before else word:<10} {said}\n")
        before = word
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
