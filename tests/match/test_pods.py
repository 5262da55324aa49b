"""Runtimes and API -> rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    container,
    cri,
    docker,
    kube,
    kube_container,
    kube_pod,
    kubelet_name,
    member,
    netns,
    sample,
    sandbox,
    source,
)

from ocnetview.facts import (
    Container,
    ContainerState,
    Facts,
    NamespaceMode,
    Sample,
    Sandbox,
    SourceState,
)
from ocnetview.match.names import container_name
from ocnetview.match.pods import match_pods
from ocnetview.model import PodKind

EXITED = ContainerState.EXITED


def test_a_pod_is_its_sandbox_and_containers() -> None:
    """Three containers with one uid are one row; the sandbox is not counted."""
    uid = "uid-1"
    boxes = [
        container(1, kubelet_name("POD", "web", "shop", uid)),
        container(2, kubelet_name("nginx", "web", "shop", uid)),
        container(
            3,
            kubelet_name("sidecar", "web", "shop", uid),
            state=EXITED,
            pid=None,
            netns=None,
        ),
    ]
    (pod,) = match_pods(sample(docker(*boxes)))
    assert (pod.title, pod.kind, pod.uid) == ("shop/web", PodKind.POD, uid)
    assert pod.sandbox
    assert pod.sandbox.container == boxes[0]
    assert [container_name(c) for c in pod.containers] == ["nginx", "sidecar"]
    assert (pod.running, pod.netns) == (1, boxes[0].netns)


def test_a_restarted_container_counts_once() -> None:
    """Of two attempts the running one stands for the container, the other is kept."""
    name = kubelet_name("app", "web", "shop", "u")
    old = container(1, name, state=EXITED, pid=None, netns=None)
    new = container(2, name.replace("_0", "_1"), created=200.0)
    (pod,) = match_pods(sample(docker(old, new)))
    assert (pod.containers, pod.earlier) == ((new,), (old,))


def test_a_plain_container_is_a_row_of_its_own() -> None:
    """Docker without Kubernetes: the container is shown as what it is."""
    (row,) = match_pods(sample(docker(container(1, "redis"))))
    assert (row.kind, row.title, row.namespace) == (PodKind.CONTAINER, "redis", "")
    assert (row.status, row.ready, row.expected) == ("Running", 1, 1)


def test_host_network_is_seen_before_any_namespace_is_read() -> None:
    """HostConfig.NetworkMode host is enough to expect no veth, and CRI's NODE."""
    (row,) = match_pods(sample(docker(container(1, "agent", network_mode="host"))))
    assert row.host_network
    box = sandbox(1, "agent", "u", network=NamespaceMode.NODE)
    (row,) = match_pods(sample(cri(box)))
    assert row.host_network


def test_a_sandbox_needs_no_process() -> None:
    """CRI-O drops its pause container: the pod has the namespace that is pinned."""
    box = sandbox(7, "web", "u7")
    (pod,) = match_pods(sample(cri(box, member(8, "app", box))))
    assert (pod.netns, pod.sandbox) == (netns(7), box)
    assert pod.joined == (f"1 container names its sandbox {box.id[:13]}",)


def test_a_container_that_left_does_not_move_the_pod() -> None:
    """`unshare -n` in a container: the pod stays where its sandbox is."""
    box = sandbox(7, "web", "u7")
    (pod,) = match_pods(sample(cri(box, member(8, "app", box, netns=netns(99)))))
    assert pod.netns == netns(7)
    blind = replace(box, netns=None)
    both = [member(n, f"c{n}", box) for n in (8, 9)]
    away = member(10, "a", box, netns=netns(99))
    (pod,) = match_pods(sample(cri(blind, away, *both)))
    assert pod.netns == netns(7)


def test_the_newest_sandbox_that_is_ready_is_the_live_one() -> None:
    """Of several attempts the ready one counts, the newest of those, then of all."""
    boxes = [
        sandbox(n, "web", "u", attempt=n, created=float(n), ready=n in (2, 3))
        for n in (1, 2, 3, 4)
    ]
    (pod,) = match_pods(sample(cri(*boxes)))
    assert pod.sandbox == boxes[2]
    assert [box.attempt for box in pod.attempts] == [2, 4, 1]
    (pod,) = match_pods(sample(cri(*(replace(b, ready=False) for b in boxes))))
    assert pod.sandbox
    assert pod.sandbox.attempt == 4


def test_a_sandbox_that_was_made_again_has_no_containers_yet() -> None:
    """After a reboot the containers of the sandbox before do not count any more."""
    old = sandbox(1, "web", "u", ready=False)
    new = sandbox(2, "web", "u", attempt=1, created=200.0)
    left = member(3, "app", old, state=EXITED, exit_code=255, pid=None)
    (pod,) = match_pods(sample(cri(old, new, left)))
    assert pod.status == "ContainerCreating"
    again = member(4, "app", new, created=201.0)
    (pod,) = match_pods(sample(cri(old, new, left, again)))
    assert (pod.status, pod.containers, pod.earlier) == ("Running", (again,), (left,))


def test_docker_and_its_cri_tell_of_one_container() -> None:
    """cri-dockerd's list and Docker's own are one row, each giving what it knows."""
    box = sandbox(1, "web", "u1", runtime="docker", netns=None, netns_path="")
    app = member(2, "app", box, pid=None, netns=None, attempt=3)
    facts = docker(
        container(1, kubelet_name("POD", "web", "shop", "u1")),
        container(2, kubelet_name("app", "web", "shop", "u1"), network_mode="none"),
        container(3, "redis"),
    )
    told = Sample(1.0, {"docker": facts, "cri:dockerd": cri(box, app)})
    pod, redis = match_pods(told)
    assert (redis.title, redis.sources) == ("redis", ("docker",))
    assert pod.sources == ("cri:dockerd", "docker")
    assert (pod.netns, pod.restarts) == (netns(1), 3)
    assert pod.sandbox
    assert (pod.sandbox.pid, pod.sandbox.container) == (5001, facts.containers[0])
    (merged,) = pod.containers
    assert (merged.pid, merged.network_mode) == (5002, "none")
    assert (merged.sandbox_id, merged.attempt) == (box.id, 3)


def test_labels_alone_do_not_move_a_container() -> None:
    """Who names a sandbox is in it; a copied uid does not lead into another's pod."""
    box = sandbox(1, "web", "u1")
    labels = {
        "io.kubernetes.pod.uid": "u1",
        "io.kubernetes.pod.name": "other",
        "io.kubernetes.pod.namespace": "shop",
    }
    inside = member(2, "app", box, labels=labels)
    (web,) = match_pods(sample(cri(box, inside)))
    assert (web.containers, web.key) == ((inside,), "u1")
    assert "name another pod" in web.disputes[0]


FORGED = {
    "io.kubernetes.pod.uid": "u1",
    "io.kubernetes.pod.name": "web",
    "io.kubernetes.pod.namespace": "shop",
}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("evil", {**FORGED, "io.kubernetes.docker.type": "podsandbox"}),
        ("evil", {**FORGED, "io.kubernetes.container.name": "POD"}),
        ("evil", {**FORGED, "io.kubernetes.container.name": "app"}),
        ("evil", {**FORGED, "io.kubernetes.pod.name": "other"}),
        ("evil", {"io.kubernetes.sandbox.id": f"{1:064x}"}),
        ("k8s_POD_web_shop_u1_7", {}),
    ],
)
def test_labels_alone_put_nothing_into_another_runtimes_pod(
    name: str, labels: dict[str, str]
) -> None:
    """A pod's runtime knows its sandboxes and containers; who only says so is told."""
    box = sandbox(1, "web", "u1", netns=netns(1))
    inside = member(2, "app", box)
    forged = container(
        3, name, labels=labels, netns=netns(3), created=box.created + 9.0
    )
    told = Sample(1.0, {"cri": cri(box, inside), "docker": docker(forged)})
    web, evil = match_pods(told)
    assert (web.sandbox, web.attempts, web.containers) == (box, (), (inside,))
    assert (web.key, web.netns, web.disputes) == ("u1", netns(1), ())
    assert (evil.kind, evil.name, evil.containers) == (
        PodKind.CONTAINER,
        name,
        (forged,),
    )
    (doubt,) = evil.disputes
    assert doubt.startswith("its labels put it into pod shop/web, but")


def test_two_runtimes_with_one_pod_are_a_dispute() -> None:
    """A node that changed its runtime may have the same pod in both: that is told."""
    first = sandbox(1, "web", "u1")
    second = sandbox(2, "web", "u1", runtime="containerd", created=200.0)
    told = Sample(1.0, {"cri:a": cri(first), "cri:b": cri(second)})
    (pod,) = match_pods(told)
    assert (pod.sandbox, pod.attempts) == (second, (first,))
    assert pod.disputes == (
        "containerd and cri-o each have a sandbox of it that is ready",
    )
    assert pod.sources == ("cri:a", "cri:b")


def test_two_that_run_under_one_name_both_stand() -> None:
    """No process is hidden behind a label that another container bears, too."""
    box = sandbox(1, "web", "u1")
    (pod,) = match_pods(sample(cri(box, member(2, "a", box), member(3, "a", box))))
    assert len(pod.containers) == 2
    assert pod.disputes == ("2 containers run as a",)


def test_what_the_api_adds() -> None:
    """Restarts, addresses and when it was made are the API's, which is a source."""
    box = sandbox(1, "web", "u1")
    waiting = kube_container("app", restarts=4, reason="CrashLoopBackOff", ready=False)
    pod = kube_pod("web", "u1", waiting, created=10.0, addresses=("10.1.1.1",))
    told = Sample(100.0, {"cri": cri(box), "kube": kube(pod)})
    (row,) = match_pods(told)
    assert (row.api, row.sources) == (pod, ("cri", "kube"))
    assert (row.created, row.restarts, row.addresses) == (10.0, 4, ("10.1.1.1",))
    assert row.joined == ("the API's pod has the same uid",)


def test_a_pod_that_only_the_api_knows() -> None:
    """A pod that is Pending, or whose runtime is not heard, has a row of its own."""
    pod = kube_pod("web", "u1", phase="Pending", containers=())
    (row,) = match_pods(sample(kube(pod)))
    assert (row.key, row.uid, row.title) == ("u1", "u1", "shop/web")
    assert (row.status, row.sandbox, row.netns) == ("Pending", None, None)
    assert row.sources == ("source0",)
    assert row.traits == ()


def test_a_pod_that_the_api_does_not_know() -> None:
    """What a runtime has beside the API's list is said to be that."""
    box = sandbox(1, "web", "u1")
    (row,) = match_pods(sample(cri(box), kube()))
    assert row.traits == ("not in the API",)
    (row,) = match_pods(sample(cri(box)))
    assert row.traits == ()


def test_an_api_that_is_down_is_not_believed() -> None:
    """What it said before names the pod; how that is doing, the runtime says."""
    box = sandbox(1, "web", "u1", ready=False)
    facts: dict[str, Facts] = {
        "cri": cri(box),
        "kube": kube(kube_pod("web", "u1"), kube_pod("b", "u2")),
    }
    down = (source("kube", SourceState.DOWN), source("cri"))
    other, web = match_pods(Sample(1.0, facts, down))
    assert (web.status, web.disputes, web.traits) == ("NotReady", (), ())
    assert other.status == "Running"
    # While its list is read again nothing changes back and forth.
    for state in (SourceState.UP, SourceState.STALE):
        heard = (source("kube", state), source("cri"))
        web = match_pods(Sample(1.0, facts, heard))[1]
        assert (web.status, len(web.disputes)) == ("Running", 1)


def test_a_thousand_parts_keep_their_order() -> None:
    """What is told twice, by two sources, is the same rows."""
    parts: list[Sandbox | Container] = []
    for number in range(1, 300, 3):
        box = sandbox(number, f"web-{number}", f"u{number}")
        parts += [box, member(number + 1, "a", box), member(number + 2, "b", box)]
    once = match_pods(sample(cri(*parts)))
    twice = match_pods(sample(cri(*parts), cri(*parts)))
    assert [replace(row, sources=()) for row in twice] == [
        replace(row, sources=()) for row in once
    ]
    assert all(row.sources == ("source0", "source1") for row in twice)
