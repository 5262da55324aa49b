"""What else a pod is, in a few words each: static, host network, a VM, ..."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.facts import KubeContainerKind, NamespaceMode
from ocnetview.match.names import container_name
from ocnetview.model import Pod, PodKind

MIRROR = "kubernetes.io/config.mirror"
SOURCE = "kubernetes.io/config.source"
"""Annotations of kubelet (pkg/kubelet/types): api, file or http for the latter."""
_PLAIN_HANDLERS = ("", "runc", "crun")
_LAUNCHER = "virt-launcher"
"""Label `kubevirt.io` of the pods that KubeVirt runs a VM in."""


def traits_of(pod: Pod) -> tuple[str, ...]:
    """Return what a pod is beside its status, once its network is settled."""
    told = pod.sandbox or pod.api or pod.containers or pod.attempts
    return tuple(_traits(pod)) if told or pod.host_network else ()


def _traits(pod: Pod) -> Iterator[str]:
    """Yield the traits, what concerns the network first."""
    if pod.host_network:
        yield "host network"
    for container in pod.containers:
        own = container.netns and pod.netns and container.netns != pod.netns
        if own and pod.kind is PodKind.POD:
            yield f"{container_name(container)} is in {container.netns} of its own"
    if _static(pod):
        yield "static"
    box, api = pod.sandbox, pod.api
    if (box and box.pids is NamespaceMode.POD) or (api and api.share_pids):
        yield "shares pids"
    if (box and box.pids is NamespaceMode.NODE) or (api and api.host_pids):
        yield "host pids"
    if (box and box.userns) or (api and api.userns):
        yield "own user namespace"
    yield from _machine(pod)
    if pod.attempts:
        yield f"earlier sandboxes: {len(pod.attempts)}"
    yield from _kinds(pod)


def _static(pod: Pod) -> bool:
    """Claim that kubelet has the pod from a file or URL of its own."""
    if pod.api and MIRROR in pod.api.annotations:
        return True
    said = pod.sandbox.annotations.get(SOURCE, "") if pod.sandbox else ""
    return said in ("file", "http")


def _machine(pod: Pod) -> Iterator[str]:
    """Yield what runs the pod, where it is not plain containers on this kernel."""
    handler = pod.sandbox.handler if pod.sandbox else ""
    handler = handler or (pod.api.runtime_class if pod.api else "")
    if "kata" in handler:
        yield "Kata VM"
    elif handler in ("runsc", "gvisor"):
        yield "gVisor"
    elif handler not in _PLAIN_HANDLERS:
        yield f"runtime handler {handler}"
    if _label(pod, "kubevirt.io") == _LAUNCHER:
        name = _label(pod, "vm.kubevirt.io/name") or _label(pod, "kubevirt.io/domain")
        yield f"KubeVirt VM {name}" if name else "KubeVirt VM"


def _label(pod: Pod, key: str) -> str:
    """Return a pod's label: the API's word before the runtime's; empty for none."""
    for one in (pod.api, pod.sandbox):
        if one and key in one.labels:
            return one.labels[key]
    return ""


_SHOWN = {
    KubeContainerKind.INIT: "init",
    KubeContainerKind.SIDECAR: "sidecars",
    KubeContainerKind.EPHEMERAL: "ephemeral",
}


def _kinds(pod: Pod) -> Iterator[str]:
    """Yield the names of the containers that are more than the app's."""
    containers = pod.api.containers if pod.api else ()
    special = [c for c in containers if c.kind is not KubeContainerKind.APP]
    if not special:
        return
    for kind, word in _SHOWN.items():
        names = [c.name for c in special if c.kind is kind]
        if names:
            yield f"{word}: {', '.join(names)}"
