"""One line of choices, one of which is taken; a click takes another."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen."""

    key: str
    text: str
    """Safe to print."""


class ChoiceBar(Widget):
    """Shows choices side by side, the current one in brackets."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ChoiceBar { height: 1; padding: 0 1; }
    """

    choices: reactive[tuple[Choice, ...]] = reactive[tuple[Choice, ...]](())
    current: reactive[str] = reactive("")
    """The key of the choice that is taken."""
    lead = 0
    """Cells before the first choice."""

    class Chosen(Message):
        """The user took a choice."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def labels(self) -> list[tuple[str, str]]:
        """Return key and text of the choices in sight, the current one among them."""
        room = max(1, self.content_size.width - self.lead)
        labels = [(choice.key, self._label(choice)) for choice in self.choices]
        keys = [key for key, _ in labels]
        at = keys.index(self.current) if self.current in keys else 0
        first = 0
        while first < at and sum(cell_len(t) for _, t in labels[first : at + 1]) > room:
            first += 1
        return labels[first:]

    def _label(self, choice: Choice) -> str:
        """Return a choice's text; brackets mark the current one without colour."""
        taken = choice.key == self.current
        return f"[{choice.text}]" if taken else f" {choice.text} "

    def render(self) -> Content:
        """Draw the choices; texts are never taken as markup."""
        parts = [
            Content.styled(text, "bold $text-primary" if key == self.current else "dim")
            for key, text in self.labels()
        ]
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Take the choice that was clicked."""
        event.stop()
        end = self.gutter.left + self.lead
        for key, text in self.labels():
            start, end = end, end + cell_len(text)
            if start <= event.x < end:
                self.post_message(self.Chosen(key))
