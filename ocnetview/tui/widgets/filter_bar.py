"""One line to type a filter into."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.reactive import var
from textual.widgets import Input, Label


class FilterBar(Horizontal):
    """Takes a filter's text, and tells of each letter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Show all rows again"),
        Binding("enter,down,up", "keep", "Keep", tooltip="Keep the filter"),
    ]
    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        padding: 0 1;
        display: none;
        &.-open { display: block; }
        Label { width: auto; padding-right: 1; text-style: bold; }
        Input { width: 1fr; }
        .hint { text-style: dim; padding: 0 0 0 1; }
    }
    """

    caption: var[str] = var("")
    """What is filtered."""

    input = query_one(Input)

    class Changed(Message):
        """The user typed; this is the text now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """The user is done; the filter stays as the last `Changed` said."""

    def compose(self) -> ComposeResult:
        """Give the caption, the line to type into, and what ends it."""
        yield Label(id="caption", markup=False)
        yield Input(compact=True, select_on_focus=False)
        yield Label("enter keeps · escape clears", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Keep the cursor still: a screen at rest draws nothing."""
        self.input.cursor_blink = False

    def watch_caption(self, caption: str) -> None:
        """Show what is filtered."""
        if self.is_mounted:
            self.query_one("#caption", Label).update(Content(caption))

    @property
    def is_open(self) -> bool:
        """Claim that the user is typing a filter."""
        return self.has_class("-open")

    def open(self, caption: str, text: str) -> None:
        """Begin to type, with what is there already."""
        self.caption = caption
        self.add_class("-open")
        self.input.value = text
        self.input.cursor_position = len(text)
        self.input.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell of each letter."""
        event.stop()
        if self.is_open:
            self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.action_keep()

    def on_descendant_blur(self) -> None:
        """Keep the filter when the user turns to something else."""
        self.action_keep()

    def action_keep(self) -> None:
        """Close the line; the filter stays."""
        if self.is_open:
            self.remove_class("-open")
            self.post_message(self.Closed())

    def action_clear(self) -> None:
        """Close the line and take the filter away."""
        self.post_message(self.Changed(""))
        self.action_keep()
