"""Keys as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from ocnetview.tui.commands import BY_ID

if TYPE_CHECKING:
    from ocnetview.tui.app import OcnetviewApp


def key_of(app: OcnetviewApp, command: str) -> str:
    """Return the keys of the command with this id, the user's own where there are."""
    return keys_of(app, BY_ID[command].binding())


def keys_of(app: OcnetviewApp, binding: Binding) -> str:
    """Return the keys that this does."""
    made = Binding.make_bindings([Binding(app.dress.keys_for(binding), "")])
    return "  ".join(app.get_key_display(one) for one in made)
