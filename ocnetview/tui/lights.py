"""How a source's health looks: a sign, a word, a colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocnetview.facts import Source, SourceState
from ocnetview.tui.widgets.status_bar import Light
from ocnetview.units import age, printable


@dataclass(frozen=True, slots=True)
class _Look:
    sign: str
    word: str
    style: str


LOOKS = {
    SourceState.UP: _Look("●", "up", "$text-success"),
    SourceState.STALE: _Look("≈", "stale", "bold $text-warning"),
    SourceState.DOWN: _Look("✖", "down", "bold $text-error"),
    SourceState.ABSENT: _Look("○", "not there", "dim"),
    SourceState.WAITING: _Look("…", "waiting", "$text-warning"),
}


_DOUBTED = (SourceState.DOWN, SourceState.STALE)
"""States of a source whose last word may be out of date, the worst first."""


OLD = 180
"""Seconds after which also a source that is up should have been confirmed."""


def light(source: Source) -> Light:
    """Return a source's light; its reason is made safe to print."""
    look = LOOKS[source.state]
    doubted = source.state in _DOUBTED
    return Light(
        name=printable(source.name),
        sign=look.sign,
        word=look.word,
        style=look.style,
        reason=printable(source.reason),
        bad=doubted,
        idle=source.state is SourceState.ABSENT,
        how=printable(source.how),
        age=_age(source),
        old=source.age is not None and (doubted or source.age >= OLD),
    )


def _age(source: Source) -> str:
    """Return how long ago what a source said was known to be true."""
    if source.age is None:
        return ""
    return f"{age(source.age)} old" if source.age else "fresh"


def down(sources: Iterable[Source]) -> frozenset[str]:
    """Return the names of the sources whose last word may be out of date."""
    return frozenset(s.name for s in sources if s.state in _DOUBTED)


def note(sources: Iterable[Source]) -> str:
    """Return what a pane says of its sources that are down or stale: of the first."""
    known = tuple(sources)
    for source in [s for state in _DOUBTED for s in known if s.state is state][:1]:
        shown = light(source)
        reason = f": {shown.reason}" if shown.reason else ""
        return f"{shown.sign} {shown.name} {shown.word}{reason}"
    return ""


def silence(sources: Iterable[Source], otherwise: str) -> str:
    """Return why there are no rows: what a source lacks, else this."""
    known = tuple(sources)
    for state in (*_DOUBTED, SourceState.WAITING, SourceState.ABSENT):
        for source in known:
            if source.state is not state:
                continue
            shown = light(source)
            if state is SourceState.WAITING:
                return f"waiting for {shown.name}…"
            if state in _DOUBTED or all(s.state is state for s in known):
                reason = f": {shown.reason}" if shown.reason else ""
                return f"{shown.name} is {shown.word}{reason}"
    return otherwise if known else "waiting for the sources…"
