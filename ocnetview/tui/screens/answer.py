"""What can be answered to a question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that can be answered."""

    key: str
    """A letter."""
    value: str
    text: str
    """What happens then; safe to print."""
