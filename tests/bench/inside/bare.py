"""The least that a Textual app can be: what any screen of it costs."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One word on the screen."""

    def compose(self) -> ComposeResult:
        """Give the word."""
        yield Static("bare")


if __name__ == "__main__":
    Bare().run()
