"""Trees as they are drawn: folds, searches, sorts, threads and branches."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from builders import container, cri, docker, member, process, sample, sandbox
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.columns import guides
from ocnetview.facts import Thread
from ocnetview.match.branches import branches_of
from ocnetview.match.forest import with_threads
from ocnetview.match.pods import match_pods
from ocnetview.match.processes import match_processes, owners_of
from ocnetview.match.trees import BLANK, SortKey, draw_trees
from ocnetview.model import Below, Pod, TreeProcess, TreeThread

Sight = list[tuple[str, str]]
"""What is in sight: the lines that lead to each row, and what it is."""


def row(pid: int, ppid: int = 0, cpu: float | None = None, rss: int = 0) -> TreeProcess:
    """Return a process, not at its place yet."""
    return TreeProcess(process(pid, ppid, rss=rss), cpu=cpu)


def by_cpu(rows: list[TreeProcess]) -> list[SortKey]:
    """Return what rows are sorted by: their CPU use, unknown last."""
    return [(BLANK, 0.0, "") if r.cpu is None else (0, r.cpu, "") for r in rows]


def sight(rows: object) -> Sight:
    """Return what is drawn of these rows, those that are aside in parentheses."""
    seen = []
    for one in rows:  # type: ignore[attr-defined]
        name = str(one.process.pid)
        if one.branch:
            name = one.branch.title
        elif one.thread:
            name = f"{{{one.thread.thread.tid}}}"
        name = f"▸{name}+{one.below.processes}" if one.folded else name
        seen.append((guides(one), f"({name})" if one.aside else name))
    return seen


FAMILY = [row(1, 0, 1.0, 10), row(2, 1, 0.0, 20), row(4, 2, 9.0, 40), row(3, 1, 5.0)]
"""1 has 2 and 3, 2 has 4; 4 is the busiest."""


def test_a_folded_row_stands_for_all_below_it() -> None:
    """It says how many are below, and what all take together with it."""
    rows = draw_trees(FAMILY, folds={FAMILY[1].key})
    assert sight(rows) == [("", "1"), ("├─", "▸2+1"), ("└─", "3")]
    assert rows[1].below == Below(1, 9.0, 60)
    (root,) = draw_trees(FAMILY, folds={FAMILY[0].key, FAMILY[1].key})
    assert (root.folded, root.below) == (True, Below(3, 15.0, 70))


def test_a_fold_is_of_the_process_not_of_its_pid() -> None:
    """A later process with the same pid is not folded."""
    later = replace(FAMILY[0], process=replace(FAMILY[0].process, start_time=0))
    assert len(draw_trees([later, *FAMILY[1:]], folds={FAMILY[0].key})) == 4


def test_what_has_nothing_below_is_not_folded() -> None:
    """A fold that has lost its last child shows no sign of one."""
    (only,) = draw_trees(FAMILY[:1], folds={FAMILY[0].key})
    assert (only.folded, only.parent, only.below) == (False, False, None)


def test_a_search_keeps_what_its_hits_are_below_of() -> None:
    """Ancestors stay, aside; siblings go; a fold on the way hides no hit."""
    kept = [r.process.pid == 4 for r in FAMILY]
    rows = draw_trees(FAMILY, kept, folds={FAMILY[0].key})
    assert sight(rows) == [("", "(1)"), ("└─", "(2)"), ("  └─", "4")]


def test_a_search_that_finds_an_ancestor_sets_it_not_aside() -> None:
    """A hit below a hit: both are found."""
    kept = [r.process.pid in {1, 4} for r in FAMILY]
    assert sight(draw_trees(FAMILY, kept)) == [
        ("", "1"),
        ("└─", "(2)"),
        ("  └─", "4"),
    ]


def test_a_search_without_hits_shows_nothing() -> None:
    """No root stays for its own sake."""
    assert not draw_trees(FAMILY, [False] * 4)


def test_siblings_are_sorted_by_the_sum_of_all_below() -> None:
    """A busy grandchild brings its idle parent to the front; it stays a tree."""
    drawn = draw_trees(FAMILY, keys=by_cpu(FAMILY), down=True, adds=True)
    assert sight(drawn) == [("", "1"), ("├─", "2"), ("│ └─", "4"), ("└─", "3")]
    drawn = draw_trees(FAMILY, keys=by_cpu(FAMILY), down=False, adds=True)
    assert [line for _, line in sight(drawn)] == ["1", "3", "2", "4"]


def test_what_adds_nothing_up_is_sorted_by_itself() -> None:
    """By a column that is no sum the rows' own values count."""
    drawn = draw_trees(FAMILY, keys=by_cpu(FAMILY), down=True)
    assert [line for _, line in sight(drawn)] == ["1", "3", "2", "4"]


def test_what_is_not_known_yet_comes_last_both_ways() -> None:
    """A process without a second reading has no place among those that have."""
    rows = [row(1), row(2, 1, None), row(3, 1, 1.0), row(4, 1, 2.0)]
    for down, order in ((True, "1432"), (False, "1342")):
        drawn = draw_trees(rows, keys=by_cpu(rows), down=down, adds=True)
        assert "".join(line for _, line in sight(drawn)) == order


def test_threads_stand_below_their_process_before_its_children() -> None:
    """Of a process with several, each is a row; a thread is no process below."""
    threads = tuple(TreeThread(Thread(n, 1, "t"), float(n)) for n in (1, 9))
    family = [replace(FAMILY[0], threads=threads), *FAMILY[1:]]
    rows = with_threads(family)
    assert [line for _, line in sight(draw_trees(rows))] == [
        "1", "{1}", "{9}", "2", "4", "3",
    ]  # fmt: skip
    keys = by_cpu(list(rows))
    drawn = draw_trees(rows, keys=keys, down=True, adds=True)
    assert [line for _, line in sight(drawn)] == ["1", "{9}", "{1}", "2", "4", "3"]
    (root,) = draw_trees(rows, folds={family[0].key})
    assert root.below == Below(3, 15.0, 70)


def test_a_single_thread_is_what_the_process_is() -> None:
    """It gets no row of its own."""
    one = replace(FAMILY[0], threads=(TreeThread(Thread(1, 1, "t")),))
    assert with_threads([one]) == (one,)


def test_a_ring_of_parents_loses_nobody() -> None:
    """Two readings apart may make each the other's parent; both are shown."""
    ring = [TreeProcess(process(n, 3 - n, start=5)) for n in (1, 2)]
    assert sorted(pid for _, pid in sight(draw_trees(ring))) == ["1", "2"]


def test_a_ring_is_below_its_branch() -> None:
    """Also where another process had the pid of one of it before."""
    ring = [TreeProcess(process(n, 3 - n, start=2), pod="a") for n in (1, 2)]
    rows = [TreeProcess(process(1, start=1)), *ring]
    drawn = draw_trees((*branches_of(rows, {}), *rows))
    assert [(one.depth, one.key) for one in drawn if not one.branch] == [
        (1, "1@2"),
        (2, "2@2"),
        (1, "1@1"),
    ]


def whole_node() -> tuple[list[TreeProcess], dict[str, Pod]]:
    """Return a pod of two containers, a plain container, host processes."""
    box = sandbox(1, "web", "u1", pid=50)
    pods = match_pods(sample(cri(box, member(2, "app", box)), docker(container(3))))
    found = [
        process(1),
        process(40, 1),
        process(50, 40, container_id=box.id),
        process(60, 40, container_id=f"{2:064x}"),
        process(61, 60, container_id=f"{2:064x}"),
        process(70, 40, container_id=f"{3:064x}"),
        process(80, 40, container_id="e" * 64),
    ]
    return list(match_processes(found, owners_of(pods))), {pod.key: pod for pod in pods}


def test_the_nodes_tree_has_pods_and_containers_as_branches() -> None:
    """A pod's containers stand below it, a plain container by itself, the node last."""
    rows, pods = whole_node()
    drawn = draw_trees((*branches_of(rows, pods), *rows))
    assert sorted(sight(drawn)) == sorted(
        [
            ("", "shop/web"),
            ("├─", "POD"),
            ("│ └─", "50"),
            ("└─", "app"),
            ("  └─", "60"),
            ("    └─", "61"),
            ("", "box3"),
            ("└─", "70"),
            ("", "e" * 13),
            ("└─", "80"),
            ("", "the node itself"),
            ("└─", "1"),
            ("  └─", "40"),
        ]
    )
    last = [one.branch.title for one in drawn if one.branch][-1]
    assert last == "the node itself"
    counts = {one.branch.title: one.below for one in drawn if one.branch}
    assert [counts[n] for n in ("shop/web", "app", "the node itself")] == [
        Below(3, None, 0),
        Below(2, None, 0),
        Below(2, None, 0),
    ]


def test_what_is_below_a_branch_that_is_found_is_found() -> None:
    """The name of a pod is that of all its processes; other branches go."""
    rows, pods = whole_node()
    every = (*branches_of(rows, pods), *rows)
    kept = [one.branch is not None and one.branch.title == "app" for one in every]
    drawn = draw_trees(every, kept)
    assert sight(drawn) == [
        ("", "(shop/web)"),
        ("└─", "app"),
        ("  └─", "60"),
        ("    └─", "61"),
    ]
    assert [one.process.pid for one in drawn.wanted if not one.branch] == [60, 61]


nodes = st.lists(
    st.builds(
        lambda pid, ppid, start, pod, box, rss: TreeProcess(
            process(pid, ppid, start, container_id=box, rss=rss), pod=pod
        ),
        st.integers(1, 12),
        st.integers(0, 12),
        st.integers(1, 3),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from(["", "x", "y"]),
        st.integers(0, 9),
    ),
    unique_by=lambda one: (one.process.pid, one.process.start_time),
)


@given(nodes, st.booleans(), st.booleans())
def test_no_process_is_lost_or_doubled(
    rows: list[TreeProcess],
    whole: bool,  # noqa: FBT001 - drawn by hypothesis
    down: bool,  # noqa: FBT001 - the same
) -> None:
    """Each is drawn once, sorted or not; of the node's tree below its own branch."""
    branches = branches_of(rows, {}) if whole else ()
    every = (*branches, *rows)
    keys = [(0, float(one.process.rss), "") for one in every]
    for drawn in (
        draw_trees(every),
        draw_trees(every, keys=keys, down=down, adds=True),
    ):
        assert Counter(one.key for one in drawn) == Counter(one.key for one in every)
        top: list[TreeProcess] = []
        for one in drawn:
            top[one.depth :] = [one]
            assert len(top) == one.depth + 1
            if whole and not one.branch:
                (own, *_) = [above.branch for above in top if above.branch][::-1]
                container, pod = one.process.container_id, one.pod
                assert own is not None
                assert own.key == f"branch:{container}:{pod}"


@given(nodes, st.data())
def test_a_fold_hides_what_is_below_and_nothing_else(
    rows: list[TreeProcess], data: st.DataObject
) -> None:
    """What is in sight and what folded rows count are all processes, each once."""
    keys = [one.key for one in rows]
    folds = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    drawn = draw_trees(rows, folds=folds)
    hidden = sum(one.below.processes for one in drawn if one.below)
    assert len(drawn) + hidden == len(rows)
    memory = sum(one.below.rss if one.below else one.process.rss for one in drawn)
    assert memory == sum(one.process.rss for one in rows)


@given(nodes, st.data())
def test_a_search_shows_all_hits_each_below_its_parent(
    rows: list[TreeProcess], data: st.DataObject
) -> None:
    """No hit is lost, and whatever is shown besides is above one."""
    kept = [data.draw(st.booleans()) for _ in rows]
    drawn = draw_trees(rows, kept)
    wanted = {one.key for one, keep in zip(rows, kept, strict=True) if keep}
    assert {one.key for one in drawn if not one.aside} == wanted
    for one, following in zip(drawn, (*drawn, None)[1:], strict=True):
        assert not one.aside or (following and following.depth == one.depth + 1)
