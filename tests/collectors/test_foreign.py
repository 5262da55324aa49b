"""Namespaces that only another node's links connect, in namespaces made for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.foreign import PODS
from collectors.test_updating import said_by


@pytest.mark.node
def test_who_is_behind_one_pods_link_is_asked_first_for_the_next() -> None:
    """Each asked in turn, the work would grow with the square of the pods."""
    said = said_by(Path(__file__).with_name("foreign.py"))["foreign"]
    assert said["proved"] == PODS
    assert said["looked"] < 8 * PODS
