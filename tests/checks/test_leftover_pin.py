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
