"""Where captured packets are to be written, asked until they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ocnetview.errors import ProbeError
from ocnetview.tui.widgets.offers import offers
from ocnetview.units import printable


class Written(Message):
    """The writing of a file came to its end."""

    def __init__(self, path: str, error: str) -> None:
        """Take the file, and why it could not be written."""
        super().__init__()
        self.path = path
        self.error = error


class SaveScreen(ModalScreen[str]):
    """Gives the file that was written; empty where none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel"),
        Binding("enter", "save", "Save"),
    ]
    DEFAULT_CSS = """
    SaveScreen {
        align: center middle;
        #frame {
            width: 90%;
            max-width: 100;
            height: auto;
            padding: 0 2;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        Static { height: auto; }
        #said.-wrong { color: $text-error; }
    }
    """

    input = query_one(Input)

    def __init__(
        self, what: str, path: str, saver: Callable[[], Callable[[Path], None]]
    ) -> None:
        """Take what is written, a path to begin with, and what gives what writes it.

        That is called in a thread; it raises ProbeError.
        """
        super().__init__()
        self._what = what
        self._path = path
        self._saver = saver
        self._writing = False
        self.said = ""

    def compose(self) -> ComposeResult:
        """Give the line for the path, and what is to be said of it."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Save {self._what}")
            frame.border_subtitle = offers(
                ("enter saves", "screen.save"), ("esc does not", "screen.leave")
            )
            yield Input(self._path, compact=True, select_on_focus=False)
            yield Static(id="said")

    def on_mount(self) -> None:
        """Begin to type."""
        self.input.cursor_blink = False
        self.input.action_home()
        # It scrolls with its cursor, as far as it knows how wide it is.
        self.call_after_refresh(self.input.action_end)
        self.input.focus()
        self._say("as pcapng, for Wireshark and tshark")

    def _say(self, text: str, *, wrong: bool = False) -> None:
        """Say something below the line."""
        self.said = f"✖ {text}" if wrong else text
        line = self.query_one("#said", Static)
        line.set_class(wrong, "-wrong")
        line.update(Content(self.said))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write it."""
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Write it; no file that is there is replaced."""
        text = self.input.value.strip()
        if self._writing:
            return
        if not text:
            self._say("type the path of a file", wrong=True)
            return
        path = Path(text).expanduser()
        self._writing = True
        self._say("writing…")
        write = self._saver()
        self.run_worker(lambda: self._work(write, path), thread=True)

    def _work(self, write: Callable[[Path], None], path: Path) -> None:
        """Write it; in a thread."""
        error = ""
        try:
            write(path)
        except ProbeError as reason:
            error = str(reason)
        self.post_message(Written(str(path), error))

    def on_written(self, event: Written) -> None:
        """End with the file, or say why there is none."""
        self._writing = False
        if event.error:
            self._say(printable(event.error), wrong=True)
        else:
            self.dismiss(event.path)

    def action_leave(self) -> None:
        """Leave without a file, unless one is being written."""
        if not self._writing:
            self.dismiss("")

    def on_click(self, event: events.Click) -> None:
        """Leave at a click outside of the frame."""
        if event.widget is self:
            self.action_leave()
