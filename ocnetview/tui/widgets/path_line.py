"""One line that spells a way, hop by hop."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ocnetview.tui.widgets.fitting import shorten

JOINT = " → "


class PathLine(Widget):
    """Shows the hops joined by arrows, those in the middle left out when too wide."""

    DEFAULT_CSS = """
    PathLine { height: 1; padding: 0 1; }
    """

    hops: reactive[tuple[str, ...]] = reactive[tuple[str, ...]](())
    """Texts that are safe to print."""
    empty: reactive[str] = reactive("")
    """What is said when there are no hops."""

    def watch_hops(self, hops: tuple[str, ...]) -> None:
        """Let the whole way be read by pointing at the line."""
        self.tooltip = Content("\n→ ".join(hops)) if hops else None

    def render(self) -> Content:
        """Draw the way; texts are never taken as markup."""
        if not self.hops:
            return Content.styled(self.empty, "dim")
        return Content(shorten(self.hops, self.content_size.width, JOINT))
