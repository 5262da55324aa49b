"""Text tables for people."""

from __future__ import annotations

from ocnetview.facts import Source, SourceState
from ocnetview.report.text import sources_text, table


def test_cells_are_aligned_and_nothing_trails() -> None:
    """Columns are as wide as their widest cell; numbers stand to the right."""
    text = table(["NAME", "N"], [["a", "1"], ["longer", "20"]], [False, True])
    assert text == "NAME     N\na        1\nlonger  20\n"


def test_sources_say_where_and_why_safely() -> None:
    """A daemon's own words may hold anything."""
    told = [Source("docker", SourceState.DOWN, "unix:x", "bad\x1b[31m\nline")]
    line = sources_text(told).splitlines()[1]
    assert line.split() == ["docker", "down", "unix:x", "bad\\x1b[31m\\nline"]
