"""What a beginner is told, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.conftest import RememberingFeed
from tui.driving import SIZE, press

from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.first_run import is_first, mark_path


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give an environment in which nobody was here before."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


async def test_three_lines_once(feed: RememberingFeed, state: dict[str, str]) -> None:
    """Escape takes them away and that is remembered; else nothing is written."""
    assert is_first(state)
    app = OcnetviewApp(feed, first=True)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert app.welcome.size.height == 3
        assert "⏎ goes on" in str(app.welcome.render())
        assert is_first(state)
        await press(pilot, "escape")
        assert not app.welcome.is_there
    assert not is_first(state)


async def test_a_click_is_enough(feed: RememberingFeed, state: dict[str, str]) -> None:
    """The mouse takes them away as well."""
    app = OcnetviewApp(feed, first=True)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        await pilot.click("Welcome")
        await pilot.pause()
        assert not app.welcome.is_there
    assert not is_first(state)


async def test_what_cannot_be_remembered_is_told(
    feed: RememberingFeed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state folder that is a file: the lines go, and a note says why."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    app = OcnetviewApp(feed, first=True)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "escape")
        assert not app.welcome.is_there
        notes = [note.message for note in app._notifications]
    assert notes == ["cannot remember that they were read: Not a directory"]


def test_without_a_home_it_is_no_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who cannot be remembered is not told each time."""
    monkeypatch.setattr(Path, "expanduser", _homeless)
    assert mark_path({}) is None
    assert not is_first({})


def _homeless(_: Path) -> Path:
    raise RuntimeError("Could not determine home directory.")
