"""The keys of here and now in one line, as many as fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

_LAST = 3
"""Keys at the end that are always there: how to learn of the others, how to leave."""
_EDGE = "▏"
"""Before the one that stands apart."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that does something now."""

    id: str
    """As Textual names it."""
    display: str
    """As people write it."""
    text: str
    tooltip: str

    @property
    def width(self) -> int:
        """Return its cells, with a space behind it."""
        return cell_len(f"{self.display} {self.text} ")


class KeyLine(Widget):
    """A footer that leaves out keys where not all fit, those before the last first.

    Textual's own mounts a widget for each key, anew after each change of what can be
    done: the dearest part of a refresh, and of the first paint.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "key-line--key",
        "key-line--text",
        "key-line--edge",
        "key-line--hover",
    }
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
        .key-line--key {
            color: $footer-key-foreground;
            background: $footer-key-background;
            text-style: bold;
        }
        .key-line--text {
            color: $footer-description-foreground;
            background: $footer-description-background;
        }
        .key-line--edge { color: $foreground 20%; }
        .key-line--hover {
            color: $footer-key-foreground;
            background: $block-hover-background;
        }
    }
    """

    keys: reactive[tuple[Key, ...]] = reactive(())
    """What can be done, the keys that are always there last."""
    apart: reactive[Key | None] = reactive(None)
    """The palette's, at the right end."""
    hovered: reactive[str] = reactive("")
    """The id of the key under the mouse."""

    def on_mount(self) -> None:
        """Hear of each change of what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, self._read)

    def _read(self, screen: Screen[object]) -> None:
        """Take the keys that do something now, each action once."""
        if screen is not self.screen or not self.is_attached:
            return
        found: dict[str, Key] = {}
        for _, binding, _, tooltip in screen.active_bindings.values():
            display = self.app.get_key_display(binding)
            key = Key(binding.key, display, binding.description, tooltip)
            if binding.key == self.app.COMMAND_PALETTE_BINDING:
                self.apart = key
            elif binding.show:
                found.setdefault(binding.action, key)
        self.keys = tuple(found.values())

    @property
    def fitting(self) -> Sequence[Key]:
        """Return the keys that fit beside one another."""
        keys = list(self.keys)
        room = self.size.width + 1 - (self.apart.width + 1 if self.apart else 0)
        while len(keys) > _LAST and sum(key.width for key in keys) > room:
            del keys[-_LAST - 1]
        return keys

    @property
    def places(self) -> Iterator[tuple[int, Key]]:
        """Yield the keys that are shown, each with its first cell."""
        at = 0
        for key in self.fitting:
            yield at, key
            at += key.width
        if self.apart:
            yield self.size.width - self.apart.width, self.apart

    def at(self, cell: int) -> Key | None:
        """Return the key that stands at a cell."""
        there = [(begin, key) for begin, key in self.places if begin <= cell]
        if not there:
            return None
        begin, key = there[-1]
        return key if cell < begin + key.width - 1 else None

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        del y
        plain = self.rich_style
        edge = self.apart.width + 1 if self.apart else 0
        room = self.size.width - edge
        strip = Strip(self._segments(self.fitting), self._length(self.fitting))
        strip = strip.adjust_cell_length(max(0, room), plain)
        if self.apart:
            bar = Segment(_EDGE, self.get_component_rich_style("key-line--edge"))
            strip = Strip([*strip, bar, *self._segments([self.apart])])
        return strip.adjust_cell_length(self.size.width, plain)

    def _segments(self, keys: Iterable[Key]) -> Iterator[Segment]:
        """Yield what the keys look like."""
        behind = Segment(" ", self.rich_style)
        for key in keys:
            if key.id == self.hovered:
                style = self.get_component_rich_style("key-line--hover")
                yield Segment(f"{key.display} {key.text}", style)
            else:
                bold = self.get_component_rich_style("key-line--key")
                usual = self.get_component_rich_style("key-line--text")
                yield Segment(key.display, bold)
                yield Segment(f" {key.text}", usual)
            yield behind

    @staticmethod
    def _length(keys: Iterable[Key]) -> int:
        """Return the cells of the keys side by side."""
        return sum(key.width for key in keys)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the mouse."""
        key = self.at(event.x)
        if key:
            self.app.simulate_key(key.id)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what the key under the mouse does."""
        key = self.at(event.x)
        self.hovered = key.id if key else ""
        self.tooltip = key.tooltip or key.text if key else None

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self.hovered = ""
