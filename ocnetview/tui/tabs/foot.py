"""The line below a tab: where its text is from, and how old it is."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from ocnetview.facts import SourceKind, SourceState
from ocnetview.facts.asked import Inside
from ocnetview.model import NodeModel
from ocnetview.tui.lights import light
from ocnetview.tui.tabs.answers import Answer, Failed
from ocnetview.tui.tabs.tab import Tab
from ocnetview.units import age, printable

_SILENT = (SourceState.ABSENT, SourceState.WAITING)


def foot_of(
    model: NodeModel,
    tab: Tab | None,
    answers: Mapping[Inside, Answer | None],
    now: float,
) -> Content:
    """Return the line; of what was read its own source, else the model's."""
    parts = []
    for what, answer in answers.items():
        if answer is not None and not isinstance(answer, Failed):
            about = f"{what} from " if len(answers) > 1 or (tab and tab.draw) else ""
            told = f"{about}{printable(answer.source)}"
            parts.append(f"{told}, read {_ago(now - answer.at)}")
    if tab and tab.draw:
        parts.append(_followed(model))
    return Content(" · ".join(filter(None, parts)))


def _ago(seconds: float) -> str:
    """Return how long ago something was."""
    return f"{age(seconds)} ago" if seconds >= 1 else "just now"


def _followed(model: NodeModel) -> str:
    """Return the sources of the model that answered, with their ages."""
    told = [s for s in model.sources if s.state not in _SILENT]
    lights = [light(s) for s in told if s.kind is not SourceKind.OTHER]
    names = (f"{shown.name} {shown.age or shown.word}" for shown in lights)
    return f"followed from {', '.join(names)}" if lights else ""
