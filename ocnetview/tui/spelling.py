"""Keys as people write them."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.binding import Binding


def spelt(app: App[Any], keys: str) -> str:
    """Return keys as people write them."""
    bindings = Binding.make_bindings([Binding(keys, "")])
    return "  ".join(app.get_key_display(binding) for binding in bindings)
