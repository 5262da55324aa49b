"""How the app looks in this terminal, and which keys it has, as the user set it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.filter import LineFilter, Monochrome

from ocnetview.config import Settings
from ocnetview.tui import themes
from ocnetview.tui.commands import COMMANDS
from ocnetview.tui.commands.places import PLACES
from ocnetview.tui.plain import PlainLetters, has_plain_font
from ocnetview.tui.widgets.row_table import RowTable


@dataclass(frozen=True, slots=True)
class Dress:
    """What an app was given."""

    keys: Mapping[str, str]
    """The keys that the user chose, by what they do."""
    plain: bool
    """Claims that it is drawn in plain letters."""

    def keys_for(self, binding: Binding) -> str:
        """Return the keys that this does, the user's own where there are."""
        return self.keys.get(binding.id or "", binding.key)

    def filters(
        self, app: App[Any], filters: Sequence[LineFilter]
    ) -> Sequence[LineFilter]:
        """Return an app's filters of lines, with ours.

        One that turns colours to grey knows nothing of a terminal's own colours,
        which the theme has instead.
        """
        if app.native_ansi_color:
            filters = [one for one in filters if not isinstance(one, Monochrome)]
        return [*filters, PlainLetters()] if self.plain else filters


def dress(app: App[Any], settings: Settings | None) -> Dress:
    """Give an app its theme and its keys.

    Without settings it is as Textual makes it, whatever the terminal is.

    Raises:
        ConfigError: a theme or a key of the settings that there is not.
    """
    for theme in themes.THEMES:
        app.register_theme(theme)
    if settings is None:
        return Dress({}, plain=False)
    name = themes.checked(settings.theme, app.available_themes)
    if name := themes.suiting(name, os.environ, app.console.color_system):
        app.theme = name
    keys = _own_keys(settings.keys) if settings.keys else {}
    if keys:
        app.set_keymap(keys)
    return Dress(keys, settings.ascii or has_plain_font(os.environ))


def _own_keys(wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Return the keys that the user chose, checked.

    Raises:
        ConfigError: one that there is not, or that is for two things.
    """
    from ocnetview.tui import keymap  # noqa: PLC0415 - most have none of their own

    bindings = [*(c.binding() for c in COMMANDS), *RowTable.MOVES]
    return keymap.checked(wanted, bindings, *(one.keys for one in PLACES.values()))
