"""What details are made of."""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is known; safe to print."""

    label: str
    text: str
    bad: bool = False
    """Claims that something is wrong here."""


@dataclass(frozen=True, slots=True)
class Section:
    """What is known of the pod itself, of an interface, or of the containers."""

    title: str
    lines: tuple[Line, ...]


def as_text(sections: Sequence[Section]) -> str:
    """Return the sections as text, labels in one column."""
    lines = [line for section in sections for line in section.lines]
    width = max((len(line.label) for line in lines), default=0)
    blocks = []
    for section in sections:
        rows = [f"  {line.label:<{width}}  {line.text}" for line in section.lines]
        blocks.append("\n".join([section.title, *rows]))
    return "\n\n".join(blocks) + "\n"
