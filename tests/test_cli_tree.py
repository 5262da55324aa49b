"""The tree of the whole node and of threads, over a recorded node."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from builders import process
from cli_node import node, run, written

from ocnetview.facts import ProcessFacts, Thread


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return the file of a node with a pod, two host processes, and threads."""
    sample = node()
    said = sample.facts["procfs"]
    assert isinstance(said, ProcessFacts)
    first, *others = said.processes
    tasks = (Thread(5008, 5008, "nginx"), Thread(5555, 5009, "pool\x1b[1m", "D", 3))
    everyone = (
        replace(first, tasks=tasks, threads=2, rss=100),
        *others,
        process(1, 0, rss=7),
        process(310, 1, state="D", wchan="nfs_wait"),
    )
    facts = {**sample.facts, "procfs": replace(said, processes=everyone)}
    return written(tmp_path, replace(sample, facts=facts))


def test_the_nodes_tree_is_drawn_with_its_branches(recording: Path) -> None:
    """Pods, containers, then the node itself; threads in braces, escapes harmless."""
    result = run("--replay", recording, "tree", "--node", "--threads")
    assert result.exit_code == 0
    lines = [line[line.rindex("  ") :].strip() for line in result.stdout.splitlines()]
    assert [line.split(" ", 1)[-1][:30] for line in lines[1:3]] == [
        "shop/web · 2 processes",
        "nginx · 2 processes",
    ]
    assert "\x1b" not in result.stdout
    assert "{pool\\x1b[1m}" in result.stdout
    assert "▾ the node itself · 2 processes" in result.stdout
    assert "└─waits in nfs_wait · [p310]" in result.stdout


def test_the_nodes_tree_as_json_has_branches(recording: Path) -> None:
    """Each with what it stands for and the sums; each process with its threads."""
    whole = json.loads(run("--replay", recording, "tree", "--node", "--json").stdout)
    branches = [
        (b["kind"], b["title"], b["processes"], b["rss"]) for b in whole["branches"]
    ]
    assert branches == [
        ("pod", "shop/web", 2, 100),
        ("container", "nginx", 2, 100),
        ("node", "the node itself", 2, 7),
    ]
    assert whole["branches"][1]["container_id"] == f"{8:064x}"
    assert whole["branches"][2]["pod"] is None
    rows = {row["pid"]: row for row in whole["processes"]}
    assert sorted(rows) == [1, 310, 5008, 5010]
    assert rows[5008]["tasks"][1] == {
        "tid": 5555,
        "name": "pool\x1b[1m",
        "state": "D",
        "start_time": 5009,
        "cpu_ticks": 3,
    }
    assert (rows[310]["wchan"], rows[310]["note"]) == ("nfs_wait", "waits in nfs_wait")
    assert (rows[1]["wchan"], rows[1]["note"], rows[1]["tasks"]) == (None, "", None)


def test_the_tree_of_a_pod_has_no_branches(recording: Path) -> None:
    """What it was it is: the pod's processes and nothing else."""
    whole = json.loads(run("--replay", recording, "tree", "web", "--json").stdout)
    assert "branches" not in whole
    assert [row["pid"] for row in whole["processes"]] == [5008, 5010]


@pytest.mark.parametrize("arguments", [(), ("web", "--node")])
def test_a_tree_is_of_a_pod_or_of_the_node(
    recording: Path, arguments: tuple[str, ...]
) -> None:
    """Neither and both are bad usage, which says what to give."""
    result = run("--replay", recording, "tree", *arguments)
    assert result.exit_code == 2
    assert "give a POD, or --node for all of them" in result.stderr
