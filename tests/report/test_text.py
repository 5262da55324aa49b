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
    why = "bad\\x1b[31m\\nline"
    assert line.split() == ["docker", "down", "-", "-", "0", "unix:x", why]


def test_sources_say_how_fresh_they_are() -> None:
    """By which means, how old the last word is, and how often all was read again."""
    told = [Source("kube", SourceState.UP, "x", how="watch", age=60, resyncs=12)]
    titles, line = sources_text(told).splitlines()
    assert " ".join(titles.split()) == "SOURCE STATE FRESH BY AGE RESYNCS WHERE WHY"
    assert line.split() == ["kube", "up", "watch", "60s", "12", "x", "-"]
