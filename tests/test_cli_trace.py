"""`ocnetview trace` as a shell sees it, on a node that was recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_node import node, run, written


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return a recording of the node."""
    return written(tmp_path, node())


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("trace", "nobody", "10.1.2.3"), 1, "no pod or container answers to 'nobody'"),
        (("trace", "web", "nobody"), 3, "answers to 'nobody'; service shop/nobody"),
        (("trace", "web", "shop/nobody"), 3, "a recording holds no services"),
        (("trace", "web", "10.1.2.3:0"), 1, "there is no port 0"),
        (("trace", "node", "web"), 3, "the node's own address"),
        (("trace", "web"), 2, "Missing argument"),
        (("trace", "web", "10.1.2.3", "--raw", "--json"), 2, "not JSON"),
    ],
)
def test_exit_codes(
    recording: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """1 for what there is not, 2 for bad usage, 3 for what cannot be asked."""
    result = run("--replay", recording, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


def test_what_cannot_be_asked_is_told_for_each_way(recording: Path) -> None:
    """A recording has no switch to ask: both ways say so, in text and JSON."""
    result = run("--replay", recording, "trace", "web", "10.1.2.3:443")
    assert result.exit_code == 3
    assert "shop/web → 10.1.2.3, tcp/443" in result.stdout
    assert "cannot trace a packet: a recording holds no flows" in result.stdout
    assert "nothing could be traced" in result.stderr
    whole = run("--replay", recording, "trace", "web", "10.1.2.3", "--udp", "--json")
    told = json.loads(whole.stdout)
    assert told["command"] == "trace"
    assert [one["way"] for one in told["traces"]] == ["there", "back"]
    assert {one["protocol"] for one in told["traces"]} == {"udp"}
    assert all("no flows" in one["failed"] for one in told["traces"][:1])


def test_help() -> None:
    """The command explains itself, its targets, and its exit codes."""
    said = run("trace", "--help").stdout
    assert "TARGET is a pod, an address" in said
    assert "Exit status: 0 found, 1 not found" in said
