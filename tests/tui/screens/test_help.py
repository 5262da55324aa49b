"""The help says everything that is declared."""

from __future__ import annotations

from tui.driving import SIZE, press
from tui.nodes import node

from ocnetview.config import Settings
from ocnetview.model import PodKind, PortRole
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.commands import COMMANDS
from ocnetview.tui.panes.pods import SIGNS as KINDS
from ocnetview.tui.panes.ports import LOOKS
from ocnetview.tui.screens.detail import DetailScreen
from ocnetview.tui.screens.help import SIGNS, HelpScreen
from ocnetview.tui.spelling import key_of


async def test_help_opens_and_closes(app: OcnetviewApp) -> None:
    """A question mark opens it, escape closes it, and the panes stay as they were."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await press(pilot, "j", "k", "escape")
        assert not isinstance(app.screen, HelpScreen)
        assert app.here.table.has_focus


async def test_help_names_every_command(app: OcnetviewApp) -> None:
    """What a command does is said once, with its key."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        shown = app.screen.text.plain
        for command in COMMANDS:
            line = f"  {key_of(app, command.id):<18}{command.tooltip}"
            assert shown.count(line) == 1


def test_every_sign_is_explained() -> None:
    """No pane uses a sign that the help does not know."""
    explained = {sign for sign, _ in SIGNS}
    used = {sign for sign, _ in LOOKS.values()} | set(KINDS.values())
    used -= {" "}
    assert used <= explained
    assert len(PortRole) == len(LOOKS)
    assert set(PodKind) == set(KINDS)


async def test_a_click_beside_it_closes_it(app: OcnetviewApp) -> None:
    """The mouse closes it as well."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "question_mark")
        await pilot.click(offset=(1, 1))
        await pilot.pause()
        assert not isinstance(app.screen, HelpScreen)


async def test_in_the_detail_its_keys_come_first() -> None:
    """The question mark says what can be done there, with the user's own keys."""
    app = OcnetviewApp(settings=Settings(keys={"next_tab": "n", "detail_help": "H"}))
    async with app.run_test(size=SIZE) as pilot:
        app.publish(node())
        await press(pilot, "d", "n", "H")
        assert isinstance(app.screen, HelpScreen)
        lines = app.screen.text.plain.splitlines()
        assert lines[0] == "Where you are: the detail of a row"
        assert "  n                 Next tab" in lines[:6]
        assert "In the panes: pods" in lines
        await press(pilot, "escape")
        assert isinstance(app.screen, DetailScreen)
