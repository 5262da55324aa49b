"""What a tab of the detail is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

from ocnetview.facts.inside import Inside
from ocnetview.model import NodeModel
from ocnetview.tui.tabs.subject import Subject


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of a subject: drawn from the model, read inside the pod, or both."""

    id: str
    title: str
    brief: str
    """Where there is little room."""
    can: Callable[[NodeModel, Subject], bool]
    """Claims that it makes sense for the subject."""
    draw: Callable[[NodeModel, Subject, int], Content] | None = None
    """Gives what the model says, this many cells wide; it follows the model."""
    asks: Inside | None = None
    """What is asked when the tab is looked at."""
    hides: Inside | None = None
    """What is asked when the user wants to see that, too."""


def labels_of(tabs: Sequence[Tab], room: int) -> list[str]:
    """Return the tabs' titles as they fit: with the digits to type, whole, or brief."""
    digits = [str(n % 10) if n <= 10 else " " for n in range(1, len(tabs) + 1)]  # noqa: PLR2004 - as many as there are digits
    numbered = [f"{n} {tab.title}" for n, tab in zip(digits, tabs, strict=True)]
    whole, brief = [tab.title for tab in tabs], [tab.brief for tab in tabs]
    for labels in (numbered, whole):
        if sum(map(len, labels)) + 2 * len(labels) <= room:
            return labels
    return brief
