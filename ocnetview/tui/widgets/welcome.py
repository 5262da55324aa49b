"""A few lines that stand below the panes until somebody has read them."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class Welcome(Static):
    """Says what a beginner has to know; hidden as long as nothing is said."""

    DEFAULT_CSS = """
    Welcome {
        height: auto;
        max-height: 6;
        padding: 0 1;
        display: none;
        background: $boost;
        &.-there { display: block; }
    }
    """

    class Read(Message):
        """The user clicked: the lines were read."""

    def say(self, lines: Content) -> None:
        """Show these lines."""
        self.update(lines)
        self.add_class("-there")

    @property
    def is_there(self) -> bool:
        """Claim that the lines are shown."""
        return self.has_class("-there")

    def end(self) -> None:
        """Take the lines away."""
        self.remove_class("-there")

    def on_click(self) -> None:
        """Tell that they were read."""
        self.post_message(self.Read())
