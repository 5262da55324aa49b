"""Packets as they are captured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from ocnetview.errors import FilterError
from ocnetview.model.packets import Became, PacketRow
from ocnetview.tui.capture_flow import LEAVE, NEW, SAVE
from ocnetview.tui.capture_run import Run
from ocnetview.tui.commands.capture import OF_CAPTURE
from ocnetview.tui.screens.capture_head import foot_of, head_of
from ocnetview.tui.screens.capture_packet import PacketScreen
from ocnetview.tui.widgets.filter_bar import FilterBar
from ocnetview.tui.widgets.offers import offers
from ocnetview.tui.widgets.row_table import RowTable
from ocnetview.units import printable

LOST = f"fate:{Became.LOST}"
"""The filter of what was lost between two spots."""

WIDE = 100
"""Cells from which on all keys have room."""


class CaptureScreen(ModalScreen[None]):
    """Lists the packets of the app's capture, which goes on without it."""

    BINDINGS: ClassVar[list[BindingType]] = [*OF_CAPTURE]
    DEFAULT_CSS = """
    CaptureScreen {
        background: $surface;
        #frame {
            width: 100%;
            height: 100%;
            padding: 0 1;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-style: dim;
            background: $surface;
        }
        #head, #foot { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
        #foot { color: $text-muted; }
        RowTable { height: 1fr; scrollbar-gutter: stable; }
        FilterBar { padding: 0; }
        ToastRack { margin-bottom: 3; }
    }
    """

    table = query_one(RowTable)
    bar = query_one(FilterBar)

    def __init__(
        self,
        run: Run,
        ask: Callable[[str], None],
        explain: Callable[[], object],
        copy: Callable[[str], object],
    ) -> None:
        """Take the capture, and who asks the user what is to become of it.

        `ask` takes what the user wants of the capture; `explain` says what the keys do;
        `copy` offers the text that is shown.
        """
        super().__init__()
        self._capture = run
        self._ask = ask
        self._explain = explain
        self._copy = copy
        self._follows = True
        """Claims that the newest packet is to be in sight."""
        self._held: int | None = None
        """How many packets there were when the list was held; None: it goes on."""
        self._offered: tuple[tuple[str, str], ...] = ()
        self.head = Content("")
        self.foot = ""

    def compose(self) -> ComposeResult:
        """Give how it is doing, the packets, the filter, and where they are kept."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(f"Capture · {self._capture.title}")
            yield Static(id="head")
            yield RowTable(self._capture.listed.headings)
            yield FilterBar()
            yield Static(id="foot")

    def on_mount(self) -> None:
        """Show every change."""
        self.table.focus()
        self.watch(self.app, "captures", self.show)
        self.watch(self.app, "model", self._capture.listed.name_by)
        self.set_interval(1.0, self._draw_head)

    def on_resize(self) -> None:
        """Search the columns that are in sight now, and offer what has room."""
        self.call_after_refresh(self._draw_keys)
        if self._capture.listed.wanted:
            self.call_after_refresh(self._want, self._capture.listed.wanted)

    def show(self) -> None:
        """Show the capture as it is now, the list unless it is held."""
        self._list()
        self._draw_head()
        self._draw_keys()

    def _list(self) -> None:
        """List the packets; go on to the newest if it was in sight.

        A list that is held is without those that had to go since.
        """
        rows = self._capture.listed.rows(self._held)
        table = self.table
        table.empty = self._nothing()
        table.rows = rows
        if self._follows and rows:
            table.go_to(rows.keys[-1])

    def _nothing(self) -> str:
        """Return why there are no packets."""
        total = self._capture.captured.total
        wanted = printable(self._capture.listed.wanted)
        if total and wanted == LOST:
            return "none was lost" if self._capture.is_over else "none was lost yet"
        if total and wanted:
            return f"none of {total:,} packets holds “{wanted}”"
        if total:
            return "those that were here had to go"
        return "no packets were captured" if self._capture.is_over else "no packets yet"

    def _draw_head(self) -> None:
        """Say how it is doing, and where packets are kept."""
        run = self._capture
        head = head_of(run)
        if head != self.head:
            self.head = head
            self.query_one("#head", Static).update(head)
        held = self._held is not None
        since = run.captured.total - self._held if self._held is not None else 0
        foot = foot_of(run, len(self.table.rows), held=held, since=since)
        if foot != self.foot:
            self.foot = foot
            self.query_one("#foot", Static).update(Content(foot))

    def _draw_keys(self) -> None:
        """Say what can be done."""
        keys = tuple(self._keys())
        if keys != self._offered:
            self._offered = keys
            self.query_one("#frame").border_subtitle = offers(*keys)

    def _keys(self) -> Iterator[tuple[str, str]]:
        """Yield what can be done, with its action."""
        run = self._capture
        yield ("n new", "screen.new") if run.is_over else ("x stops", "screen.stop")
        wide, two = self.size.width >= WIDE, len(run.order.spots) > 1
        if wide or not two or self._held is None:
            yield ("enter packet", "screen.open")
        yield ("/ filter", "screen.filter")
        if two:
            yield ("l lost", "screen.lost")
        if self._held is not None:
            yield ("p goes on", "screen.hold")
        elif wide or not two:
            yield ("p holds", "screen.hold")
        if not run.order.file:
            yield ("w saves", "screen.save")
        back = "esc clears" if run.listed.wanted else "esc leaves"
        yield (back, "screen.back")
        if wide:
            yield ("y copies", "screen.copy")
        yield ("? helps" if wide else "?", "screen.help")

    def _newest(self) -> bool:
        """Claim that the cursor is on the newest packet."""
        keys = self.table.rows.keys
        return not keys or self.table.cursor == keys[-1]

    def on_row_table_selected(self, event: RowTable.Selected) -> None:
        """Follow the newest from now on, or stay at another."""
        event.stop()
        self._follows = self._newest()

    def on_row_table_scrolled(self, event: RowTable.Scrolled) -> None:
        """Stay where the user scrolled to."""
        event.stop()
        top, lines = self.table.scroll_offset.y, self.table.lines
        if top + lines < len(self.table.rows):
            self._follows = False

    def on_row_table_entered(self, event: RowTable.Entered) -> None:
        """Open the packet that was double-clicked."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Show all that the packet under the cursor says."""
        if self.table.cursor:
            self._follows = False
            first = self._capture.listed.row(int(self.table.cursor))
            self.app.push_screen(PacketScreen(first, self._row, self._step))

    def _row(self) -> PacketRow | None:
        """Return the packet under the cursor; None where all of them had to go."""
        cursor = self.table.cursor
        return self._capture.listed.row(int(cursor)) if cursor else None

    def _step(self, rows: int) -> None:
        """Go this many packets on."""
        self.table.action_move(rows)

    def action_hold(self) -> None:
        """Hold the list as it is, or show all that came since."""
        self._held = self._capture.captured.total if self._held is None else None
        self.show()

    def action_stop(self) -> None:
        """End the capture."""
        self._capture.stop()
        self.show()

    def action_filter(self) -> None:
        """Type a filter."""
        listed = self._capture.listed
        if not self.bar.is_open:
            self.bar.open("Filter packets:", listed.wanted, listed.completions)

    def action_lost(self) -> None:
        """Show only what was lost between two spots, or all again."""
        if len(self._capture.order.spots) > 1:
            self._want("" if self._capture.listed.wanted == LOST else LOST)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter while the user types."""
        event.stop()
        self._want(event.text)

    def on_filter_bar_closed(self, event: FilterBar.Closed) -> None:
        """Go back to the packets."""
        event.stop()
        self.table.focus()

    def _want(self, text: str) -> None:
        """List only what this keeps."""
        seen = [slot.heading.key for slot in self.table.slots]
        try:
            self._capture.listed.want(text, seen)
        except FilterError as error:
            self.bar.error = printable(str(error))
            return
        self.bar.error = ""
        self.show()

    def action_save(self) -> None:
        """Write what is in memory into a file."""
        self._ask(SAVE)

    def action_copy(self) -> None:
        """Offer the text of what is in sight, and what captures the same."""
        top, lines = self.table.scroll_offset.y, self.table.lines
        packets = self._capture.listed.text(self.table.rows[top : top + lines])
        self._copy(f"{self.head.plain}\n{packets}{self.foot}\n")

    def action_new(self) -> None:
        """Begin another capture."""
        self._ask(NEW)

    def action_back(self) -> None:
        """List all packets again, else leave."""
        if self._capture.listed.wanted:
            self._want("")
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Go back to the panes: the capture goes on, or ends, as the user likes."""
        self._ask(LEAVE)

    def action_help(self) -> None:
        """Say what the keys do, those of here first."""
        self._explain()
