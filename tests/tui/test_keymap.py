"""The user's own keys."""

from __future__ import annotations

import pytest
from tui.driving import SIZE, active, cursor, press
from tui.nodes import node

from ocnetview.config import Settings
from ocnetview.errors import ConfigError
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.screens.help import HelpScreen
from ocnetview.tui.widgets.key_line import KeyLine

KEYS = {"open": "l", "back": "h,f5", "help": "f2", "down": "n", "filter": "?"}


async def test_own_keys_are_everywhere() -> None:
    """They do it, and footer and help tell them; the old ones do nothing."""
    app = OcnetviewApp(settings=Settings(keys=KEYS))
    async with app.run_test(size=SIZE) as pilot:
        app.publish(node())
        await press(pilot, "enter")
        assert (active(app), cursor(app, "pods")) == ("pods", "uid-0")
        await press(pilot, "n", "l")
        assert cursor(app, "pods") == "uid-1"
        assert active(app) == "processes"
        footer = {key.text: key.display for _, key in app.query_one(KeyLine).places}
        assert (footer["Help"], footer["Filter"]) == ("f2", "?")
        await press(pilot, "f5")
        assert active(app) == "pods"
        await press(pilot, "f2")
        assert isinstance(app.screen, HelpScreen)
        assert "  n                 Down\n" in app.screen.text.plain
        assert "  h  f5             End the filter" in app.screen.text.plain


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"opne": "l"}, r"\[keys\]: there is no 'opne' to do; known: back, bridge, "),
        ({"open": "nokey"}, r"\[keys\]: open: there is no key 'nokey'; a key is"),
        ({"open": ""}, "open: there is no key ''"),
        ({"open": "ctrl+nokey"}, "there is no key"),
        ({"open": "q"}, "'q' is for 'open' and for 'quit'"),
        ({"open": "x", "back": "x"}, "'x' is for 'open' and for 'back'"),
        ({"down": "s"}, "'s' is for 'sort' and for 'down'"),
        ({"next_tab": "r"}, "'r' is for 'next_tab' and for 'read_again'"),
    ],
)
def test_bad_keys_are_told(keys: dict[str, str], words: str) -> None:
    """An unknown command, an unknown key, and one key for two things."""
    with pytest.raises(ConfigError, match=words):
        OcnetviewApp(settings=Settings(keys=keys))


@pytest.mark.parametrize("key", ["/", "?", "ctrl+k", "f12", "comma", "é", "shift+up"])
def test_keys_are_signs_or_names(key: str) -> None:
    """Whatever a keyboard has can be a key."""
    keys = {"pause": key, "filter": "f3", "help": "f4"}
    app = OcnetviewApp(settings=Settings(keys=keys))
    named = {"/": "slash", "?": "question_mark"}
    assert app.dress.keys["pause"] == named.get(key, key)
