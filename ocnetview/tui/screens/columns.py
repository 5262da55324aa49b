"""Which columns a pane shows, in which order, and by which it is sorted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.columns import Column
from ocnetview.tui.panes.pane import Pane
from ocnetview.tui.widgets.offers import offer
from ocnetview.tui.widgets.tick_list import Tick, TickList

_KEYS = (
    Content("space      show or hide"),
    Content("shift+↑ ↓  move (also K J)"),
    offer("s          sort, again: turn", "screen.sort"),
    offer("r          reset", "screen.reset"),
    offer("enter      apply", "screen.dismiss"),
    offer("escape     as it was", "screen.cancel"),
)


class ColumnsScreen(ModalScreen[None]):
    """Shows a pane's columns beside the pane, which follows every change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,C,q", "dismiss", "Apply"),
        Binding("escape", "cancel", "As it was"),
        Binding("s", "sort", "Sort"),
        Binding("r", "reset", "Reset"),
    ]
    DEFAULT_CSS = """
    ColumnsScreen {
        align: right middle;
        background: transparent;
        #frame {
            width: 34;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            background: $surface;
        }
        TickList { max-height: 1fr; }
        Static {
            height: auto;
            margin-top: 1;
            text-style: dim;
            link-color: $foreground;
            link-style: none;
        }
    }
    """

    list = query_one(TickList)

    def __init__(self, pane: Pane) -> None:
        """Take the pane."""
        super().__init__()
        self._pane = pane
        self._before = (pane.columns, pane.order)

    def compose(self) -> ComposeResult:
        """Give the columns, and what can be done with them."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Columns of {self._pane.lens.noun}")
            yield TickList()
            yield Static(Content("\n").join(_KEYS))

    def on_mount(self) -> None:
        """Begin with what is in sight."""
        self._begin()
        self.list.focus()

    def _begin(self) -> None:
        """Tick what was chosen, else what there is room for; the others below."""
        columns: dict[str, Column[Any]] = {c.key: c for c in self._pane.lens.columns}
        ticked = self._pane.columns or self._seen()
        keys = dict.fromkeys((*self._pane.columns, *columns))
        ticks = (Tick(key, columns[key].title, key in ticked) for key in keys)
        self.list.ticks = tuple(ticks)
        self._note()

    def _seen(self) -> tuple[str, ...]:
        """Return the keys of the columns that there is room for."""
        return tuple(slot.heading.key for slot in self._pane.table.slots)

    def _note(self) -> None:
        """Say which column sorts, and which has no room."""
        order, seen = self._pane.order, self._seen()
        notes = dict.fromkeys(seen, "")
        if order.column:
            notes[order.column] = "▼" if order.down else "▲"
        self.list.ticks = tuple(
            replace(tick, note=notes.get(tick.key, "no room" if tick.ticked else ""))
            for tick in self.list.ticks
        )

    def on_tick_list_changed(self) -> None:
        """Show what is ticked; the last one stays."""
        ticked = tuple(tick.key for tick in self.list.ticks if tick.ticked)
        if not ticked:
            self.list.action_tick()
            return
        self._pane.columns = ticked
        self._note()

    def action_sort(self) -> None:
        """Sort by the column under the cursor; when it does already, turn round."""
        self._pane.sort_by(self.list.current)
        self._note()

    def action_reset(self) -> None:
        """Show as many columns as there is room for, in their own order."""
        self._pane.columns = ()
        self._begin()

    def action_cancel(self) -> None:
        """Leave the pane as it was."""
        self._pane.columns, self._pane.order = self._before
        self.dismiss()

    def on_click(self, event: events.Click) -> None:
        """Apply at a click outside of the frame."""
        if event.widget is self:
            self.dismiss()
