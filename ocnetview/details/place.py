"""Where ocnetview runs, why we think so, and what cannot be seen from there."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.details.section import Line, Section
from ocnetview.facts import Place
from ocnetview.units import printable


def place_detail(place: Place) -> Section:
    """Return the place, the signs that led to it, and each right that is missing."""
    lines = (Line(label, printable(text), bad) for label, text, bad in _lines(place))
    return Section("Where ocnetview runs", tuple(lines))


def _lines(place: Place) -> Iterator[tuple[str, str, bool]]:
    """Yield each thing to say, under its label, and whether it is amiss."""
    yield "place", str(place.kind), False
    if place.host_root:
        yield "host root", place.host_root, False
    if place.proc != "/proc":
        yield "processes", place.proc, False
    if place.netns:
        yield "links of", place.netns, False
    for sign in place.why:
        yield "why", sign, False
    if place.rights and all(right.held for right in place.rights):
        yield "rights", "all that it uses", False
    for right in place.rights:
        if not right.held:
            yield "not seen", f"{right.without}: needs {right.name}", True
