"""What the Kubernetes API says of pods, as facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ocnetview.facts import (
    KubeContainer,
    KubeContainerKind,
    KubeContainerState,
    KubePod,
)
from ocnetview.frozen import dataclass
from ocnetview.untyped import object_of, objects_of, text_of, texts_of

ANNOTATIONS = (
    "kubernetes.io/config.source",
    "kubernetes.io/config.hash",
    "kubernetes.io/config.mirror",
    "k8s.v1.cni.cncf.io/network-status",
    "k8s.v1.cni.cncf.io/networks-status",
    "k8s.ovn.org/pod-networks",
)
"""Those that are kept: others may hold secrets, as last-applied-configuration does."""
UNAUTHORIZED, NOT_FOUND, GONE = 401, 404, 410
"""Codes of a Status; 410 tells that a version or a page is no longer kept."""

Key = tuple[str, str]
"""A pod's namespace and name: of one key the API has one pod at a time."""


class StatusError(Exception):
    """What the API answers instead of what was asked for (v1 Status)."""

    def __init__(self, code: int, message: str) -> None:
        """Take the HTTP status and the API's words, which are untrusted text."""
        self.code = code
        self.message = message
        super().__init__(f"{code} {message}")


@dataclass(frozen=True, slots=True)
class PodPage:
    """A page of a PodList."""

    pods: tuple[KubePod, ...]
    version: str
    """`metadata.resourceVersion`."""
    more: str
    """`metadata.continue`: what to ask the next page with; empty on the last."""


@dataclass(frozen=True, slots=True)
class PodEvent:
    """An event of a watch."""

    version: str
    """The object's `metadata.resourceVersion`: where to go on after it."""
    key: Key | None = None
    """Which pod changed; None for a bookmark."""
    pod: KubePod | None = None
    """How it is now; None when it is gone."""


def read_page(reply: object) -> PodPage:
    """Return what a list of pods says.

    Raises:
        ValueError: the reply is no list of the API's.
    """
    fields = object_of(reply)
    listed = fields.get("items", ())
    if "metadata" not in fields or not isinstance(listed, (list, tuple, type(None))):
        raise ValueError("what answers is not the Kubernetes API")
    about = object_of(fields["metadata"])
    pods = (read_pod(item) for item in listed or ())
    return PodPage(
        tuple(pod for pod in pods if pod is not None),
        text_of(about.get("resourceVersion")),
        text_of(about.get("continue")),
    )


def read_event(line: bytes) -> PodEvent:
    """Return what a line of a watch says.

    Raises:
        ValueError: the line is no event.
        StatusError: it is an event of type ERROR.
    """
    try:
        event = object_of(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise ValueError("an event that is no JSON") from error
    kind, item = text_of(event.get("type")), object_of(event.get("object"))
    if kind == "ERROR":
        raise read_status(item)
    if kind not in {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"}:
        raise ValueError("an event of an unknown type")
    version = text_of(object_of(item.get("metadata")).get("resourceVersion"))
    pod = None if kind == "BOOKMARK" else read_pod(item)
    if pod is None:
        return PodEvent(version)
    return PodEvent(version, key_of(pod), None if kind == "DELETED" else pod)


def read_status(reply: object, code: int = 0) -> StatusError:
    """Return what a Status says; `code` is that of the HTTP answer."""
    status = object_of(reply)
    message = text_of(status.get("message")) or text_of(status.get("reason"))
    return StatusError(code or _number(status.get("code")) or 0, message)


def read_boot_id(reply: object) -> str:
    """Return the boot that a Node tells of, as its kernel numbers it; or nothing."""
    about = object_of(object_of(object_of(reply).get("status")).get("nodeInfo"))
    return text_of(about.get("bootID"))


def key_of(pod: KubePod) -> Key:
    """Return what the pod is known by among those of now."""
    return pod.namespace, pod.name


def read_pod(item: object) -> KubePod | None:
    """Return the pod that an object of the API is; None for what has no name."""
    fields = object_of(item)
    about = object_of(fields.get("metadata"))
    spec, status = object_of(fields.get("spec")), object_of(fields.get("status"))
    name = text_of(about.get("name"))
    if not name:
        return None
    annotations = texts_of(about.get("annotations"))
    return KubePod(
        name=name,
        namespace=text_of(about.get("namespace")),
        uid=text_of(about.get("uid")),
        phase=text_of(status.get("phase")),
        reason=text_of(status.get("reason")),
        created=_seconds(about.get("creationTimestamp")),
        deleting=bool(text_of(about.get("deletionTimestamp"))),
        host_network=spec.get("hostNetwork") is True,
        share_pids=spec.get("shareProcessNamespace") is True,
        host_pids=spec.get("hostPID") is True,
        userns=spec.get("hostUsers") is False,
        runtime_class=text_of(spec.get("runtimeClassName")),
        addresses=_addresses(status),
        annotations={k: annotations[k] for k in ANNOTATIONS if k in annotations},
        labels=texts_of(about.get("labels")),
        containers=tuple(_containers(spec, status)),
    )


def _addresses(status: Mapping[str, Any]) -> tuple[str, ...]:
    """Return `podIPs`; before Kubernetes 1.16 there is only `podIP`."""
    found = (text_of(one.get("ip")) for one in objects_of(status.get("podIPs")))
    every = tuple(dict.fromkeys(address for address in found if address))
    return every or tuple(filter(None, [text_of(status.get("podIP"))]))


def _containers(
    spec: Mapping[str, Any], status: Mapping[str, Any]
) -> Iterator[KubeContainer]:
    """Yield the containers of a pod's lists, init containers first."""
    for kind, wanted, told in (
        (KubeContainerKind.INIT, "initContainers", "initContainerStatuses"),
        (KubeContainerKind.APP, "containers", "containerStatuses"),
        (
            KubeContainerKind.EPHEMERAL,
            "ephemeralContainers",
            "ephemeralContainerStatuses",
        ),
    ):
        statuses = {
            text_of(one.get("name")): one for one in objects_of(status.get(told))
        }
        for one in objects_of(spec.get(wanted)):
            name = text_of(one.get("name"))
            always = one.get("restartPolicy") == "Always"
            sidecar = kind is KubeContainerKind.INIT and always
            yield _container(
                name,
                KubeContainerKind.SIDECAR if sidecar else kind,
                statuses.get(name, {}),
            )


def _container(
    name: str, kind: KubeContainerKind, status: Mapping[str, Any]
) -> KubeContainer:
    """Return a container; one that waits has the exit code of its last run."""
    states = object_of(status.get("state"))
    state = next((s for s in KubeContainerState if s in states), None)
    now = object_of(states[state]) if state else {}
    last = object_of(object_of(status.get("lastState")).get("terminated"))
    ended = last if state is KubeContainerState.WAITING else now
    runtime, _, number = text_of(status.get("containerID")).rpartition("://")
    return KubeContainer(
        name=name,
        id=number,
        runtime=runtime,
        kind=kind,
        state=state or KubeContainerState.WAITING,
        reason=text_of(now.get("reason")),
        exit_code=_number(ended.get("exitCode")),
        restarts=_number(status.get("restartCount")) or 0,
        ready=status.get("ready") is True,
    )


def _number(value: object) -> int | None:
    return value if type(value) is int else None


def _seconds(value: object) -> float:
    """Return seconds since the epoch of an RFC 3339 time; 0 for what is none."""
    try:
        moment = datetime.fromisoformat(text_of(value))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp())  # Go writes no time as year 1
    except (ValueError, OverflowError):
        return 0.0
