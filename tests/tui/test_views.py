"""Views kept in the settings file: what is written, and what is read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static
from tui.clicking import click_text
from tui.driving import SIZE, press, title

from ocnetview.config import Settings, load_settings
from ocnetview.errors import ConfigError
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.panes.rows import Order
from ocnetview.tui.panes.view import View
from ocnetview.tui.screens.keep import KeepScreen
from ocnetview.tui.selection import PaneId
from ocnetview.tui.views import read_views


def notices(app: OcnetviewApp) -> list[str]:
    """Return what the user was told."""
    return [notice.message for notice in app._notifications]


def settings_of(path: Path) -> Settings:
    """Return the settings that a file holds."""
    return load_settings({}, {}, path)


async def test_the_view_is_kept_when_asked(app: OcnetviewApp, tmp_path: Path) -> None:
    """Columns and order of every pane; filters only where that is ticked."""
    path = tmp_path / "config.toml"
    path.write_text("# mine\nrefresh = 2\n")
    app.views = read_views(settings_of(path))
    async with app.run_test(size=SIZE) as pilot:
        await press(
            pilot, "slash", *"ns:shop", "enter", "C", "space", "s", "s", "enter"
        )
        await press(pilot, "K", "escape")
        assert path.read_text() == "# mine\nrefresh = 2\n"
        await press(pilot, "K")
        assert isinstance(app.screen, KeepScreen)
        await press(pilot, "enter")
        view = read_views(settings_of(path)).by_pane[PaneId.PODS]
        assert view == View(app.here.columns, Order("title", down=True))
        assert notices(app) == [f"kept in {path}"]
        await press(pilot, "K", "space", "enter")
        assert read_views(settings_of(path)).by_pane == {PaneId.PODS: app.here.view}
        assert path.read_text().startswith("# mine\nrefresh = 2\n\n[panes.pods]\n")


async def test_the_view_is_shown_again(app: OcnetviewApp, tmp_path: Path) -> None:
    """A new start shows what was kept; what is then reset is kept no more."""
    path = tmp_path / "config.toml"
    path.write_text(
        '[panes.pods]\ncolumns = ["veth", "title"]\nsort = "age"\ndown = true\n'
        'filter = "ns:shop"\n'
    )
    again = OcnetviewApp(app._feed, settings_of(path))
    async with again.run_test(size=SIZE) as pilot:
        await press(pilot)
        table = again.pane(PaneId.PODS).table
        assert [slot.heading.key for slot in table.slots] == ["veth", "title"]
        assert title(again, "pods") == "Pods · 5 of 12 · filter: ns:shop · by AGE ▼"
        assert table.rows[0].key == "uid-8"
        await press(pilot, "escape", "C", "r", "enter", *["s"] * 4)
        assert again.here.view.columns == ()
        again.here.order = Order()
        await press(pilot, "K", "enter")
        assert path.read_text() == ""


async def test_a_tick_by_the_mouse(app: OcnetviewApp, tmp_path: Path) -> None:
    """The tick for the filters takes a click; one outside keeps nothing."""
    path = tmp_path / "config.toml"
    app.views = read_views(settings_of_new(path))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"ns:shop", "enter", "K")
        shown = app.screen.query_one("#tables", Static)
        assert "nothing: every pane is as it is at first" in str(shown.render())
        await pilot.click("#filters")
        await press(pilot)
        assert 'filter = "ns:shop"' in str(shown.render())
        await pilot.click(offset=(1, 1))
        await press(pilot)
        assert not isinstance(app.screen, KeepScreen)
        assert not path.exists()


def settings_of_new(path: Path) -> Settings:
    """Return settings whose file is still to be made."""
    return load_settings({}, {"XDG_CONFIG_HOME": str(path.parent)})


async def test_what_cannot_be_kept_is_said(app: OcnetviewApp, tmp_path: Path) -> None:
    """A file that cannot be written, and none at all, are told; nothing is lost."""
    path = tmp_path / "config.toml"
    path.write_text("panes.pods.sort = 'age'\n")
    app.views = read_views(settings_of(path))
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "s", "K", "enter")
        (said,) = notices(app)
        assert said.startswith(f"{path}: left as it is: [panes.pods] has to be a table")
        app.views = read_views()
        await press(pilot, "K")
        assert "no home for a file; name one by --config" in notices(app)[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[panes.foo]\n", "panes.foo: no such pane; known: ports, pods, processes"),
        ("[panes]\npods = 1\n", "panes.pods must be a table, not 1"),
        ("[panes.pods]\ncolour = 1\n", "panes.pods: unknown setting 'colour'; known:"),
        (
            '[panes.pods]\ncolumns = ["title", "vet"]\n',
            "panes.pods.columns: no column 'vet'; known: title, addresses",
        ),
        ("[panes.pods]\ncolumns = 1\n", "panes.pods.columns must be a list"),
        ("[panes.pods]\ncolumns = [1]\n", "panes.pods.columns: no column 1"),
        ('[panes.pods]\nsort = "x"\n', "panes.pods.sort: no column 'x'"),
        ("[panes.pods]\nsort = [1]\n", "panes.pods.sort: no column [1]"),
        ("[panes.pods]\ndown = 1\n", "panes.pods.down must be true or false"),
        ("[panes.pods]\nfilter = 1\n", "panes.pods.filter must be a text"),
        ('[panes.pods]\nfilter = "foo:x"\n', "panes.pods.filter: no foo: here"),
    ],
)
def test_a_wrong_view_is_told_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    """The error names the file, the key, and what could stand there."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        OcnetviewApp(settings=settings_of(path))
    assert str(raised.value).startswith(f"{path}: {said}")


async def test_a_place_that_passes_is_told() -> None:
    """What is kept below /run, as on the demo node, is gone with it."""
    app = OcnetviewApp()
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(KeepScreen({}, Path("/run/x/config.toml")))
        await press(pilot)
        shown = [str(one.render()) for one in app.screen.query(Static)]
        assert "In /run/x/config.toml, which ends with this node" in shown


async def test_the_mouse_keeps_or_leaves(app: OcnetviewApp, tmp_path: Path) -> None:
    """What the frame offers is done by a click on it."""
    path = tmp_path / "config.toml"
    given: list[object] = []
    async with app.run_test(size=SIZE) as pilot:
        for offered in ("escape does not", "enter keeps"):
            app.push_screen(KeepScreen({}, path), given.append)
            await press(pilot)
            await click_text(pilot, offered)
        assert given == [None, {}]
