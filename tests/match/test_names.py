"""What a container says of the pod it is in."""

from __future__ import annotations

import pytest
from builders import container, sandbox

from ocnetview.match.names import PodName, member_name, pod_name, sandbox_id

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


def test_a_sandbox_is_called_pod() -> None:
    """A sandbox has the name that kubelet gives its container everywhere."""
    assert member_name(sandbox(1, "web", "u1")) == "POD"
    assert member_name(container(1, "redis")) == "redis"


def test_a_container_names_its_sandbox() -> None:
    """CRI in a field, dockershim and cri-dockerd in a label."""
    labels = {"io.kubernetes.sandbox.id": "abc"}
    assert sandbox_id(container(1, labels=labels)) == "abc"
    assert sandbox_id(container(1, labels=labels, sandbox_id="def")) == "def"
    assert sandbox_id(container(1)) == ""
