"""Paths below another root, which whoever owns that root may have trapped."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ocnetview.collectors.rooted import below


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with a file in it, and a secret beside it."""
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "root"
    (root / "run/inner").mkdir(parents=True)
    (root / "var").mkdir()
    (root / "run/x").write_text("inside")
    (root / "secret").write_text("inside")
    return root


def read(root: Path, path: str) -> str:
    """Return what is read there."""
    with below(str(root), path) as fd:
        return Path(f"/proc/self/fd/{fd}").read_text()


@pytest.mark.parametrize(
    "path",
    [
        "/run/x",
        "run//./x",
        "/run/inner/../x",
        "/../../secret",
        "/run/inner/../../../../secret",
    ],
)
def test_a_plain_path_is_found(root: Path, path: str) -> None:
    """Parts are followed one by one, and `..` stops at the root."""
    assert read(root, path) == "inside"


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("var/run", "/run", "/var/run/x"),
        ("var/run", "../run", "/var/run/x"),
        ("var/run", "../../../../../run", "/var/run/x"),
        ("a", "/var/../run/x", "/a"),
        ("a", "/../../secret", "/a"),
        ("a", "../secret", "/a"),
        ("a", "/secret", "/run/../a"),
    ],
)
def test_no_link_leads_out(root: Path, link: str, target: str, path: str) -> None:
    """An absolute link starts at that root, and none climbs above it."""
    (root / link).symlink_to(target)
    assert read(root, path) == "inside"


def test_a_link_of_the_kernels_is_only_its_text(root: Path) -> None:
    """What /proc/self/root would jump to is not entered; its text is followed."""
    (root / "up").symlink_to("/proc/self/root/secret")
    with pytest.raises(FileNotFoundError):
        read(root, "/up")
    with pytest.raises(FileNotFoundError):
        read(Path("/"), f"/proc/{os.getpid()}/ns/net")


def test_a_ring_of_links_ends(root: Path) -> None:
    """As the kernel does, it gives up after forty."""
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("/a")
    with pytest.raises(OSError, match="symbolic links") as failed:
        read(root, "/a")
    assert failed.value.errno == errno.ELOOP


def test_nothing_stays_open(root: Path) -> None:
    """Whether a path leads anywhere or not, every descriptor is given back."""
    (root / "a").symlink_to("/run/x")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - as many, not which
    read(root, "/run/inner/../../a")
    for path in ("/run/none", "/run/x/y", "/a/b", "/run/\0"):
        with pytest.raises((OSError, ValueError)):
            read(root, path)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - the same
