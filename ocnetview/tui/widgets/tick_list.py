"""A list whose entries are ticked and put in order, by keys and by the mouse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ocnetview.tui.widgets.fitting import pad

_UP, _DOWN = " ↑", " ↓"
"""What a click moves the entry under the cursor by."""


@dataclass(frozen=True, slots=True)
class Tick:
    """An entry."""

    key: str
    text: str
    """Safe to print."""
    ticked: bool
    note: str = ""
    """What is said behind it; safe to print."""


class TickList(ScrollView, can_focus=True):
    """Shows entries with a tick; the user ticks them and moves them up and down."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "go(-1)", "Up", show=False),
        Binding("down,j", "go(1)", "Down", show=False),
        Binding("home,g", "go(-999)", "First", show=False),
        Binding("end,G", "go(999)", "Last", show=False),
        Binding("shift+up,K", "move(-1)", "Move up"),
        Binding("shift+down,J", "move(1)", "Move down"),
        Binding("space", "tick", "Tick"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tick-list--cursor", "tick-list--off"}
    DEFAULT_CSS = """
    TickList {
        height: auto;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        .tick-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        .tick-list--off { text-style: dim; }
    }
    """

    ticks: reactive[tuple[Tick, ...]] = reactive[tuple[Tick, ...]](())
    place: reactive[int] = reactive(0)
    """The number of the entry under the cursor."""

    class Changed(Message):
        """The user ticked or moved an entry."""

    def watch_ticks(self, ticks: tuple[Tick, ...]) -> None:
        """Take as many lines as there are entries."""
        self.virtual_size = Size(0, len(ticks))
        self.place = min(self.place, max(0, len(ticks) - 1))

    def watch_place(self, place: int) -> None:
        """Keep the cursor in sight."""
        top, lines = self.scroll_offset.y, max(1, self.size.height)
        if not top <= place < top + lines:
            y = place if place < top else place - lines + 1
            self.scroll_to(y=y, animate=False, immediate=True, force=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Return as many lines as there are entries."""
        return len(self.ticks)

    @property
    def current(self) -> str:
        """Return the key under the cursor; empty where there are no entries."""
        return self.ticks[self.place].key if self.ticks else ""

    def action_go(self, lines: int) -> None:
        """Move the cursor down by so many entries."""
        self.place = min(max(0, self.place + lines), max(0, len(self.ticks) - 1))

    def action_move(self, lines: int) -> None:
        """Move the entry under the cursor down by so many."""
        to = self.place + lines
        if self.ticks and 0 <= to < len(self.ticks):
            moved = list(self.ticks)
            moved.insert(to, moved.pop(self.place))
            self.ticks = tuple(moved)
            self.place = to
            self.post_message(self.Changed())

    def action_tick(self) -> None:
        """Tick the entry under the cursor, or take its tick away."""
        if self.ticks:
            before = self.ticks[self.place]
            after = replace(before, ticked=not before.ticked)
            ticks = (after if tick is before else tick for tick in self.ticks)
            self.ticks = tuple(ticks)
            self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Tick the entry that was clicked, or move it by the arrows at its end."""
        event.stop()
        place = event.y + self.scroll_offset.y
        if place >= len(self.ticks):
            return
        arrows = self.scrollable_content_region.width - event.x
        if place == self.place and arrows <= len(_UP + _DOWN):
            self.action_move(1 if arrows <= len(_DOWN) else -1)
        else:
            self.place = place
            self.action_tick()

    def render_line(self, y: int) -> Strip:
        """Draw an entry."""
        place, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if place >= len(self.ticks):
            return Strip.blank(width, self.rich_style)
        tick, here = self.ticks[place], place == self.place
        box = "[x]" if tick.ticked else "[ ]"
        line = f"{'▌' if here else ' '}{box} {tick.text}  {tick.note}"
        arrows = _UP + _DOWN if here else ""
        text = pad(line, max(0, width - len(arrows))) + arrows
        return Strip([Segment(text, self._look(tick, here=here))])

    def _look(self, tick: Tick, *, here: bool) -> Style:
        """Return how an entry is drawn."""
        if here:
            return self.get_component_rich_style("tick-list--cursor")
        off = self.get_component_rich_style("tick-list--off")
        return self.rich_style if tick.ticked else off
