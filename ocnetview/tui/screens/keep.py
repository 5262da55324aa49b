"""What is about to be kept in the settings file, and where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.config_file import Tables, toml_lines
from ocnetview.tui.panes.view import View
from ocnetview.tui.selection import PaneId
from ocnetview.tui.views import TABLE
from ocnetview.tui.widgets.offers import offers
from ocnetview.units import printable


class KeepScreen(ModalScreen[Tables | None]):
    """Asks whether to keep the views, with the filters or without; gives tables."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,K", "keep", "Keep"),
        Binding("escape,q", "dismiss", "Cancel"),
        Binding("space,f", "filters", "Filters too"),
    ]
    DEFAULT_CSS = """
    KeepScreen {
        align: center middle;
        #frame {
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
        Static { height: auto; }
        #filters { margin-bottom: 1; }
    }
    """

    def __init__(self, views: Mapping[PaneId, View], path: Path) -> None:
        """Take the views of all panes, and the file."""
        super().__init__()
        self._views = views
        self._path = path
        self._filters = False

    @property
    def tables(self) -> Tables:
        """Return what is to be written: an empty table is taken away."""
        return {
            (TABLE, str(pane)): view.table(filters=self._filters)
            for pane, view in self._views.items()
        }

    def compose(self) -> ComposeResult:
        """Give the question, and what will be written."""
        with VerticalScroll(id="frame") as frame:
            frame.border_title = Content("Keep the view")
            frame.border_subtitle = offers(
                ("enter keeps", "screen.keep"),
                ("space filters too", "screen.filters"),
                ("escape does not", "screen.dismiss"),
            )
            yield Static(Content(f"In {printable(str(self._path))}{self._passing()}"))
            yield Static(id="filters")
            yield Static(id="tables")

    def _passing(self) -> str:
        """Return that what is kept there will not last, where that is so."""
        passes = str(self._path).startswith("/run/")
        return ", which ends with this node" if passes else ""

    def on_mount(self) -> None:
        """Say what will be written."""
        self._show()

    def _show(self) -> None:
        """Draw the tick and the tables."""
        box = "[x]" if self._filters else "[ ]"
        self.query_one("#filters", Static).update(Content(f"{box} the filters too"))
        lines: list[str] = []
        for name, values in self.tables.items():
            if values:
                lines += [f"[{'.'.join(name)}]", *toml_lines(values), ""]
        text = "\n".join(map(printable, lines)).rstrip()
        nothing = "nothing: every pane is as it is at first; what was kept goes"
        self.query_one("#tables", Static).update(Content(text or nothing))

    def action_filters(self) -> None:
        """Keep the filters too, or not."""
        self._filters = not self._filters
        self._show()

    def action_keep(self) -> None:
        """Give what is to be written."""
        self.dismiss(self.tables)

    def on_click(self, event: events.Click) -> None:
        """Tick at a click on the tick; leave at one outside of the frame."""
        if event.widget is self:
            self.dismiss()
        elif event.widget is self.query_one("#filters"):
            self.action_filters()
