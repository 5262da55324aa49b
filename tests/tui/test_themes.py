"""Colours that suit the terminal, and none where that is wanted."""

from __future__ import annotations

import pytest
from rich.color import Color as Coloured
from textual.color import Color
from tui.conftest import RememberingFeed
from tui.driving import SIZE, press

from ocnetview.config import Settings
from ocnetview.errors import ConfigError
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.themes import HIGH_CONTRAST, NO_COLOUR, suiting
from ocnetview.tui.widgets.row import Tone

DEFAULT = Coloured.default()


@pytest.mark.parametrize(
    ("wanted", "environment", "colours", "theme"),
    [
        ("", {}, "truecolor", ""),
        ("", {}, "256", ""),
        ("", {}, "standard", "ansi-dark"),
        ("", {}, None, "no-colour"),
        ("", {"NO_COLOR": "1"}, "truecolor", "no-colour"),
        ("", {"NO_COLOR": ""}, "truecolor", ""),
        ("nord", {"NO_COLOR": "1"}, "standard", "nord"),
    ],
)
def test_the_theme_suits_the_terminal(
    wanted: str, environment: dict[str, str], colours: str | None, theme: str
) -> None:
    """What was chosen wins; else the terminal's few colours, or NO_COLOR, decide."""
    assert suiting(wanted, environment, colours) == theme


def test_an_unknown_theme_is_told() -> None:
    """With the names of those that there are."""
    with pytest.raises(ConfigError, match="no theme 'pink'; known: ansi-dark, "):
        OcnetviewApp(settings=Settings(theme="pink"))


async def test_the_theme_of_the_settings_is_taken() -> None:
    """By its name."""
    app = OcnetviewApp(settings=Settings(theme="high-contrast"))
    async with app.run_test(size=SIZE):
        assert app.current_theme == HIGH_CONTRAST


async def test_no_colour_has_none(feed: RememberingFeed) -> None:
    """No cell of any line has another colour than the terminal's own two."""
    app = OcnetviewApp(feed, Settings(theme=NO_COLOUR.name))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "j")
        lines = app.screen._compositor.render_strips()
        styles = [segment.style for line in lines for segment in line if segment.style]
        assert len(styles) > len(lines)
        assert {style.color or DEFAULT for style in styles} == {DEFAULT}
        assert {style.bgcolor or DEFAULT for style in styles} == {DEFAULT}
        assert any(style.reverse and style.bold for style in styles)


async def test_high_contrast_is_high(feed: RememberingFeed) -> None:
    """Every tone of a row stands out from what is behind it by 7:1 (WCAG 2, 1.4.6)."""
    app = OcnetviewApp(feed, Settings(theme=HIGH_CONTRAST.name))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        table = app.here.table
        parts = ["header", "cursor", "lit", "mark", *(t for t in Tone if t != "muted")]
        for part in parts:
            styles = table.get_component_styles(f"row-table--{part}")
            back, fore = styles.background, styles.color
            back = Color.parse("#000000") + back
            assert contrast(back + fore, back) >= 7, part


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours (WCAG 2, relative luminance)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(color: Color) -> float:
    """Return the relative luminance of a colour."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
