"""A line, or two where there is room, that spell a way hop by hop."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ocnetview.tui.widgets.fitting import cut, shorten

JOINT = " → "
ARROW = "  → "
"""What a second line begins with."""
GAP = 2
"""Cells between the way and what is wrong."""
TROUBLE = "bold $text-error"


class PathLine(Widget):
    """Shows the hops joined by arrows, those in the middle left out when too wide."""

    DEFAULT_CSS = """
    PathLine { height: 1; padding: 0 1; }
    """

    hops: reactive[tuple[str, ...]] = reactive[tuple[str, ...]](())
    """Texts that are safe to print."""
    empty: reactive[str] = reactive("")
    """What is said when there are no hops."""
    trouble: reactive[str] = reactive("")
    """What is wrong with where the way begins; safe to print."""

    def watch_hops(self) -> None:
        """Let the whole way be read by pointing at the line."""
        lines = ["\n→ ".join(self.hops)] if self.hops else []
        lines += [f"✖ {self.trouble}"] if self.trouble else []
        self.tooltip = Content("\n".join(lines)) if lines else None

    watch_trouble = watch_hops

    def render(self) -> Content:
        """Draw the way and what is wrong; texts are never taken as markup."""
        if not self.hops:
            return Content.styled(self.empty, "dim")
        room, lines = self.content_size
        trouble = f"✖ {self.trouble}" if self.trouble else ""
        if lines > 1:
            below = (cut(trouble, room), TROUBLE)
            upper, lower = self._two_lines(room)
            rest = (upper, "\n", below) if trouble else (upper, "\n", lower)
            return Content.assemble(*rest)
        # What is wrong may take half of the line, and more where the way is short.
        left = room - min(cell_len(trouble) + GAP, room // 2) if trouble else room
        way = shorten(self.hops, left, JOINT)
        left = room - cell_len(way) - GAP
        return Content.assemble(way, (" " * GAP + cut(trouble, left), TROUBLE))

    def _two_lines(self, room: int) -> tuple[str, str]:
        """Return the way in two lines, broken between two hops."""
        kept = len(self.hops)
        while kept > 1 and cell_len(JOINT.join(self.hops[:kept])) > room:
            kept -= 1
        if kept == len(self.hops) or self.trouble:
            return shorten(self.hops, room, JOINT), ""
        upper = shorten(self.hops[:kept], room, JOINT)
        return upper, ARROW + shorten(self.hops[kept:], room - len(ARROW), JOINT)
