"""Plain letters for consoles."""

from __future__ import annotations

import pytest
from tui.conftest import RememberingFeed
from tui.driving import SIZE, press

from ocnetview.config import Settings
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.lights import LOOKS
from ocnetview.tui.plain import has_plain_font, plain
from ocnetview.tui.screens.help import SIGNS
from ocnetview.tui.spelling import key_of


def test_signs_stay_apart() -> None:
    """No two signs of rows, and none of sources, become the same letter."""
    signs = {sign for sign, _ in SIGNS}
    assert len({plain(sign) for sign in signs}) == len(signs)
    lights = [plain(look.sign) for look in LOOKS.values()]
    assert len(set(lights)) == len(lights)


def test_a_cell_stays_a_cell() -> None:
    """Whatever is drawn takes as many letters as before."""
    text = "╭─ é ▸ 日 ⇄\u0301"
    assert plain(text) == "+- ? > ? =?"


@pytest.mark.parametrize(
    ("environment", "is_plain"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "screen"}, False),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, True),
        ({"TERM": "vt220"}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.utf8"}, False),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, True),
        ({"LC_ALL": "C.UTF-8", "LANG": "de_DE.ISO-8859-1"}, False),
    ],
)
def test_consoles_are_known(environment: dict[str, str], is_plain: bool) -> None:  # noqa: FBT001 - a table
    """By TERM, or by a charset that somebody named."""
    assert has_plain_font(environment) is is_plain


async def test_the_whole_screen_is_plain(feed: RememberingFeed) -> None:
    """Frames, signs, footer and help: no cell holds more than ASCII."""
    app = OcnetviewApp(feed, Settings(ascii=True))
    async with app.run_test(size=SIZE) as pilot:
        for keys in ((), ("slash", "x", "escape"), ("question_mark",)):
            await press(pilot, *keys)
            lines = app.screen._compositor.render_strips()
            text = "\n".join(line.text for line in lines)
            assert text.isascii()
            assert "+-" in text


async def test_keys_are_named_in_letters(feed: RememberingFeed) -> None:
    """What has a sign of its own elsewhere is called by its name."""
    app = OcnetviewApp(feed, Settings(ascii=True))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert key_of(app, "open") == "enter"
        assert key_of(app, "filter") == "/"
