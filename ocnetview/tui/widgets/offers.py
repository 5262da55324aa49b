"""A line of what can be done, each part with its key and done by a click too."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

BETWEEN = " · "


def offer(text: str, action: str) -> Content:
    """Return a text, safe to print, that does an action where it is clicked.

    Args:
        text: the key, and what it does.
        action: as a binding names it, with its namespace: `screen.dismiss`.
    """
    return Content.styled(text, Style.from_meta({"@click": action}))


def offers(*pairs: tuple[str, str]) -> Content:
    """Return texts with their actions, side by side."""
    return Content(BETWEEN).join(offer(text, action) for text, action in pairs)
