"""What the CRI's messages and a runtime's verbose information say, as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cni_result import read_interfaces
from ocnetview.facts import (
    CniInterface,
    Container,
    ContainerState,
    NamespaceMode,
    Sandbox,
)
from ocnetview.frozen import dataclass
from ocnetview.untyped import object_of, objects_of, text_of

_MODES = {
    cri.POD: NamespaceMode.POD,
    cri.CONTAINER: NamespaceMode.CONTAINER,
    cri.NODE: NamespaceMode.NODE,
    cri.TARGET: NamespaceMode.TARGET,
}
_STATES = {
    cri.CONTAINER_CREATED: ContainerState.CREATED,
    cri.CONTAINER_RUNNING: ContainerState.RUNNING,
    cri.CONTAINER_EXITED: ContainerState.EXITED,
}
_ANNOTATIONS = frozenset(
    {
        "k8s.v1.cni.cncf.io/network-status",
        "k8s.v1.cni.cncf.io/networks-status",
        "k8s.ovn.org/pod-networks",
    }
)
_CONFIG = "kubernetes.io/config."
"""Annotations of the kubelet: .source, .hash, .mirror, .seen."""
_CNI_RESULT = "io.kubernetes.cri-o.CNIResult"
_PID_MAX = 1 << 22
"""PID_MAX_LIMIT: no pid is larger."""


@dataclass(frozen=True, slots=True)
class SandboxDetail:
    """What only the status of a sandbox tells."""

    addresses: tuple[str, ...] = ()
    network: NamespaceMode = NamespaceMode.POD
    pids: NamespaceMode = NamespaceMode.CONTAINER
    userns: bool = False
    pid: int | None = None
    """In the numbering of the runtime."""
    netns_path: str = ""
    """As the runtime sees it."""
    cni: tuple[CniInterface, ...] = ()


def read_sandbox(
    listed: cri.PodSandbox, runtime: str, detail: SandboxDetail
) -> Sandbox:
    """Return a sandbox of the list, with what its status told; without its process.

    Raises:
        ValueError: it has no id.
    """
    if not listed.id:
        raise ValueError("a sandbox without an id")
    named, labels = listed.metadata, dict(listed.labels)
    return Sandbox(
        id=listed.id,
        runtime=runtime,
        name=named.name or labels.get("io.kubernetes.pod.name", ""),
        namespace=named.namespace or labels.get("io.kubernetes.pod.namespace", ""),
        uid=named.uid or labels.get("io.kubernetes.pod.uid", ""),
        attempt=named.attempt,
        ready=listed.state == cri.SANDBOX_READY,
        created=_seconds(listed.created_at),
        labels=labels,
        annotations={
            key: value
            for key, value in listed.annotations.items()
            if key in _ANNOTATIONS or key.startswith(_CONFIG)
        },
        handler=listed.runtime_handler,
        netns_path=detail.netns_path,
        network=detail.network,
        pids=detail.pids,
        userns=detail.userns,
        addresses=detail.addresses,
        cni=detail.cni,
    )


def read_container(
    listed: cri.Container, runtime: str, ended: cri.ContainerStatus | None
) -> Container:
    """Return a container of the list, and how it ended; without its process.

    Raises:
        ValueError: it has no id.
    """
    if not listed.id:
        raise ValueError("a container without an id")
    return Container(
        id=listed.id,
        name=listed.metadata.name,
        runtime=runtime,
        state=_STATES.get(listed.state, ContainerState.UNKNOWN),
        image=listed.image.user_specified_image or listed.image.image,
        created=_seconds(listed.created_at),
        labels=dict(listed.labels),
        sandbox_id=listed.pod_sandbox_id,
        attempt=listed.metadata.attempt,
        exit_code=ended.exit_code if ended else None,
        reason=ended.reason if ended else "",
    )


def read_detail(reply: cri.PodSandboxStatusResponse) -> SandboxDetail:
    """Return what the verbose status of a sandbox tells, in every runtime's shape."""
    network = reply.status.network
    addresses = (network.ip, *(one.ip for one in network.additional_ips))
    info = read_info(reply.info)
    spec = object_of(info.get("runtimeSpec"))
    spaces = _namespaces(spec)
    plain = SandboxDetail()
    options = reply.status.linux.namespaces.options
    told = reply.status.linux.namespaces.HasField("options")
    users = options.HasField("userns_options") and options.userns_options.mode
    return SandboxDetail(
        addresses=tuple(dict.fromkeys(filter(None, addresses))),
        network=_MODES.get(options.network, plain.network) if told else plain.network,
        pids=_MODES.get(options.pid, plain.pids) if told else plain.pids,
        userns="user" in spaces or (users is not False and users == cri.POD),
        pid=_pid(info),
        # In 2017 containerd told the path itself.
        netns_path=spaces.get("network") or _path(info.get("netNamespace")),
        cni=_cni(info, spec),
    )


def read_pid(reply: cri.ContainerStatusResponse) -> int | None:
    """Return a container's process, in the numbering of the runtime; None for none."""
    return _pid(read_info(reply.info))


def read_info(info: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the verbose information: JSON in a map, under its only key.

    Empty where there is none: old CRI-O gave its version only, cri-dockerd nothing.
    """
    try:
        return object_of(json.loads(info.get("info", "{}")))
    except (ValueError, RecursionError):
        return {}


def _pid(info: Mapping[str, Any]) -> int | None:
    """Return the pid; 0 is what containerd says of one that ended."""
    pid = info.get("pid")
    return pid if type(pid) is int and 0 < pid <= _PID_MAX else None


def _namespaces(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return the namespaces of an OCI runtime spec, by type, with their paths."""
    entries = objects_of(object_of(spec.get("linux")).get("namespaces"))
    return {text_of(entry.get("type")): _path(entry.get("path")) for entry in entries}


def _cni(info: Mapping[str, Any], spec: Mapping[str, Any]) -> tuple[CniInterface, ...]:
    """Return the interfaces of the CNI result that the runtime kept, without lo.

    containerd has its own form of it (go-cni's Result); CRI-O keeps what the plugin
    said, as a string in an annotation.
    """
    named = object_of(object_of(info.get("cniResult")).get("Interfaces"))
    if named:
        found = [_go_cni(name, object_of(entry)) for name, entry in named.items()]
    else:
        result = object_of(spec.get("annotations")).get(_CNI_RESULT)
        found = list(read_interfaces(read_info({"info": text_of(result)}))[0])
    return tuple(sorted((one for one in found if one.name != "lo"), key=_order))


def _order(interface: CniInterface) -> tuple[bool, str]:
    return (bool(interface.netns_path), interface.name)


def _go_cni(name: str, entry: Mapping[str, Any]) -> CniInterface:
    """Return an interface of go-cni's Result, whose addresses have no prefix."""
    addresses = (text_of(one.get("IP")) for one in objects_of(entry.get("IPConfigs")))
    return CniInterface(
        name=name,
        netns_path=text_of(entry.get("Sandbox")),
        mac=text_of(entry.get("Mac")).lower(),
        addresses=tuple(filter(None, addresses)),
    )


def _seconds(nanoseconds: int) -> float:
    return max(nanoseconds, 0) / 1e9


def _path(value: object) -> str:
    path = text_of(value)
    return path if path.startswith("/") else ""
