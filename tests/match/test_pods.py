"""Containers <-> pods."""

from __future__ import annotations

import pytest
from builders import container, docker, kubelet_name
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import Container, ContainerState
from ocnetview.match.pods import PodName, container_name, match_pods, pod_name
from ocnetview.model import PodKind

LABELS = {
    "io.kubernetes.pod.name": "web.1",
    "io.kubernetes.pod.namespace": "shop",
    "io.kubernetes.pod.uid": "u-1",
}


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        ("any", LABELS, PodName("shop", "web.1", "u-1", "")),
        (
            "k8s_x_y_z_u_0",
            {**LABELS, "io.kubernetes.container.name": "nginx"},
            PodName("shop", "web.1", "u-1", "nginx"),
        ),
        (
            "any",
            {**LABELS, "io.kubernetes.docker.type": "podsandbox"},
            PodName("shop", "web.1", "u-1", "POD"),
        ),
        ("k8s_web_web-1_shop_uid7_2", {}, PodName("shop", "web-1", "uid7", "web")),
        ("k8s_POD_web-1_shop_uid7_0_a1b2", {}, PodName("shop", "web-1", "uid7", "POD")),
        ("k8s_POD.6d00e006_web_ns_uid_9f3c", {}, PodName("ns", "web", "uid", "POD")),
        ("k8s_short_name", {}, None),
        ("redis", {"io.kubernetes.pod.name": "only-a-name"}, None),
        ("", {}, None),
    ],
)
def test_what_a_container_says_of_its_pod(
    name: str, labels: dict[str, str], expected: PodName | None
) -> None:
    """Labels first, then the names of dockershim and cri-dockerd, old ones too."""
    assert pod_name(container(1, name or "-", labels=labels)) == expected


def test_a_pod_is_its_sandbox_and_containers() -> None:
    """Three containers with one uid are one row; the sandbox is not counted."""
    uid = "uid-1"
    boxes = [
        container(1, kubelet_name("POD", "web", "shop", uid)),
        container(2, kubelet_name("nginx", "web", "shop", uid)),
        container(
            3,
            kubelet_name("sidecar", "web", "shop", uid),
            state=ContainerState.EXITED,
            pid=None,
            netns=None,
        ),
    ]
    (pod,) = match_pods([docker(*boxes)])
    assert (pod.title, pod.kind, pod.uid) == ("shop/web", PodKind.POD, uid)
    assert pod.sandbox
    assert pod.sandbox.container == boxes[0]
    assert [container_name(c) for c in pod.containers] == ["nginx", "sidecar"]
    assert (pod.running, pod.netns) == (1, boxes[0].netns)


def test_a_restarted_container_counts_once() -> None:
    """Of two attempts the running one stands for the container."""
    name = kubelet_name("app", "web", "shop", "u")
    old = container(1, name, state=ContainerState.EXITED, pid=None, netns=None)
    new = container(2, name.replace("_0", "_1"), created=200.0)
    (pod,) = match_pods([docker(old, new)])
    assert pod.containers == (new,)


def test_a_plain_container_is_a_row_of_its_own() -> None:
    """Docker without Kubernetes: the container is shown as what it is."""
    (row,) = match_pods([docker(container(1, "redis"))])
    assert (row.kind, row.title, row.namespace) == (PodKind.CONTAINER, "redis", "")


def test_host_network_is_seen_before_any_namespace_is_read() -> None:
    """HostConfig.NetworkMode host is enough to expect no veth."""
    (row,) = match_pods([docker(container(1, "agent", network_mode="host"))])
    assert row.host_network


box_names = st.sampled_from(
    ["redis", "k8s_app_a_n_u1_0", "k8s_POD_a_n_u1_0", "k8s_x", "k8s_c_b_m_u1_0"]
)
boxes = st.builds(
    lambda n, name, state: container(n, name, state=state),
    st.integers(0, 30),
    box_names,
    st.sampled_from(list(ContainerState)),
)


@given(st.lists(boxes, unique_by=lambda c: c.id), st.randoms())
def test_no_container_is_in_two_rows(found: list[Container], random: object) -> None:
    """Plain ones are all there, a pod's newest stand for it, in any input order."""
    rows = match_pods([docker(*found)])
    shown = [
        c.id
        for row in rows
        for c in (*((row.sandbox,) if row.sandbox else ()), *row.containers)
    ]
    assert len(shown) == len(set(shown))
    plain = {c.id for c in found if pod_name(c) is None}
    assert plain <= set(shown)
    names = {(n.uid, n.container) for n in map(pod_name, found) if n}
    assert len(shown) == len(plain) + len(names)
    random.shuffle(found)  # type: ignore[attr-defined]
    assert match_pods([docker(*found)]) == rows
