"""One pass over all processes' cgroups, for all who ask together."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from collectors.docker_server import add_process

from ocnetview.collectors.census import Census
from ocnetview.collectors.passes import Passes

A, B = "a" * 64, "b" * 64


def test_a_pass_is_for_all_who_asked_before_it_began(tmp_path: Path) -> None:
    """Who wants to know what was so later gets another one."""
    add_process(tmp_path, 7, f"0::/docker/{A}\n")
    add_process(tmp_path, 8, "0::/\n")
    passes, before = Passes(str(tmp_path)), time.monotonic()
    first = passes.since(before)
    assert first.places() == {A: {f"/docker/{A}": [7]}}
    (tmp_path / "8" / "cgroup").write_text(f"0::/docker/{B}\n")
    assert passes.since(before) is first
    again = passes.since(time.monotonic())
    assert list(again.named) == [7, 8]
    assert passes.since(before) is again


def test_who_knows_everybody_spares_the_list(tmp_path: Path) -> None:
    """The pass is of these then, and as old as the list; a recent one does as well."""
    add_process(tmp_path, 7, f"0::/docker/{A}\n")
    add_process(tmp_path, 8, f"0::/docker/{B}\n")
    passes, listed = Passes(str(tmp_path)), time.monotonic()
    first = passes.since(listed, (listed, [7]))
    assert first.began == listed
    assert list(first.named) == [7]
    assert passes.since(listed, (time.monotonic(), [8])) is first


def test_where_there_is_no_proc_there_is_no_pass(tmp_path: Path) -> None:
    """And the next who asks looks anew."""
    passes = Passes(str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError):
        passes.since(0.0)
    (tmp_path / "none").mkdir()
    assert not passes.since(0.0).named


def test_a_census_begins_with_anothers_pass(tmp_path: Path) -> None:
    """It reads nobody again for it; at its next look it reads all."""
    add_process(tmp_path, 7, f"0::/docker/{A}\n")
    add_process(tmp_path, 9, f"0::/docker/{B}\n")
    passes = Passes(str(tmp_path))
    passes.since(time.monotonic())
    (tmp_path / "7" / "cgroup").write_text("0::/\n")
    (tmp_path / "9").rename(tmp_path / "gone")
    census = Census(str(tmp_path), passes=passes)
    census.take()
    assert census.containers() == {A: {7}}
    census.take()
    assert census.containers() == {}
