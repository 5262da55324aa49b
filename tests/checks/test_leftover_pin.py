"""Files that pin nothing."""

from __future__ import annotations

from ocnetview.checks.leftover_pin import leftover_pins
from ocnetview.model import NodeModel


def test_each_leftover_is_a_problem_with_its_path() -> None:
    """Nothing on a clean node; else one problem a file."""
    assert not list(leftover_pins(NodeModel()))
    model = NodeModel(leftovers=("/run/netns/a", "/run/netns/b"))
    found = [problem.subject for problem in leftover_pins(model)]
    assert found == ["/run/netns/a", "/run/netns/b"]


def test_dockers_own_files_are_normal_without_a_mount() -> None:
    """They are plain before a container starts and for a while after it ended."""
    model = NodeModel(leftovers=("/run/docker/netns/0123456789ab",))
    assert not list(leftover_pins(model))
