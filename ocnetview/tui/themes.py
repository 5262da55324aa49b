"""Which colours the screen has: our own themes, and which one suits the terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual.theme import Theme

from ocnetview.errors import ConfigError

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    warning="#ffaf00",
    error="#ff8080",
    success="#00ff00",
    accent="#00ffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    boost="#000000",
    dark=True,
    text_alpha=1.0,
    variables={
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffff00",
        "block-cursor-blurred-background": "#3a3a00",
        "footer-key-foreground": "#ffff00",
    },
)
"""White, yellow and cyan on black: 7:1 and more everywhere (WCAG 2, level AAA)."""

NO_COLOUR = Theme(
    name="no-colour",
    ansi=True,
    primary="ansi_default",
    secondary="ansi_default",
    warning="ansi_default",
    error="ansi_default",
    success="ansi_default",
    accent="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "bold reverse",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-text-style": "bold underline",
        "footer-key-foreground": "ansi_default",
        "link-color": "ansi_default",
        "link-color-hover": "ansi_default",
        "link-background-hover": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "scrollbar": "ansi_default",
        "scrollbar-hover": "ansi_default",
        "scrollbar-active": "ansi_default",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
    },
)
"""The terminal's own two colours; what stands out is bold, reversed or underlined."""

THEMES = (HIGH_CONTRAST, NO_COLOUR)
FEW_COLOURS = "ansi-dark"
"""Textual's theme of the terminal's own sixteen colours."""


def suiting(wanted: str, environment: Mapping[str, str], colours: str | None) -> str:
    """Return the theme that is wanted, else one for the terminal; empty for any.

    Args:
        wanted: the setting; empty where nobody chose.
        environment: a NO_COLOR that is not empty asks for none (no-color.org).
        colours: the colour system that Rich found: truecolor, 256, standard or None.
    """
    if wanted:
        return wanted
    if environment.get("NO_COLOR") or colours is None:
        return NO_COLOUR.name
    return FEW_COLOURS if colours == "standard" else ""


def checked(name: str, known: Collection[str]) -> str:
    """Return the name of a theme that there is.

    Raises:
        ConfigError: there is none of this name.
    """
    if name and name not in known:
        names = ", ".join(sorted(known))
        raise ConfigError(f"theme: there is no theme {name!r}; known: {names}")
    return name
