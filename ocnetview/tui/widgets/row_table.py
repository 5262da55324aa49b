"""The one table: rows replaced whole, drawn as far as they are in sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ocnetview.tui.widgets.drawing import GUTTER, HEADER, Aim, Drawing, Lines
from ocnetview.tui.widgets.fitting import Heading, Slot, fit
from ocnetview.tui.widgets.row import Rows, heir
from ocnetview.tui.widgets.table_looks import CSS, PARTS


class RowTable(ScrollView, can_focus=True):
    """A table, or a tree drawn as one, whose cursor stays with its row."""

    ALLOW_SELECT = False
    MOVES: ClassVar[tuple[Binding, ...]] = (
        Binding("up,k", "move(-1)", "Up", show=False, id="up"),
        Binding("down,j", "move(1)", "Down", show=False, id="down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="page_up"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="page_down"),
        Binding("home,g", "first", "First row", show=False, id="first"),
        Binding("end,G", "last", "Last row", show=False, id="last"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*MOVES]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(PARTS)
    DEFAULT_CSS = CSS

    headings: var[tuple[Heading, ...]] = var(())
    """The columns, in order."""
    rows: var[Rows] = var(Rows())
    """Replaced whole; the cursor stays with its row, or moves to the nearest."""
    linked: var[frozenset[str]] = var(frozenset[str]())
    """Keys of the rows that belong to what is selected elsewhere."""
    cursor: var[str] = var("")
    """The key of the row under the cursor; empty only when no row is there."""
    in_use: var[bool] = var(default=False)
    """Claims that the cursor is the user's, even while the keys go elsewhere."""
    sorted_by: var[tuple[str, bool]] = var(("", False))
    """The heading that carries the sort marker, and whether it points down."""
    bare: var[frozenset[str]] = var(frozenset[str]())
    """Keys of the columns that hold nothing in any row; they are narrow."""
    empty: var[str] = var("")
    """What is said when there are no rows."""

    class _OfTable(Message):
        """A message about a row or a heading of a table."""

        def __init__(self, table: RowTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> RowTable:
            """Return the table."""
            return self.table

    class Selected(_OfTable):
        """The user moved the cursor to this row."""

    class Entered(_OfTable):
        """The user double-clicked this row."""

    class Scrolled(_OfTable):
        """Other rows are in sight."""

    class HandleClicked(_OfTable):
        """The user clicked what folds this row."""

    class HeaderClicked(_OfTable):
        """The user clicked the heading with this key."""

    def __init__(self, headings: tuple[Heading, ...], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Take the columns."""
        super().__init__(id=id)
        self.set_reactive(RowTable.headings, headings)
        self._places: Mapping[str, int] = {}
        self._lines = Lines()
        self._pressed = self._aim = Aim()
        """What the mouse is pressed on, and where its first click was."""
        self._drawn: dict[int, Strip] = {}
        """The lines as they were drawn last."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return the columns that are in sight, each at its place."""
        return self._drawing().slots

    @property
    def place(self) -> int:
        """Return the cursor's row number, from 0."""
        return self._places.get(self.cursor, 0)

    def watch_rows(self, before: Rows, rows: Rows) -> None:
        """Keep the cursor on its row, or hand it to the nearest; hold what is seen."""
        place, in_sight = self.place, self._in_sight(self.place)
        seen = self._seen(before)
        if rows.keys != before.keys:
            self._places = {key: number for number, key in enumerate(rows.keys)}
            self._make_room(Size(0, len(rows) + HEADER))
        if not self._is_there(self.cursor):
            self.cursor = heir(before.keys, place, self._living())
        self._hold(seen)
        if in_sight:
            self._show_cursor()
        self._redraw()

    def _make_room(self, size: Size) -> None:
        """Take so many lines; the screen is laid out anew only for a scrollbar's sake.

        That draws everything, which is dear where rows come and go all the time.
        """
        scrolls = size.height > self.size.height
        if scrolls is not self.show_vertical_scrollbar:
            self.virtual_size = size
            return
        self.set_reactive(RowTable.virtual_size, size)
        if scrolls:
            self.vertical_scrollbar.window_virtual_size = size.height

    def watch_cursor(self) -> None:
        """Draw what looks otherwise now."""
        self._redraw()

    watch_linked = watch_in_use = watch_sorted_by = watch_cursor
    watch_bare = watch_headings = watch_empty = on_focus = on_blur = watch_cursor

    def _redraw(self) -> None:
        """Draw those lines again that are no longer as they were drawn last."""
        width, height = self.size
        for y, line in enumerate(self._lines.all(self._drawing(), height)):
            if self._drawn.get(y) != line:
                self.refresh(Region(0, y, width, 1))

    def _drawing(self) -> Drawing:
        """Return what all lines are drawn by now."""
        room = self.scrollable_content_region.width
        return Drawing(
            width=room,
            top=self.scroll_offset.y,
            slots=fit(self.headings, max(1, room - GUTTER - 1), self.bare),
            rows=self.rows,
            cursor=self.cursor,
            lit=self.has_focus or self.in_use,
            linked=self.linked,
            sorted_by=self.sorted_by,
            empty=self.empty,
            style=self._style,
        )

    def _is_there(self, key: str) -> bool:
        """Claim that there is such a row, and that it is not gone."""
        return key in self._places and key not in self.rows.gone

    def _living(self) -> Mapping[str, int]:
        """Return the keys that the cursor can be on, in order, each with its rank."""
        keys = (key for key in self.rows.keys if key not in self.rows.gone)
        return {key: rank for rank, key in enumerate(keys)}

    def _seen(self, rows: Rows) -> Mapping[str, int]:
        """Return the lines of the rows in sight by key, the cursor's first."""
        top = self.scroll_offset.y
        keys = rows.keys[top : top + self.lines]
        lines = {key: line for line, key in enumerate(keys)}
        return {k: lines[k] for k in (self.cursor, *lines) if k in lines}

    def _hold(self, seen: Mapping[str, int]) -> None:
        """Scroll so that the first of these rows that is left stays at its line."""
        for key, line in seen.items():
            if key in self._places:
                self._scroll(self._places[key] - line)
                return

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._show_cursor()

    def go_to(self, key: str) -> bool:
        """Move the cursor to this row, without a message; claim that it is here."""
        there = self._is_there(key)
        if there:
            self.cursor = key
            self._show_cursor()
        return there

    def action_move(self, lines: int) -> None:
        """Move the cursor down by this many rows, past those that are gone."""
        living = self._living()
        if living:
            rank = min(max(0, living[self.cursor] + lines), len(living) - 1)
            self.go_to(tuple(living)[rank])
            self.post_message(self.Selected(self, self.cursor))

    def action_page(self, pages: int) -> None:
        """Move the cursor down by this many screenfuls."""
        self.action_move(pages * max(1, self.size.height - HEADER - 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.action_move(-len(self.rows))

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.action_move(len(self.rows))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Keep what is pressed."""
        self._pressed = self._drawing().aim_at(event.x, event.y)

    def on_click(self, event: events.Click) -> None:
        """Select the row, tell of its handle or the heading, enter on a double click.

        The first press may lead to another layout, with other rows under the mouse.
        """
        event.stop()
        if event.chain == 1:
            self._aim = self._pressed
        aim = self._aim
        if aim.heading:
            self.post_message(self.HeaderClicked(self, aim.heading))
        elif aim.row and self.go_to(aim.row):
            self.post_message(self.Selected(self, self.cursor))
            if aim.handle:
                self.post_message(self.HandleClicked(self, self.cursor))
            elif event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Entered(self, self.cursor))

    def _in_sight(self, place: int) -> bool:
        """Claim that the row with this number is drawn."""
        top = self.scroll_offset.y
        return top <= place < top + self.lines

    @property
    def lines(self) -> int:
        """Return how many rows are in sight at most."""
        return max(1, self.size.height - HEADER)

    def _show_cursor(self) -> None:
        """Scroll as little as brings the cursor's row into sight."""
        top = max(self.scroll_offset.y, self.place - self.lines + 1)
        self._scroll(min(top, self.place))

    def _scroll(self, top: int) -> None:
        """Scroll to this row, or as near as the rows allow."""
        top = max(0, min(top, len(self.rows) - self.lines))
        if top != self.scroll_offset.y:
            # Forced: before its first layout a view takes itself for unscrollable.
            self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        line = self._drawn[y] = self._lines.line(self._drawing(), y)
        return line

    def notify_style_update(self) -> None:
        """Draw with other styles."""
        self._lines.forget()
        super().notify_style_update()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw other rows."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled(self, self.cursor))

    def _style(self, *names: str, partial: bool = False) -> Style:
        """Return the looks of these parts of a table, the last over the first."""
        parts = (f"row-table--{name}" for name in names)
        return self.get_component_rich_style(*parts, partial=partial)
