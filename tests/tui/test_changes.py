"""What counts as new or gone, where that stands, and how long."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from builders import process, source
from hypothesis import given
from hypothesis import strategies as st
from tui import nodes

from ocnetview.facts import Source, SourceState
from ocnetview.model import NodeModel, Pod, PodKind, TreeProcess
from ocnetview.tui.changes import LINGER, Changes, Ghost, followed, with_gone

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)
UP = (source("docker", SourceState.UP), source("rtnetlink", SourceState.UP))


def pod(key: str) -> Pod:
    """Return a pod."""
    return Pod(key, PodKind.POD, key)


def model(keys: str | list[str]) -> NodeModel:
    """Return a node with these pods, all sources up."""
    return NodeModel(pods=tuple(map(pod, keys)), sources=UP)


def shown(model: NodeModel, changes: Changes) -> str:
    """Return the keys of the pods as they stand, those that are gone in capitals."""
    gone = {ghost.subject.key for ghost in changes.pods.gone}
    keys = [one.key for one in with_gone(model.pods, changes.pods.gone)]
    return "".join(key.upper() if key in gone else key for key in keys)


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        (["abc", "abc"], "abc"),
        (["abc", "ac"], "aBc"),
        (["abc", "c"], "ABc"),
        (["abc", "ab"], "abC"),
        (["abc", "ac", "c"], "ABc"),
        (["abc", "ab", "a"], "aBC"),
        (["abc", "", "abc"], "abc"),
        (["abc", "xabcy"], "xabcy"),
        (["abc", "cb"], "Acb"),
        (["ab", "b", "xb"], "Axb"),
        (["abcd", "ad", "a"], "aBCD"),
    ],
)
def test_what_is_gone_stays_at_its_place(steps: list[str], seen: str) -> None:
    """Behind the row that it stood behind, in the order they had, whatever follows."""
    changes = Changes()
    for before, after in pairwise(steps):
        changes = followed(changes, model(before), model(after), 0.0)
    assert shown(model(steps[-1]), changes) == seen


@given(st.lists(KEYS, min_size=2, max_size=6))
def test_no_row_is_lost_or_doubled(steps: list[list[str]]) -> None:
    """Through any changes: living rows in their order, and each key once at most."""
    changes = Changes()
    for before, after in pairwise(steps):
        changes = followed(changes, model(before), model(after), 0.0)
        keys = [one.key for one in with_gone(model(after).pods, changes.pods.gone)]
        gone = {ghost.subject.key for ghost in changes.pods.gone}
        assert [key for key in keys if key not in gone] == after
        assert len(keys) == len(set(keys))
        assert changes.pods.born.keys() <= set(after)
        assert changes.pods.born.keys() >= set(after) - set(before)
        assert gone >= set(before) - set(after)


def test_marks_end_together() -> None:
    """A few seconds later, at moments that all marks share."""
    changes = followed(Changes(), model("ab"), model("bc"), 10.1)
    later = followed(changes, model("bc"), model("bcd"), 10.2)
    assert changes.next_end() == later.next_end() == 14.5
    assert later.at(14.4) == later
    assert later.at(14.4 + LINGER) == Changes()
    assert later.at(14.5).next_end() is None


def test_without_changes_nothing_is_made() -> None:
    """A quiet node keeps what there is, so that nobody looks at it again."""
    changes = followed(Changes(), model("ab"), model("ab"), 0.0)
    assert changes.pods is followed(changes, model("ab"), model("ab"), 1.0).pods
    assert changes.next_end() is None


@pytest.mark.parametrize("state", [SourceState.WAITING, SourceState.ABSENT])
def test_the_first_word_of_a_source_marks_nothing(state: SourceState) -> None:
    """What it tells was there all along, and so was what it replaces."""
    before = replace(model("ab"), sources=(UP[0], replace(UP[1], state=state)))
    assert followed(Changes(), before, model("bc"), 0.0) == Changes()


@pytest.mark.parametrize("state", [SourceState.DOWN, SourceState.STALE])
def test_what_a_source_missed_is_marked(state: SourceState) -> None:
    """A source that spoke before and is back tells what came meanwhile."""
    lost = replace(UP[0], state=state, age=15)
    before = replace(model("ab"), sources=(lost, UP[1]))
    after = replace(model("bc"), sources=(replace(UP[0], age=0), UP[1]))
    changes = followed(Changes(), before, after, 0.0)
    assert [*changes.pods.born] == ["c"]


def test_what_cannot_be_joined_marks_nothing() -> None:
    """A model that only says so has no rows, which went nowhere."""
    failed = NodeModel(sources=(*UP, Source("join", SourceState.DOWN)))
    changes = followed(Changes(), model("ab"), failed, 0.0)
    assert followed(changes, failed, model("ab"), 1.0) == Changes()


def test_ports_come_and_go_on_every_bridge() -> None:
    """Each with its bridge's name in its key."""
    node = nodes.node()
    br0, docker0 = node.bridges
    less = replace(node, bridges=(replace(br0, ports=br0.ports[1:]), docker0))
    gone = followed(Changes(), node, less, 0.0).ports.gone
    assert [(g.subject.name, g.after) for g in gone] == [("vxlan0", "")]
    assert [*followed(Changes(), less, node, 0.0).ports.born] == ["br0/vxlan0"]


def tree(pid: int, container: str, age: int = 100) -> TreeProcess:
    """Return a process of a container of the console's pod."""
    one = process(pid, container_id=container)
    return TreeProcess(one, pod="uid-0", container=container, age=age)


NODE = nodes.node()
BOX = NODE.pods[0].containers[0].id


@pytest.mark.parametrize(
    ("before", "after", "born", "gone"),
    [
        pytest.param([(1, 9)], [(1, 9), (2, 0)], [2], [], id="a new one is young"),
        pytest.param([], [(1, 9), (2, 90)], [], [], id="read only now"),
        pytest.param([(1, 9), (2, 9)], [(1, 9)], [], [2], id="one of several ended"),
        pytest.param([(1, 9), (2, 9)], [], [], [], id="read no longer"),
    ],
)
def test_a_process_is_not_new_because_it_is_read(
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
    born: list[int],
    gone: list[int],
) -> None:
    """Nor gone because nobody looks at its container any more."""

    def of(rows: list[tuple[int, int]]) -> NodeModel:
        trees = tuple(tree(pid, BOX, age) for pid, age in rows)
        return replace(NODE, processes=trees)

    lately = followed(Changes(), of(before), of(after), 0.0).processes
    assert [*lately.born] == [f"{pid}@{pid}" for pid in born]
    assert [ghost.subject.process.pid for ghost in lately.gone] == gone


def test_the_processes_of_a_container_that_ended_are_gone() -> None:
    """It has none any more, and that is what happened to them."""
    before = replace(NODE, processes=(tree(1, BOX),))
    ended = replace(NODE, pods=NODE.pods[1:], processes=())
    lately = followed(Changes(), before, ended, 0.0).processes
    assert lately.gone == (Ghost(tree(1, BOX), "", LINGER),)
