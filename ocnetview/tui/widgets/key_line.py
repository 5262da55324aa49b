"""The keys of here and now in one line, as many as fit."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_LAST = 3
"""Keys at the end that are always there: how to learn of the others, how to leave."""


class KeyLine(Footer):
    """A footer that leaves out keys where not all fit, those before the last first."""

    _room = 0
    """The width that the keys were chosen for."""

    def compose(self) -> ComposeResult:
        """Give the keys that fit beside one another."""
        every = [key for key in super().compose() if isinstance(key, FooterKey)]
        # The palette's stands apart, at the right end.
        apart = [key for key in every if key.has_class("-command-palette")]
        keys = [key for key in every if key not in apart]
        self._room = self.app.size.width
        room = self._room + 1 - sum(_width(key) + 1 for key in apart)
        while len(keys) > _LAST and sum(map(_width, keys)) > room:
            del keys[-_LAST - 1]
        yield from (*keys, *apart)

    def on_resize(self) -> None:
        """Choose anew where the terminal became wider or narrower."""
        if self._room not in (0, self.app.size.width):
            self.refresh(recompose=True)


def _width(key: FooterKey) -> int:
    """Return the cells of a key with what it does, and of a space behind it."""
    return cell_len(f"{key.key_display} {key.description} ")
