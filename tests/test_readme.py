"""What the README shows and names is there, all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocnetview.tui.commands import COMMANDS, Command

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text("utf-8")
SIGNS = {"slash": "/", "minus": "-", "plus": "+", "question_mark": "?"}
"""What Textual spells otherwise than the README."""


def test_every_picture_is_there_and_shown_once() -> None:
    """The README shows each file of screenshots/, and none that is not there."""
    shown = re.findall(r"!\[[^]]+\]\(screenshots/([^)]+)\)", README)
    assert sorted(shown) == sorted(
        p.name for p in (REPOSITORY / "screenshots").iterdir()
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_the_table_of_keys_names_every_command(command: Command) -> None:
    """Each key that does something in the panes stands in the table's first column."""
    table = README.partition("| key | does |\n")[2].partition("\n\n")[0]
    keys = " ".join(line.split("|")[1] for line in table.splitlines())
    named = {word.strip("`,") for word in keys.split()}
    wanted = {SIGNS.get(key, key) for key in command.key.split(",")}
    assert wanted <= named
