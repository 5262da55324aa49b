"""`explain` and `graph` as a shell runs them, over a recorded node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cli_node import node, run, written


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return the file of a recorded node."""
    return written(tmp_path, node())


def commands(text: str) -> list[str]:
    """Return the lines that a shell would run."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(
    ("scrap", "head", "line"),
    [
        ("web", "## pod shop/web", "ip -d -s link show dev vethA"),
        ("vethA", "## port vethA of br0, pod shop/web", "pstree -p 5008"),
        ("br0:3", "## port vethA of br0, pod shop/web", "pstree -p 5008"),
        ("5008", "## process p5008 (5008), pod shop/web", "cat /proc/5008/cgroup"),
        ("br0/vethA", "## port vethA of br0", "pstree -p 5008"),
        ("gone", "## port gone of br0", "'name=\"gone\"'"),
        (
            "10.128.0.7",
            "## port vethA of br0, pod shop/web",
            "conntrack -L -f ipv4 -s 10.128.0.7",
        ),
    ],
)
def test_whatever_who_finds_is_explained(
    recording: Path, scrap: str, head: str, line: str
) -> None:
    """A pod, port, ofport, PID or address: its lines, below what it is."""
    result = run("--replay", recording, "explain", scrap)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith(head)
    assert any(one.endswith(line) for one in commands(result.stdout))


def test_without_a_row_the_node_is_explained(recording: Path) -> None:
    """Bridges, runtimes, links and namespaces."""
    result = run("--replay", recording, "explain")
    assert result.exit_code == 0
    assert result.stdout.startswith("## the node\n")
    assert "ovs-vsctl --timeout=30 '--db=at ovsdb' show" in result.stdout


def test_what_is_not_there_is_not_explained(recording: Path) -> None:
    """Exit status 1, and nothing on stdout that somebody could paste."""
    result = run("--replay", recording, "explain", "nobody")
    assert (result.exit_code, result.stdout) == (1, "")


def test_explain_as_json_has_the_same_lines(recording: Path) -> None:
    """A row for each line, with the tool that it needs."""
    text = run("--replay", recording, "explain", "web").stdout
    said = json.loads(run("--replay", recording, "explain", "web", "--json").stdout)
    rows = said["recipes"]
    assert [row["command"] for row in rows] == commands(text)
    assert {row["subject"] for row in rows} == {"pod shop/web"}
    assert all(row["tool"] in row["command"] for row in rows)


def test_every_line_is_one_that_bash_takes(recording: Path) -> None:
    """The whole is a script without an error of syntax, nor a raw control."""
    text = run("--replay", recording, "explain", "web").stdout
    text += run("--replay", recording, "explain", f"{9:064x}").stdout
    assert "\x1b" not in text
    done = subprocess.run(["bash", "-n"], input=text, text=True, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ((), "br0 (ovs)\n"),
        (("--dot",), "graph ocnetview {\n"),
        (("--mermaid",), "flowchart LR\n"),
        (("--svg",), "<svg "),
    ],
)
def test_the_node_is_drawn(recording: Path, form: tuple[str, ...], begins: str) -> None:
    """In each form the pod, its port and the bridge are there."""
    result = run("--replay", recording, "graph", *form)
    assert result.exit_code == 0
    assert result.stdout.startswith(begins)
    assert all(name in result.stdout for name in ("web", "vethA", "br0"))
    if "--svg" in form:
        ET.fromstring(result.stdout)  # noqa: S314 - we wrote it ourselves


def test_the_graph_as_json(recording: Path) -> None:
    """Vertices and edges, the ids of these among those."""
    said = json.loads(run("--replay", recording, "graph", "--json").stdout)
    ids = {vertex["id"] for vertex in said["vertices"]}
    assert {
        end for edge in said["edges"] for end in (edge["begin"], edge["end"])
    } <= ids


def test_one_form_at_a_time(recording: Path) -> None:
    """A picture and JSON at once is bad usage."""
    assert run("--replay", recording, "graph", "--svg", "--json").exit_code == 2
