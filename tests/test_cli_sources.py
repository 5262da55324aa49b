"""The command line where a source is down, or not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import process, source
from cli_node import UP, node, run, written

from ocnetview.facts import ProcessFacts, Sample, SourceState


@pytest.mark.parametrize(
    ("down", "command", "code"),
    [
        (("docker",), ("pods",), 3),
        (("docker",), ("tree", "web"), 3),
        (("docker", "rtnetlink"), ("who", "web"), 3),
        (("docker",), ("who", "web"), 3),
        (("docker",), ("who", "vethA"), 0),
        (("ovsdb", "rtnetlink"), ("ports",), 3),
        (("rtnetlink",), ("pods",), 0),
    ],
)
def test_what_could_not_be_looked_at(
    tmp_path: Path, down: tuple[str, ...], command: tuple[str, ...], code: int
) -> None:
    """3 when none of the needed sources answers; else the answer, with a warning."""
    sources = tuple(
        source(s.name, SourceState.DOWN, s.where, "refused") if s.name in down else s
        for s in UP
    )
    path = written(tmp_path, node(sources))
    result = run("--replay", path, *command)
    assert result.exit_code == code
    for name in down:
        if name != "procfs" and (name != "rtnetlink" or command[0] != "tree"):
            assert f"{name} is down: refused" in result.stderr
    assert bool(result.stdout) == (code == 0)


@pytest.mark.parametrize(
    ("other", "code", "rows"),
    [("nested", 3, False), ("kube", 3, True), ("cri", 3, True)],
)
def test_a_list_without_a_runtime_is_no_whole_list(
    tmp_path: Path, other: str, code: int, *, rows: bool
) -> None:
    """Runtimes inside containers stand for none of the node's; others do in part."""
    down = source("docker", SourceState.DOWN, "unix:x", "refused")
    up = tuple(s for s in UP if s.name != "docker")
    result = run(
        "--replay", written(tmp_path, node((down, *up, source(other)))), "pods"
    )
    assert (result.exit_code, bool(result.stdout)) == (code, rows)
    assert "docker is down: refused" in result.stderr
    assert ("this is not all" in result.stderr) is rows


@pytest.mark.parametrize("name", ["docker", "rtnetlink"])
def test_not_found_is_no_answer_where_a_source_is_not_there(
    tmp_path: Path, name: str
) -> None:
    """What only that source knows could not be looked for: 3, not 1."""
    sources = tuple(
        source(s.name, SourceState.ABSENT) if s.name == name else s for s in UP
    )
    result = run("--replay", written(tmp_path, node(sources)), "who", "nobody")
    assert result.exit_code == 3
    assert f"{name} could not be asked" in result.stderr


def test_facts_that_cannot_be_joined_are_no_answer(tmp_path: Path) -> None:
    """A recording with an impossible clock is said to be unreadable, not empty."""
    facts = dict(node().facts)
    inside = process(5008, container_id=f"{8:064x}")
    facts["procfs"] = ProcessFacts((inside,), 1.0, 9.0, ticks_per_second=0)
    path = written(tmp_path, Sample(1.0, facts, UP))
    result = run("--replay", path, "tree", "web")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "cannot join what the sources say" in result.stderr


def test_a_part_of_the_ports_is_not_all_of_them(tmp_path: Path) -> None:
    """With OVSDB down what is known is printed, and the status tells of the rest."""
    down = source("ovsdb", SourceState.DOWN, "unix:x", "refused")
    sources = (down, *(s for s in UP if s.name != "ovsdb"))
    result = run("--replay", written(tmp_path, node(sources)), "ports")
    assert result.exit_code == 3
    assert result.stdout.startswith("BRIDGE")
    assert "this is not all: ovsdb could not be asked" in result.stderr


def test_sources_tell_what_was_tried(tmp_path: Path) -> None:
    """Every source with its place, its state and why."""
    absent = source("ovsdb", SourceState.ABSENT, "unix:/x", "no such socket")
    path = written(tmp_path, node((absent, *(s for s in UP if s.name != "ovsdb"))))
    result = run("--replay", path, "sources")
    assert result.exit_code == 0
    (row,) = (line for line in result.stdout.splitlines() if line.startswith("ovsdb "))
    what = ["ovsdb", "not there", "-", "-", "0", "unix:/x", "no such socket"]
    assert re.split(" {2,}", row) == what


@pytest.mark.parametrize("command", ["tree", "pod", "who"])
def test_a_name_is_not_unknown_while_a_runtime_is_down(
    tmp_path: Path, command: str
) -> None:
    """It may be that runtime's, though another answers: 3, and said once why."""
    down = source("cri", SourceState.DOWN, "unix:/run/crio.sock", "refused")
    result = run("--replay", written(tmp_path, node((down, *UP))), command, "nginx-9")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("cri is down: refused") == 1
    assert "cri could not be asked" in result.stderr


def test_a_name_that_the_api_alone_was_asked_for_is_looked_up(tmp_path: Path) -> None:
    """With no runtime but the API, an unknown pod is no pod without processes."""
    absent = source("docker", SourceState.ABSENT)
    others = (s for s in UP if s.name != "docker")
    told = node((absent, *others, source("kube")))
    result = run("--replay", written(tmp_path, told), "tree", "nothing")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no pod or container answers to 'nothing'" in result.stderr
