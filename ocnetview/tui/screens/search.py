"""A box above a table that shows what is found, as it is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.screen import ScreenResultType
from textual.widgets import Input

from ocnetview.match.finder import Finder
from ocnetview.model import NodeModel
from ocnetview.tui.screens.picker import Picker


class Search(Picker[ScreenResultType]):
    """Looks in the app's model; the keys that move the cursor work from the box."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Next", show=False),
        Binding("up,ctrl+p", "move(-1)", "Previous", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    Search {
        align: center top;
        #frame {
            width: 90%;
            max-width: 120;
            height: 80%;
            margin-top: 1;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        Input { width: 1fr; }
    }
    """

    input = query_one(Input)

    def __init__(self) -> None:
        """Begin with no model."""
        super().__init__()
        self._model = NodeModel()
        self._finder: Finder | None = None
        """Of this model, once something is looked for in it."""

    def on_mount(self) -> None:
        """Follow the app's model."""
        self.input.cursor_blink = False
        self.table.can_focus = False
        self.table.in_use = True
        self.input.focus()
        self.watch(self.app, "model", self._follow)

    def _follow(self, model: NodeModel) -> None:
        """Look among what there is now."""
        self._model, self._finder = model, None
        self._search()

    def _search(self) -> None:
        """Show what is found; each screen knows what it looks for."""
        raise NotImplementedError

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed now."""
        event.stop()
        self._search()
        self.table.action_first()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the row under the cursor."""
        event.stop()
        self.action_choose()

    def action_move(self, lines: int) -> None:
        """Move to another row."""
        self.table.action_move(lines)

    def action_page(self, pages: int) -> None:
        """Move by a page."""
        self.table.action_page(pages)
