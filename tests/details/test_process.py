"""What the detail of a process says."""

from __future__ import annotations

from dataclasses import replace

from builders import HOST, netns, process
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.details.process import process_detail
from ocnetview.details.section import Section, as_text
from ocnetview.model import NodeModel, Pod, PodKind, TreeProcess

ROWS = tuple(
    TreeProcess(
        process(pid, parent, command=("run", str(pid))), pod="u7", container="c"
    )
    for pid, parent in ((40, 1), (41, 40), (42, 41), (43, 42))
)
NODE = NodeModel(
    processes=ROWS, pods=(Pod("u7", PodKind.POD, "web", netns=netns(7)),), host=HOST
)


def said(row: TreeProcess, node: NodeModel = NODE) -> dict[str, Section]:
    """Return the sections by their titles."""
    return {part.title: part for part in process_detail(node, row)}


def test_parents_and_children_are_listed() -> None:
    """The nearest parent first, as far as they are looked at."""
    parts = said(ROWS[2])
    parents, children = parts["parents"].table, parts["children"].table
    assert parents
    assert children
    assert [row[0] for row in parents.rows] == ["41", "40"]
    assert [row[0] for row in children.rows] == ["43"]
    assert "parents" not in said(ROWS[0])


def test_a_ring_of_parents_ends() -> None:
    """Two readings may make one: a pid that was given anew meanwhile."""
    ring = (
        replace(ROWS[0], process=process(40, 41)),
        replace(ROWS[1], process=process(41, 40)),
    )
    table = said(ring[0], replace(NODE, processes=ring))["parents"].table
    assert table
    assert [row[0] for row in table.rows] == ["41"]


def test_what_it_is_is_said() -> None:
    """Its command or name, its state in words, its container and pod."""
    row = ROWS[3]
    lines = {line.label: line.text for line in said(row)["process p43 (43)"].lines}
    assert lines["command"] == "run 43"
    assert (lines["container"], lines["pod"]) == ("c", "web")
    bare = replace(row, process=process(43, 42, state="D"))
    stuck = {line.label: line for line in said(bare)["process p43 (43)"].lines}
    assert stuck["command"].text == "[p43]"
    assert stuck["state"].text == "D waiting for a device, cannot be interrupted"
    assert stuck["state"].bad


def test_one_that_left_its_pod_is_marked() -> None:
    """Its network namespace is another than its pod's."""
    row = replace(ROWS[0], process=process(40, netns=HOST))
    (line,) = (n for n in process_detail(NODE, row)[0].lines if n.label == "netns")
    assert line.text == f"{HOST}, the node's own; not its pod's"
    assert line.bad


@given(st.text())
def test_nothing_acts_on_a_terminal(text: str) -> None:
    """Whatever names and arguments hold, the lines are safe to print."""
    one = replace(process(40, user=text, command=(text,)), name=text)
    row = TreeProcess(one, pod="u7", container=text)
    shown = as_text(process_detail(replace(NODE, processes=(row,)), row))
    assert all(c.isprintable() or c == "\n" for c in shown)
