"""What a tab of the detail is."""

from __future__ import annotations

from collections.abc import Callable
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
