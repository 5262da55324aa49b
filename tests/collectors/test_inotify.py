"""Events of folders, from the kernel."""

from __future__ import annotations

import errno
import select
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ocnetview.collectors.inotify import (
    IN_CREATE,
    IN_DELETE,
    IN_IGNORED,
    IN_ISDIR,
    Inotify,
)


@pytest.fixture
def inotify() -> Iterator[Inotify]:
    """Give a descriptor that watches nothing."""
    with closing(Inotify()) as one:
        yield one


def test_entries_that_come_and_go_are_told(inotify: Inotify, tmp_path: Path) -> None:
    """Each with its name and what it is, in order."""
    watch = inotify.add(str(tmp_path))
    assert list(inotify.read()) == []
    folder = tmp_path / "päd"
    folder.mkdir()
    (tmp_path / "x").touch()
    folder.rmdir()
    assert select.select([inotify], [], [], 5)[0]
    assert list(inotify.read()) == [
        (watch, IN_CREATE | IN_ISDIR, "päd"),
        (watch, IN_CREATE, "x"),
        (watch, IN_DELETE | IN_ISDIR, "päd"),
    ]


def test_a_folder_that_is_gone_is_watched_no_more(
    inotify: Inotify, tmp_path: Path
) -> None:
    """The kernel says which watch has ended."""
    folder = tmp_path / "a"
    folder.mkdir()
    watch = inotify.add(str(folder))
    assert inotify.add(str(folder)) == watch
    folder.rmdir()
    assert (watch, IN_IGNORED, "") in list(inotify.read())


def test_what_cannot_be_watched_says_why(inotify: Inotify, tmp_path: Path) -> None:
    """No folder, a file and a link are no folders."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for name, number in {
        "none": errno.ENOENT,
        "file": errno.ENOTDIR,
        "link": errno.ENOTDIR,
    }.items():
        with pytest.raises(OSError, match=r"^\[Errno") as error:
            inotify.add(str(tmp_path / name))
        assert error.value.errno == number
