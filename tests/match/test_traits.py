"""What else a pod is."""

from __future__ import annotations

import pytest
from builders import (
    container,
    cri,
    docker,
    kube,
    kube_container,
    kube_pod,
    link,
    link_facts,
    member,
    netns,
    sample,
    sandbox,
)

from ocnetview.build import build_model
from ocnetview.facts import (
    ContainerFacts,
    KubeContainerKind,
    KubeFacts,
    NamespaceMode,
)

POD, NODE = NamespaceMode.POD, NamespaceMode.NODE
CASES: dict[str, tuple[dict[str, object], dict[str, object], tuple[str, ...]]] = {
    "plain": ({}, {}, ()),
    "handled by crun": ({"handler": "crun"}, {}, ()),
    "static": (
        {"annotations": {"kubernetes.io/config.source": "file"}},
        {},
        ("static",),
    ),
    "from the API": ({"annotations": {"kubernetes.io/config.source": "api"}}, {}, ()),
    "a mirror": (
        {},
        {"annotations": {"kubernetes.io/config.mirror": "x"}},
        ("static",),
    ),
    "shareProcessNamespace": ({"pids": POD}, {"share_pids": True}, ("shares pids",)),
    "the same, by the API": ({}, {"share_pids": True}, ("shares pids",)),
    "hostPID": ({"pids": NODE}, {"host_pids": True}, ("host pids",)),
    "hostUsers: false": ({"userns": True}, {}, ("own user namespace",)),
    "the same of users": ({}, {"userns": True}, ("own user namespace",)),
    "Kata": ({"handler": "kata-qemu"}, {}, ("Kata VM",)),
    "gVisor": ({"handler": "runsc"}, {}, ("gVisor",)),
    "gVisor, by its class": ({}, {"runtime_class": "gvisor"}, ("gVisor",)),
    "some handler": ({"handler": "wasm"}, {}, ("runtime handler wasm",)),
    "KubeVirt": (
        {"labels": {"kubevirt.io": "virt-launcher", "vm.kubevirt.io/name": "vm1"}},
        {},
        ("KubeVirt VM vm1",),
    ),
    "KubeVirt, by the API": (
        {},
        {"labels": {"kubevirt.io": "virt-launcher"}},
        ("KubeVirt VM",),
    ),
    "KubeVirt's own": ({"labels": {"kubevirt.io": "virt-handler"}}, {}, ()),
    "several": (
        {"pids": POD, "userns": True, "handler": "kata"},
        {},
        ("shares pids", "own user namespace", "Kata VM"),
    ),
}


def traits(*facts: ContainerFacts | KubeFacts) -> tuple[str, ...]:
    """Return the traits of the one pod of a node."""
    inside = link(2, "eth0", inside=1, kind="veth")
    pod, *_ = build_model(sample(link_facts([], [inside]), *facts)).pods
    return pod.traits


@pytest.mark.parametrize("case", CASES)
def test_each_pod_shows_what_it_is(case: str) -> None:
    """Runtime and API each say some of it; it stands once."""
    box, known, expected = CASES[case]
    pod = sandbox(1, "web", "u1", **box)
    api = kube(kube_pod("web", "u1", **known))
    assert traits(cri(pod, member(2, "app", pod)), api) == expected


def test_host_network_is_what_the_kernel_says() -> None:
    """A pod whose namespace is the node's own has the trait, whatever was claimed."""
    assert traits(cri(sandbox(0, "web", "u1"))) == ("host network",)
    claimed = sandbox(1, "web", "u1", network=NODE)
    assert traits(cri(claimed)) == ()


def test_a_container_that_left_is_named() -> None:
    """Who is in another namespace than the pod is told with that namespace."""
    box = sandbox(1, "web", "u1")
    away = member(2, "app", box, netns=netns(9))
    assert traits(cri(box, away)) == (f"app is in {netns(9)} of its own",)
    assert traits(docker(container(1))) == ()


def test_containers_beside_the_apps_are_named() -> None:
    """Init, sidecar and ephemeral containers, as the API tells them apart."""
    kinds = {
        "setup": KubeContainerKind.INIT,
        "fetch": KubeContainerKind.INIT,
        "mesh": KubeContainerKind.SIDECAR,
        "dbg": KubeContainerKind.EPHEMERAL,
        "app": KubeContainerKind.APP,
    }
    inner = [kube_container(name, kind=kind) for name, kind in kinds.items()]
    api = kube(kube_pod("web", "u1", *inner))
    assert traits(cri(sandbox(1, "web", "u1")), api) == (
        "init: setup, fetch",
        "sidecars: mesh",
        "ephemeral: dbg",
    )


def test_earlier_sandboxes_are_counted() -> None:
    """A sandbox that was made again leaves its former ones listed."""
    boxes = [sandbox(n, "web", "u1", netns=netns(1), created=n) for n in (1, 2, 3)]
    assert traits(cri(*boxes)) == ("earlier sandboxes: 2",)
