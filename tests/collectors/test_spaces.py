"""Which namespaces there are, in a made-up /proc."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.test_inhabited import Node

from ocnetview.collectors.spaces import Spaces
from ocnetview.config import Settings


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """Give a node with one process, whose own namespace is ours."""
    made = Node(tmp_path)
    made.enter(1, "host")
    (made.proc / "self").symlink_to("1")
    return made


def spaces(node: Node) -> Spaces:
    """Return what has read this node."""
    made = Spaces(Settings(proc=str(node.proc), netns_dirs=()))
    made.read(node.netns("host"))
    return made


def test_what_was_read_of_a_namespace_is_kept_while_it_is_there(node: Node) -> None:
    """An update gives the same object, and what leads there now; a reading does not."""
    node.enter(20, "box")
    found = spaces(node)
    host, box = node.netns("host"), node.netns("box")
    one = found.update(host)[box]
    one.visited = True
    node.enter(21, "box")
    again = found.update(host)[box]
    assert again is one
    assert again.pids == (20, 21)
    assert not found.read(host)[box].visited


def test_who_moved_unseen_is_found_when_it_is_missed(node: Node) -> None:
    """An old process is asked again at once, and its namespace listed from then on."""
    node.enter(20, "host")
    found = spaces(node)
    host = node.netns("host")
    node.enter(20, "new")
    assert found.update(host) == {}
    (stray,) = found.strays({host})
    assert (stray.netns, stray.pids) == (node.netns("new"), (20,))
    assert stray.paths == [f"{node.proc}/20/ns/net"]
    assert found.update(host).keys() == {stray.netns}
    assert found.strays({host, stray.netns}) == []
