"""A question about a capture, with a key for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.tui.screens.answer import Answer
from ocnetview.tui.widgets.offers import offer, offers

BACK = ""
"""What is answered by who changes nothing."""


class AskScreen(ModalScreen[str]):
    """Gives the value of the answer, or `BACK`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "answer('')", "Back"),
    ]
    DEFAULT_CSS = """
    AskScreen {
        align: center middle;
        #frame {
            width: 70;
            max-width: 95%;
            height: auto;
            padding: 0 2;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        Static { height: auto; link-color: $foreground; link-style: none; }
        #asked { margin-bottom: 1; }
    }
    """

    def __init__(self, title: str, asked: str, answers: Sequence[Answer]) -> None:
        """Take what is asked, safe to print, and what can be answered."""
        super().__init__()
        self._title = title
        self.asked = asked
        self.answers = tuple(answers)

    def compose(self) -> ComposeResult:
        """Give the question, and a line for each answer."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = offers(("esc goes back", "screen.answer('')"))
            yield Static(Content(self.asked), id="asked")
            yield Static(Content("\n").join(map(_line, self.answers)))

    def on_key(self, event: events.Key) -> None:
        """Give the answer of this key."""
        for one in self.answers:
            if event.key == one.key:
                event.stop()
                self.dismiss(one.value)

    def action_answer(self, value: str) -> None:
        """Give an answer."""
        self.dismiss(value)

    def on_click(self, event: events.Click) -> None:
        """Go back at a click outside of the frame."""
        if event.widget is self:
            self.dismiss(BACK)


def _line(one: Answer) -> Content:
    """Return an answer with its key, given by a click too."""
    return offer(f"{one.key}  {one.text}", f"screen.answer('{one.value}')")
