"""A line, or two where there is room, that spell a way hop by hop."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ocnetview.tui.widgets.fitting import cut
from ocnetview.tui.widgets.way import Hop, spell

GAP = 2
"""Cells between the way and what is wrong."""
TROUBLE = "bold $text-error"


class PathLine(Widget):
    """Shows the hops joined by arrows, shortened where they are too wide."""

    DEFAULT_CSS = """
    PathLine { height: 1; padding: 0 1; }
    """

    hops: reactive[tuple[Hop, ...]] = reactive[tuple[Hop, ...]](())
    empty: reactive[str] = reactive("")
    """What is said when there are no hops."""
    trouble: reactive[str] = reactive("")
    """What is wrong with where the way begins; safe to print."""

    def watch_hops(self) -> None:
        """Let the whole way be read by pointing at the line."""
        lines = ["\n→ ".join(hop.text for hop in self.hops)] if self.hops else []
        lines += [f"✖ {self.trouble}"] if self.trouble else []
        self.tooltip = Content("\n".join(lines)) if lines else None

    watch_trouble = watch_hops

    def render(self) -> Content:
        """Draw the way and what is wrong; texts are never taken as markup."""
        if not self.hops:
            return Content.styled(self.empty, "dim")
        room, lines = self.content_size
        trouble = f"✖ {self.trouble}" if self.trouble else ""
        below = (cut(trouble, room), TROUBLE)
        if lines > 1 and trouble:
            return Content.assemble(*spell(self.hops, room), "\n", below)
        if lines > 1:
            return Content("\n".join(spell(self.hops, room, lines)))
        # What is wrong may take half of the line, and more where the way is short.
        left = room - min(cell_len(trouble) + GAP, room // 2) if trouble else room
        (way,) = spell(self.hops, left)
        left = room - cell_len(way) - GAP
        return Content.assemble(way, (" " * GAP + cut(trouble, left), TROUBLE))
