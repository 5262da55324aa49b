"""Where a tool is found: ours, or inside of the node's root."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError
from ocnetview.probes.tools import find_tool

NAME = "ocnetview-test-tool"


def made(path: Path, mode: int = 0o755) -> Path:
    """Make a tool, or a file that is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", "ascii")
    path.chmod(mode)
    return path


def test_ours_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PATH comes before the node's, and what cannot be run is passed over."""
    made(tmp_path / "no" / NAME, 0o644)
    ours = made(tmp_path / "ours" / NAME)
    made(tmp_path / "host/usr/sbin" / NAME)
    monkeypatch.setenv("PATH", f"{tmp_path}/no:{tmp_path}/ours")
    settings = Settings(host_root=f"{tmp_path}/host")
    assert find_tool(settings, NAME, "us", "test") == [str(ours)]


def test_a_folder_that_is_not_absolute_is_none_of_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that lies about in the current folder is not run."""
    made(tmp_path / NAME)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ":.")
    with pytest.raises(ProbeAbsentError):
        find_tool(Settings(), NAME, "us", "test")


def test_the_nodes_is_run_inside_its_root(tmp_path: Path) -> None:
    """There it finds its libraries."""
    made(tmp_path / "usr/sbin" / NAME)
    chroot, *rest = find_tool(Settings(host_root=f"{tmp_path}/"), NAME, "us", "test")
    assert chroot == shutil.which("chroot")
    assert rest == [str(tmp_path), f"/usr/sbin/{NAME}"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (NAME, f"`dnf install {NAME}` or `apt install {NAME}`"),
        ("ovs-ofctl", "`apt install openvswitch-switch`"),
    ],
)
def test_where_there_is_none_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    """The package of either family is named; where none can be installed, toolbox."""
    monkeypatch.setattr("ocnetview.probes.tools._FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    settings = Settings(host_root=str(tmp_path))
    with pytest.raises(ProbeAbsentError, match=f"no {name} was found") as raised:
        find_tool(settings, name, "us", "test")
    assert words in raised.value.hint
    made(tmp_path / "run/ostree-booted")
    with pytest.raises(ProbeAbsentError) as raised:
        find_tool(settings, name, "us", "test")
    assert "toolbox" in raised.value.hint
    assert words in raised.value.hint
