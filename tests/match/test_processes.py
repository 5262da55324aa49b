"""Processes -> trees, containers and pods."""

from __future__ import annotations

from builders import container, cri, docker, member, netns, process, sample, sandbox
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.columns import guides
from ocnetview.facts import NestedFacts, Process
from ocnetview.match.pods import match_pods
from ocnetview.match.processes import grow_trees, match_processes, owners_of


def test_a_tree_stands_with_its_guides() -> None:
    """Children follow their parent, siblings by age, each line drawn to its place."""
    family = [process(1, 0), process(2, 1), process(4, 2), process(3, 1)]
    pods = match_pods(sample(docker(container(1))))
    members = [
        Process(p.pid, p.start_time, p.ppid, p.pid, p.name, container_id=f"{1:064x}")
        for p in family
    ]
    rows = match_processes(members, owners_of(pods))
    assert [(r.process.pid, guides(r)) for r in rows] == [
        (1, ""),
        (2, "├─"),
        (4, "│ └─"),
        (3, "└─"),
    ]
    assert {(r.pod, r.container) for r in rows} == {(f"{1:064x}", "box1")}


def test_what_exec_started_is_a_root_of_its_own() -> None:
    """A process whose parent is outside the container is not lost."""
    rows = list(grow_trees([process(10, 1), process(50, ppid=7000), process(51, 50)]))
    assert [(p.pid, len(last)) for p, last in rows] == [(10, 0), (50, 0), (51, 1)]


def test_a_reused_pid_is_no_parent() -> None:
    """Whoever started after a process cannot be its parent."""
    rows = list(grow_trees([process(5, 1, start=900), process(6, 5, start=100)]))
    assert [(p.pid, len(last)) for p, last in rows] == [(6, 0), (5, 0)]


def test_a_process_of_no_container_belongs_to_the_pod_of_its_namespace() -> None:
    """What runs in a pod's network without its cgroup is shown with the pod."""
    pods = match_pods(sample(docker(container(1))))
    stray = process(9, netns=netns(1))
    (row,) = match_processes([stray], owners_of(pods))
    assert (row.pod, row.container) == (pods[0].key, "")


def test_a_deep_tree_needs_no_recursion() -> None:
    """Five thousand generations grow without a stack overflow."""
    rows = list(grow_trees(process(n, n - 1) for n in range(1, 5001)))
    assert len(rows[-1][1]) == 4999


processes = st.builds(
    process,
    st.integers(1, 12),
    st.integers(0, 12),
    st.integers(1, 3),
)


@given(st.lists(processes, unique_by=lambda p: p.pid), st.randoms())
def test_no_process_is_lost_or_invented(found: list[Process], random: object) -> None:
    """Each stands once, below its parent where that is one, in any input order."""
    rows = list(grow_trees(found))
    assert sorted(p.pid for p, _ in rows) == sorted(p.pid for p in found)
    place = {p.pid: index for index, (p, _) in enumerate(rows)}
    for process_, last in rows:
        if last:
            parent, above = rows[place[process_.ppid]]
            assert place[parent.pid] < place[process_.pid]
            assert len(above) == len(last) - 1
    random.shuffle(found)  # type: ignore[attr-defined]
    assert list(grow_trees(found)) == rows


def test_a_sandbox_process_is_of_its_pod() -> None:
    """The pause process of a CRI sandbox, which is no container, is named POD."""
    box = sandbox(1, "web", "u1", pid=50)
    pods = match_pods(sample(cri(box, member(2, "app", box))))
    family = [process(50, container_id=box.id), process(60, container_id=f"{2:064x}")]
    rows = match_processes(family, owners_of(pods))
    assert [(row.pod, row.container) for row in rows] == [("u1", "POD"), ("u1", "app")]


def test_a_process_is_of_the_innermost_container() -> None:
    """What runs in a pod of kind is the pod's, although its node holds it, too."""
    node = container(1, "kind")
    box = sandbox(2, "web", "u1")
    app = member(3, "app", box)
    nested = NestedFacts((cri(box, app, within=node.id),))
    pods = match_pods(sample(docker(node), nested))
    kubelet = process(50, container_id=node.id, netns=netns(1))
    shim = process(51, 50, container_id=node.id, netns=netns(1))
    inside = process(60, 51, container_id=app.id, netns=netns(2))
    unknown = process(70, 51, container_id="f" * 64, netns=netns(1))
    rows = match_processes([inside, shim, unknown, kubelet], owners_of(pods))
    assert [(row.process.pid, row.depth, row.pod, row.container) for row in rows] == [
        (50, 0, node.id, "kind"),
        (51, 1, node.id, "kind"),
        (60, 0, pods[1].key, "app"),
        (70, 0, node.id, "f" * 13),
    ]


def test_what_still_runs_of_an_earlier_sandbox_is_of_its_pod() -> None:
    """A sandbox that another one has replaced may have a process left."""
    old = sandbox(1, "web", "u1", created=1.0, pid=50)
    pods = match_pods(sample(cri(old, sandbox(2, "web", "u1"))))
    (row,) = match_processes([process(50, container_id=old.id)], owners_of(pods))
    assert (row.pod, row.container) == ("u1", "POD")
