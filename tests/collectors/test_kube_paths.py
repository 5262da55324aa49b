"""Files of a node whose root is somewhere below ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocnetview.collectors.kube_paths import node_file
from ocnetview.config import Settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a node's root with links of all kinds."""
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/real").touch()
    for link, target in {
        "absolute": "/a/b/real",
        "a/relative": "b/real",
        "a/b/up": "../../../../../../a/b",
        "folder": "/a",
        "chain": "absolute",
        "one": "other",
        "other": "one",
        "dangling": "/nowhere",
    }.items():
        (tmp_path / link).symlink_to(target)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/a/b/real", "/a/b/real"),
        ("/absolute", "/a/b/real"),
        ("/a/relative", "/a/b/real"),
        ("/chain", "/a/b/real"),
        ("/folder/b/up/real", "/a/b/real"),
        ("/folder//./b/../b/real", "/a/b/real"),
        ("/../../a", "/a"),
        ("/dangling", "/nowhere"),
        ("/not/there", "/not/there"),
    ],
)
def test_links_stay_within_the_nodes_root(root: Path, path: str, found: str) -> None:
    """A path is found where the node itself would find it, and never outside."""
    assert node_file(Settings(host_root=f"{root}/"), path) == f"{root}{found}"


def test_links_in_a_circle_are_left(root: Path) -> None:
    """They end, and lead to nothing that can be opened."""
    found = node_file(Settings(host_root=str(root)), "/one/x")
    with pytest.raises(OSError, match="Too many levels"):
        Path(found).stat()


def test_on_the_node_itself_a_path_is_its_own() -> None:
    """Nothing is followed there: the kernel does it."""
    assert node_file(Settings(), "/etc/x") == "/etc/x"
