"""What stands in for the screen when there is no room for it."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class TooSmall(Widget):
    """Says which size is needed, and which one there is."""

    DEFAULT_CSS = """
    TooSmall {
        width: 100%;
        height: 100%;
        background: $background;
        content-align: center middle;
        text-align: center;
    }
    """

    def __init__(self, name: str, width: int, height: int) -> None:
        """Take the name of the program and the cells that it needs."""
        super().__init__()
        self._needs = f"{name} needs at least {width}x{height}"

    def render(self) -> Content:
        """Draw the two sizes."""
        width, height = self.app.size
        return Content(f"{self._needs}; this terminal is {width}x{height}")
