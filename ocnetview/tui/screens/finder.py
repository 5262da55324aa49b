"""One box to find anything on the node by, with what it is, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input

from ocnetview.match.finder import Finder
from ocnetview.match.hits import Hit, spoken
from ocnetview.model import NodeModel
from ocnetview.tui.widgets.fitting import Heading
from ocnetview.tui.widgets.offers import offers
from ocnetview.tui.widgets.row import Row, Rows
from ocnetview.tui.widgets.row_table import RowTable

HEADINGS = (
    Heading("kind", "IS", 12),
    Heading("text", "FOUND", 20, grows=True, named=True, wants=40),
    Heading("of", "BELONGS TO", 20, grows=True, named=True, rank=1, wants=60),
)
EMPTY = (
    "Type any scrap: a pod, container, veth or command by some of its letters; a PID,"
    " ifindex, ofport or inode whole; the beginning of an IP, MAC or id."
)
CLOSES = ("escape closes", "screen.dismiss(None)")


class FinderScreen(ModalScreen[Hit | None]):
    """Gives what was chosen, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", tooltip="Close the finder"),
        Binding("enter", "choose", "Go there", tooltip="Go to what is found"),
        Binding("down,ctrl+n", "move(1)", "Next", show=False),
        Binding("up,ctrl+p", "move(-1)", "Previous", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    FinderScreen {
        align: center top;
        #finder {
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
        Input { width: 1fr; margin-bottom: 1; }
    }
    """

    table = query_one(RowTable)
    input = query_one(Input)

    def __init__(self, text: str = "") -> None:
        """Take what is typed already."""
        super().__init__()
        self._typed = text
        self._model = NodeModel()
        self._finder: Finder | None = None
        """Of this model, once something is looked for in it."""
        self._hits: dict[str, Hit] = {}

    def compose(self) -> ComposeResult:
        """Give the box, and the rows below it."""
        with Vertical(id="finder") as frame:
            frame.border_title = Content("Find")
            keys = ("enter goes there", "screen.choose"), CLOSES
            frame.border_subtitle = offers(*keys)
            yield Input(self._typed, compact=True, placeholder="anything on this node")
            yield RowTable(HEADINGS)

    def on_mount(self) -> None:
        """Follow the app's model, from now on with every process."""
        self.input.cursor_blink = False
        self.table.can_focus = False
        self.table.in_use = True
        self.input.focus()
        self.watch(self.app, "model", self._follow)

    def _follow(self, model: NodeModel) -> None:
        """Look among what there is now."""
        self._model, self._finder = model, None
        self._search()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed now."""
        event.stop()
        self._search()
        self.table.action_first()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the row."""
        event.stop()
        self.action_choose()

    def _search(self) -> None:
        """Show what is found."""
        text = self.input.value
        hits: Sequence[Hit] = ()
        if text.strip():
            self._finder = self._finder or Finder(self._model)
            hits = self._finder.search(text)
        self._hits = {hit.key: hit for hit in hits}
        keys = tuple(self._hits)
        self.table.rows = Rows(keys, lambda place: _row(self._hits[keys[place]]))
        self.table.empty = (
            f"nothing on this node answers to “{text.strip()}”" if text else EMPTY
        )

    def action_move(self, lines: int) -> None:
        """Move to another row."""
        self.table.action_move(lines)

    def action_page(self, pages: int) -> None:
        """Move by a page."""
        self.table.action_page(pages)

    def action_choose(self) -> None:
        """Give the row under the cursor, if there is one."""
        hit = self._hits.get(self.table.cursor)
        if hit:
            self.dismiss(hit)

    def on_click(self, event: events.Click) -> None:
        """Close at a click outside of the frame."""
        if event.widget is self:
            self.dismiss(None)

    def on_row_table_entered(self, event: RowTable.Entered) -> None:
        """Give the row that was double-clicked."""
        event.stop()
        self.action_choose()

    def on_row_table_selected(self, event: RowTable.Selected) -> None:
        """Let keys go to the box still."""
        event.stop()

    def on_row_table_scrolled(self, event: RowTable.Scrolled) -> None:
        """Keep it from the panes: these rows have no counters."""
        event.stop()


def _row(hit: Hit) -> Row:
    """Return a hit as a row."""
    return Row(hit.key, hit, lambda: spoken(hit))
