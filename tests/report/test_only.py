"""Reports of the rows that a filter keeps, in the language of the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_node import node, run, written


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return the file of a recorded node."""
    return written(tmp_path, node())


@pytest.mark.parametrize(
    ("command", "wanted", "kept"),
    [
        ("pods", "", 2),
        ("pods", "ns:shop !evil", 1),
        ("pods", "!ns:shop", 1),
        ("pods", "veth:vethA", 1),
        ("ports", "", 2),
        ("ports", "ns:shop", 1),
        ("ports", "problem:*", 1),
        ("ports", "ofport:>2", 1),
        ("ports", "/^gone$/", 1),
    ],
)
def test_a_report_has_what_a_filter_keeps(
    recording: Path, command: str, wanted: str, kept: int
) -> None:
    """The text and the document have the same rows."""
    whole = run("--replay", recording, command, "--json", "--filter", wanted)
    assert len(json.loads(whole.stdout)[command]) == kept
    table = run("--replay", recording, command, "--filter", wanted)
    assert len(table.stdout.splitlines()) == 1 + kept
    assert whole.exit_code == table.exit_code == 0


def test_problems_are_those_of_the_ports_that_are_kept(recording: Path) -> None:
    """What is wrong with a port that is left out is left out; bridges stay whole."""
    found = run("--replay", recording, "ports", "--json", "--filter", "ns:shop")
    whole = json.loads(found.stdout)
    assert whole["problems"] == []
    assert [bridge["ports"] for bridge in whole["bridges"]] == [2]


def test_nothing_is_said_with_the_filter(recording: Path) -> None:
    """A filter that keeps nothing is named, whatever is in it."""
    found = run("--replay", recording, "pods", "--filter", "zz\x1b")
    assert (found.exit_code, len(found.stdout.splitlines())) == (0, 1)
    assert r"no pods or containers with “zz\x1b” here" in found.stderr


def test_a_wrong_filter_is_bad_usage(tmp_path: Path) -> None:
    """It is told before anything of the node is read."""
    found = run("--replay", tmp_path / "gone", "ports", "--filter", "foo:x")
    assert found.exit_code == 2
    assert "no foo: here; known: ns node problem role" in found.stderr
