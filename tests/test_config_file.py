"""Tables written into the settings file, the rest of it left as it is."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.config_file import Tables, Value, toml_lines, with_tables, write_tables
from ocnetview.errors import ConfigError

PODS: Tables = {("panes", "pods"): {"columns": ("title", "veth"), "sort": "veth"}}
WRITTEN = '[panes.pods]\ncolumns = ["title", "veth"]\nsort = "veth"\n'
GONE: Tables = {("panes", "pods"): {}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", WRITTEN),
        ("refresh = 2\n", f"refresh = 2\n\n{WRITTEN}"),
        ("refresh = 2", f"refresh = 2\n\n{WRITTEN}"),
        ("refresh = 2\n\n", f"refresh = 2\n\n{WRITTEN}"),
        ('[panes.pods]\nsort = "old"\n', WRITTEN),
        ('[panes.pods]\nsort = "old"', WRITTEN),
        ("# mine\nrefresh = 2 # s\n", f"# mine\nrefresh = 2 # s\n\n{WRITTEN}"),
        (
            "# a\n[panes.pods] # b\n# c\nsort = \"x\"\n\n# d\n[keys]\nopen = 'l'\n",
            f"# a\n{WRITTEN.replace(']', '] # b', 1)}# c\n\n# d\n[keys]\nopen = 'l'\n",
        ),
        (
            '[ panes . "pods" ]\ncolumns = [\n  "age", # [panes.pods]\n]\n',
            '[ panes . "pods" ]\ncolumns = ["title", "veth"]\nsort = "veth"\n',
        ),
        (
            'docker_host = """\n[panes.pods]\n"""\n',
            f'docker_host = """\n[panes.pods]\n"""\n\n{WRITTEN}',
        ),
        (
            '[panes.ports]\nsort = "name"\n[keys]\nopen = "l"\n',
            f'[panes.ports]\nsort = "name"\n[keys]\nopen = "l"\n\n{WRITTEN}',
        ),
        ("[panes]\n", f"[panes]\n\n{WRITTEN}"),
        ("refresh = 2\r\n", f"refresh = 2\r\n\n{WRITTEN}"),
    ],
)
def test_a_table_is_written(before: str, after: str) -> None:
    """It takes the place of the one before; comments and all else stay."""
    assert with_tables(before, PODS) == after
    assert with_tables(after, PODS) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("refresh = 2\n", "refresh = 2\n"),
        (WRITTEN, ""),
        (f"a = 1\n\n{WRITTEN}\n[keys]\n", "a = 1\n\n\n[keys]\n"),
        (f"[panes]\n{WRITTEN}", "[panes]\n"),
    ],
)
def test_a_table_without_keys_goes(before: str, after: str) -> None:
    """What is as it is at first is not kept in the file."""
    assert with_tables(before, GONE) == after


@pytest.mark.parametrize(
    "before",
    [
        'panes = {pods = {sort = "x"}}\n',
        'panes.pods.sort = "x"\n',
        '[panes]\npods.sort = "x"\n',
        '[panes]\npods = {sort = "x"}\n',
        "panes = 1\n",
        "[[panes.pods]]\n",
        "[panes.pods.more]\na = 1\n",
    ],
)
def test_another_form_is_left_alone(before: str) -> None:
    """A table that is written in another form than ours is not taken apart."""
    with pytest.raises(ValueError, match=re.escape("[panes.pods] has to be a table")):
        with_tables(before, PODS)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_FILES = st.lists(
    st.sampled_from(
        [
            "refresh = 2\n",
            "# [panes.pods]\n",
            "\n",
            'proc = """\n[panes.pods]\n# x\n"""\n',
            "cri = [\n  'a', # b\n  ']',\n]\n",
            '[keys]\nopen = "l" # x\n',
            '[panes.pods]\nsort = "age"\n# own\n',
            "[panes.ports]\ndown = true\n",
        ]
    ),
    unique=True,
).map(lambda parts: "".join(sorted(parts, key=lambda part: part.startswith("["))))


@given(_FILES, _TEXTS, st.lists(_TEXTS, max_size=3), st.booleans())
def test_all_else_stays(text: str, sort: str, columns: list[str], down: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """Whatever the file and the values hold, it holds both in the end, no more."""
    before = tomllib.loads(text)
    own: dict[str, Value] = {"columns": columns, "sort": sort, "down": down}
    after = with_tables(text, {("panes", "pods"): own})
    panes = {**before.get("panes", {}), "pods": own}
    assert tomllib.loads(after) == {**before, "panes": panes}
    assert set(re.findall("#.*", text)) <= set(re.findall("#.*", after))


@given(_TEXTS)
def test_texts_come_back(text: str) -> None:
    """A filter is read as it was written, whatever is in it."""
    assert tomllib.loads("\n".join(toml_lines({"filter": text}))) == {"filter": text}


def test_a_new_file_is_its_owners(tmp_path: Path) -> None:
    """File and folder are made, to be read by nobody else."""
    path = tmp_path / "ocnetview" / "config.toml"
    write_tables(path, PODS)
    assert path.read_text() == WRITTEN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


def test_a_file_keeps_its_mode_and_its_link(tmp_path: Path) -> None:
    """What was there is replaced where it is, with the mode that it had."""
    real, path = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text("refresh = 2\n")
    real.chmod(0o640)
    path.symlink_to(real)
    write_tables(path, PODS)
    assert path.is_symlink()
    assert real.read_text() == f"refresh = 2\n\n{WRITTEN}"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_what_does_not_change_is_not_written(tmp_path: Path) -> None:
    """A file that holds it all already stays the same file."""
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN)
    before = path.stat().st_ino
    write_tables(path, PODS)
    assert path.stat().st_ino == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"refresh = \n", "not TOML"),
        (b"\xff", "not TOML"),
        (b"panes.pods.sort = 'x'\n", "left as it is: [panes.pods] has to be a table"),
    ],
)
def test_a_wrong_file_is_left_as_it_is(
    tmp_path: Path, content: bytes, said: str
) -> None:
    """What cannot be understood is told with the file's name, and not touched."""
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(said)) as raised:
        write_tables(path, PODS)
    assert str(path) in str(raised.value)
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """An error names the file and the reason, and leaves nothing behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"file/config.toml: cannot read: Not a dir"):
        write_tables(tmp_path / "file" / "config.toml", PODS)
    path = tmp_path / "config.toml"
    path.mkdir()
    with pytest.raises(ConfigError, match="cannot read: Is a directory"):
        write_tables(path, PODS)
    assert {one.name for one in tmp_path.iterdir()} == {"config.toml", "file"}
