"""A sheet of text above the panes, closed by any of the usual keys or a click."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.tui.widgets.offers import offers


class Sheet(ModalScreen[None]):
    """Shows a text that scrolls, under a title."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,f1,S,d", "dismiss", "Close"),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]
    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        #sheet {
            width: 90%;
            max-width: 92;
            height: auto;
            max-height: 90%;
            padding: 0 2;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
            scrollbar-size-vertical: 1;
        }
        Static { width: 1fr; height: auto; }
    }
    """

    def __init__(self, title: str, text: Content) -> None:
        """Take what is shown."""
        super().__init__()
        self._title = title
        self.text = text

    def compose(self) -> ComposeResult:
        """Give the text in a frame."""
        with VerticalScroll(id="sheet") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = offers(("escape closes", "screen.dismiss"))
            yield Static(self.text)

    def show(self, text: Content) -> None:
        """Replace the text, once the screen is there."""
        self.text = text
        self.query_one(Static).update(text)

    @property
    def room(self) -> int:
        """Return how many cells a line has."""
        return self.query_one("#sheet").scrollable_content_region.width

    def action_scroll(self, lines: int) -> None:
        """Scroll down by this many lines."""
        self.query_one("#sheet", VerticalScroll).scroll_relative(y=lines, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss()
