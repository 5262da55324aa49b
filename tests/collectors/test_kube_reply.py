"""What the API's JSON gives: pods of two real nodes, and pods nobody would make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from collectors.kube_shapes import made_pod, recorded_pods
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.kube_reply import (
    PodEvent,
    StatusError,
    read_boot_id,
    read_event,
    read_page,
    read_pod,
    read_status,
)
from ocnetview.facts import (
    KubeContainer,
    KubeContainerKind,
    KubeContainerState,
    KubePod,
)

NODES = ("crio-openshift-sdn", "containerd-ovs")
_ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)


def recorded(node: str) -> dict[str, KubePod]:
    """Return a real node's pods by name, without the random ends of names."""
    page = read_page({"items": recorded_pods(node), "metadata": {}})
    return {pod.name: pod for pod in page.pods}


@pytest.mark.parametrize("node", NODES)
def test_each_pod_of_a_real_node_is_what_it_is(node: str) -> None:
    """Phases, host network and pids, shared pids and addresses come out right."""
    pods = recorded(node)
    assert len(pods) == 21
    assert {p.name for p in pods.values() if p.host_network} == {"hostnet"}
    assert {p.name for p in pods.values() if p.share_pids} == {"sharepid"}
    assert {p.name for p in pods.values() if p.host_pids} == {"hostpid"}
    assert not any(p.userns or p.deleting or p.runtime_class for p in pods.values())
    phases = {p.name.partition("-")[0]: p.phase for p in pods.values()}
    odd = {name: phase for name, phase in phases.items() if phase != "Running"}
    assert odd == {"badimage": "Pending", "done": "Succeeded"}
    assert pods["hostnet"].addresses == ("10.0.128.10",)
    assert all(len(p.addresses) == 1 and len(p.uid) == 36 for p in pods.values())
    assert all(p.created > 1795371800 for p in pods.values())
    runtime = node.partition("-")[0].replace("crio", "cri-o")
    made = [c for p in pods.values() for c in p.containers if c.id]
    assert {c.runtime for c in made} == {runtime}
    assert {len(c.id) for c in made} == {64}


@pytest.mark.parametrize("node", NODES)
def test_each_container_of_a_real_node_is_what_it_is(node: str) -> None:
    """Crash loops, missing images, init containers and completed jobs are told."""
    pods = recorded(node)
    boom, fine = pods["crash"].containers
    assert (boom.state, boom.reason) == (KubeContainerState.WAITING, "CrashLoopBackOff")
    assert (boom.exit_code, boom.restarts, boom.ready) == (3, 4, False)
    assert (fine.state, fine.reason, fine.ready) == (
        KubeContainerState.RUNNING,
        "",
        True,
    )
    image, _ = pods["badimage"].containers
    assert (image.id, image.runtime, image.reason) == ("", "", "ErrImageNeverPull")
    setup, main = pods["init-done"].containers
    assert (setup.kind, setup.state) == (
        KubeContainerKind.INIT,
        KubeContainerState.TERMINATED,
    )
    assert (setup.reason, setup.exit_code) == ("Completed", 0)
    assert (main.kind, main.state) == (
        KubeContainerKind.APP,
        KubeContainerState.RUNNING,
    )
    (job,) = next(p for name, p in pods.items() if name.startswith("done")).containers
    assert (job.state, job.reason) == (KubeContainerState.TERMINATED, "Completed")


@pytest.mark.parametrize("node", NODES)
def test_a_static_pod_names_the_hash_of_its_file(node: str) -> None:
    """Its mirror pod's uid is another than the runtime knows; the hash is both's."""
    static = recorded(node)["static-web-worker-0"]
    kept = static.annotations
    assert kept["kubernetes.io/config.source"] == "file"
    assert kept["kubernetes.io/config.mirror"] == kept["kubernetes.io/config.hash"]
    assert len(kept["kubernetes.io/config.hash"]) == 32
    assert "kubernetes.io/config.seen" not in kept


def test_annotations_that_may_hold_secrets_are_not_kept() -> None:
    """What `kubectl apply` was given stays with the API; network-status is kept."""
    about = made_pod("a")
    about["metadata"]["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": "password",
        "k8s.v1.cni.cncf.io/network-status": "[",
        "k8s.v1.cni.cncf.io/networks-status": "[]",
        "k8s.ovn.org/pod-networks": "{}",
        "kubernetes.io/config.source": 5,
    }
    pod = read_pod(about)
    assert pod is not None
    assert pod.annotations == {
        "k8s.v1.cni.cncf.io/network-status": "[",
        "k8s.v1.cni.cncf.io/networks-status": "[]",
        "k8s.ovn.org/pod-networks": "{}",
    }


OF_ALL_KINDS = {
    "metadata": {"name": "a", "deletionTimestamp": "2026-01-02T03:04:05Z"},
    "spec": {
        "hostUsers": False,
        "runtimeClassName": "kata",
        "containers": [{"name": "app"}],
        "initContainers": [
            {"name": "i"},
            {"name": "s", "restartPolicy": "Always"},
        ],
        "ephemeralContainers": [{"name": "debug"}],
    },
    "status": {
        "reason": "Evicted",
        "podIP": "10.0.0.9",
        "containerStatuses": [
            {
                "name": "app",
                "containerID": "docker://12",
                "state": {"terminated": {"reason": "Error", "exitCode": 137}},
            }
        ],
        "ephemeralContainerStatuses": [
            {"name": "debug", "containerID": "34", "state": {"running": {}}}
        ],
    },
}


def test_every_list_of_containers_is_read() -> None:
    """Sidecars are init containers that always restart; ephemeral ones come last."""
    pod = read_pod(OF_ALL_KINDS)
    assert pod is not None
    assert (pod.deleting, pod.userns, pod.runtime_class) == (True, True, "kata")
    assert (pod.reason, pod.addresses) == ("Evicted", ("10.0.0.9",))
    kinds, states = KubeContainerKind, KubeContainerState
    assert pod.containers == (
        KubeContainer("i", kind=kinds.INIT),
        KubeContainer("s", kind=kinds.SIDECAR),
        KubeContainer(
            *("app", "12", "docker", kinds.APP, states.TERMINATED, "Error"),
            exit_code=137,
        ),
        KubeContainer("debug", "34", "", kinds.EPHEMERAL, states.RUNNING),
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01T01:01:00.5+01:00", 60.5),
        ("1970-01-01T00:01:00", 60.0),
        ("yesterday", 0.0),
        ("0001-01-01T00:00:00+23:59", 0.0),
        (None, 0.0),
    ],
)
def test_times_are_those_of_rfc_3339(text: object, seconds: float) -> None:
    """What is no time is none; one without an offset is UTC."""
    pod = read_pod({"metadata": {"name": "a", "creationTimestamp": text}})
    assert pod is not None
    assert pod.created == seconds


def test_both_addresses_of_a_dual_stack_pod_are_given_once() -> None:
    """`podIPs` is the whole; `podIP` repeats its first."""
    ips = [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}, {"ip": "10.0.0.1"}, {"ip": 5}, 6]
    pod = read_pod(made_pod("a", podIPs=ips, podIP="10.0.0.1"))
    assert pod is not None
    assert pod.addresses == ("10.0.0.1", "fd00::1")


def test_an_empty_list_may_be_null() -> None:
    """Go writes a list without items as null."""
    page = read_page({"items": None, "metadata": {"resourceVersion": "7"}})
    assert (page.pods, page.version, page.more) == ((), "7", "")


@pytest.mark.parametrize("reply", [None, [], "x", {}, {"metadata": {}, "items": 5}])
def test_what_is_no_list_is_not_taken_for_an_empty_one(reply: object) -> None:
    """A proxy's answer does not make the pods disappear."""
    with pytest.raises(ValueError, match="not the Kubernetes API"):
        read_page(reply)


def test_events_say_which_pod_changed_and_how() -> None:
    """A deleted pod is known by its key; a bookmark only moves the version."""

    def line(kind: str, item: object) -> bytes:
        return json.dumps({"type": kind, "object": item}).encode()

    item = made_pod("a", "n")
    item["metadata"]["resourceVersion"] = "12"
    added = read_event(line("ADDED", item))
    assert (added.version, added.key, added.pod) == ("12", ("n", "a"), read_pod(item))
    assert read_event(line("DELETED", item)) == PodEvent("12", ("n", "a"))
    marked = {"kind": "Pod", "metadata": {"resourceVersion": "20"}}
    assert read_event(line("BOOKMARK", marked)) == PodEvent("20")
    with pytest.raises(StatusError) as refused:
        read_event(line("ERROR", {"code": 410, "message": "too old"}))
    assert (refused.value.code, refused.value.message) == (410, "too old")


@pytest.mark.parametrize(
    "line", [b"{", b"5", b"{}", b'{"type": []}', b"[" * 100_000, b"\xff"]
)
def test_a_line_that_is_no_event_is_an_error(line: bytes) -> None:
    """It is told, never taken for silence."""
    with pytest.raises(ValueError, match="an event"):
        read_event(line)


_FIELDS = st.sampled_from(
    [
        *("metadata", "spec", "status", "items", "name", "labels", "annotations"),
        *("creationTimestamp", "containers", "initContainers", "containerStatuses"),
        *("containerID", "state", "running", "waiting", "terminated", "lastState"),
        *("podIPs", "ip", "restartCount", "exitCode", "type", "object", "code"),
    ]
)


@given(
    st.recursive(
        _ANYTHING,
        lambda inner: st.dictionaries(_FIELDS, inner) | st.lists(inner, max_size=3),
        max_leaves=30,
    )
)
def test_wrong_types_never_raise(value: object) -> None:
    """Whatever stands in a field, a pod is a pod or nothing."""
    read_pod(value)
    read_pod({"metadata": {"name": "a"}, "spec": value, "status": value})
    read_boot_id(value)
    assert isinstance(read_status(value), StatusError)


@given(field=_FIELDS, wrong=_ANYTHING, data=st.data())
def test_a_real_pod_with_one_field_spoilt_is_still_a_pod(
    field: str, wrong: object, data: st.DataObject
) -> None:
    """One field of a wrong type loses that field alone."""
    item = data.draw(st.sampled_from(recorded_pods("crio-openshift-sdn")))

    def spoilt(value: object) -> object:
        if isinstance(value, dict):
            return {k: wrong if k == field else spoilt(v) for k, v in value.items()}
        return [spoilt(one) for one in value] if isinstance(value, list) else value

    pod = read_pod(spoilt(item))
    assert pod is None or pod.name
    assert pod is not None or field in {"metadata", "name"}
