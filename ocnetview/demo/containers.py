"""What the demo's runtime says of a container, in the Docker Engine API's shapes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ocnetview.demo.plan import (
    DOCKER_GATEWAY,
    DOCKER_PREFIX,
    DemoContainer,
    DemoPod,
    digest,
    mac_of,
)

JsonObject = dict[str, object]

PAUSE_IMAGE = "registry.example/openshift3/ose-pod:v3.11"
_ZERO_TIME = "0001-01-01T00:00:00Z"
_CRASHED = 95
"""Seconds since a container that keeps crashing ended: it waits to be run again."""
_CRASHES_AFTER = 3
"""Seconds that it runs each time."""


@dataclass(slots=True)
class Described:
    """A container as the API tells it; it changes when the container restarts."""

    id: str
    name: str
    image: str
    arguments: tuple[str, ...]
    created: float
    """Seconds since the epoch."""
    labels: Mapping[str, str] = field(default_factory=dict)
    network_mode: str = "none"
    sandbox_key: str = ""
    networks: Mapping[str, JsonObject] = field(default_factory=dict)
    pid: int = 0
    exit_code: int = 0
    started: float = 0.0
    finished: float = 0.0
    restarts: int = 0

    @property
    def running(self) -> bool:
        """Claim that it has a process."""
        return self.pid > 0

    @property
    def status(self) -> str:
        """Return the API's word for its state."""
        return "running" if self.running else "exited"


def _stamp(seconds: float) -> str:
    """Return a moment in RFC 3339, or Go's zero time."""
    if not seconds:
        return _ZERO_TIME
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000000Z", time.gmtime(seconds))


def list_entry(container: Described, now: float) -> JsonObject:
    """Return its entry in GET /containers/json (API schema ContainerSummary)."""
    if container.running:
        status = f"Up {int(now - container.started)} seconds"
    else:
        ago = int(now - container.finished)
        status = f"Exited ({container.exit_code}) {ago} seconds ago"
    return {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": container.image,
        "ImageID": f"sha256:{digest('image', container.image)}",
        "Command": " ".join(container.arguments),
        "Created": int(container.created),
        "Ports": [],
        "Labels": dict(container.labels),
        "State": container.status,
        "Status": status,
        "HostConfig": {"NetworkMode": container.network_mode},
        "NetworkSettings": {"Networks": dict(container.networks)},
        "Mounts": [],
    }


def _state(container: Described) -> JsonObject:
    """Return how a container is (API schema ContainerState)."""
    return {
        "Status": container.status,
        "Running": container.running,
        "Paused": False,
        "Restarting": False,
        "OOMKilled": False,
        "Dead": False,
        "Pid": container.pid,
        "ExitCode": container.exit_code,
        "Error": "",
        "StartedAt": _stamp(container.started),
        "FinishedAt": _stamp(container.finished),
    }


def inspect_reply(container: Described) -> JsonObject:
    """Return the reply to GET /containers/ID/json, the parts that are read."""
    return {
        "Id": container.id,
        "Created": _stamp(container.created),
        "Path": container.arguments[0],
        "Args": list(container.arguments[1:]),
        "State": _state(container),
        "Image": f"sha256:{digest('image', container.image)}",
        "Name": f"/{container.name}",
        "RestartCount": container.restarts,
        "Driver": "overlay2",
        "Platform": "linux",
        "HostConfig": {"NetworkMode": container.network_mode, "PidMode": ""},
        "Config": {
            "Image": container.image,
            "Cmd": list(container.arguments),
            "Labels": dict(container.labels),
            "Tty": False,
        },
        "NetworkSettings": {
            "SandboxID": digest("netns", container.id) if container.sandbox_key else "",
            "SandboxKey": container.sandbox_key,
            "Ports": {},
            "IPAddress": str(container.networks.get("bridge", {}).get("IPAddress", "")),
            "Networks": dict(container.networks),
        },
        "Mounts": [],
    }


def _endpoint(pod: DemoPod, network: str) -> JsonObject:
    """Return what inspect says of one attachment (API schema EndpointSettings)."""
    bridged = network == "bridge"
    return {
        "NetworkID": digest("network", network),
        "EndpointID": digest("endpoint", pod.title),
        "Gateway": DOCKER_GATEWAY if bridged else "",
        "IPAddress": pod.address if bridged else "",
        "IPPrefixLen": DOCKER_PREFIX if bridged else 0,
        "MacAddress": mac_of(pod.address) if bridged else "",
    }


def _labels(pod: DemoPod, kind: str, container: str) -> dict[str, str]:
    """Return what cri-dockerd and dockershim write on each container."""
    labels = {
        "io.kubernetes.container.name": container,
        "io.kubernetes.docker.type": kind,
        "io.kubernetes.pod.name": pod.name,
        "io.kubernetes.pod.namespace": pod.namespace,
        "io.kubernetes.pod.uid": pod.uid,
    }
    if kind == "container":
        labels["io.kubernetes.sandbox.id"] = pod.sandbox_id
    return labels


def _run_path(path: str) -> str:
    """Return a path as dockerd spells it: it says /var/run where that is /run."""
    return f"/var{path}" if os.path.realpath("/var/run") == "/run" else path


def _sandbox(pod: DemoPod, now: float) -> Described:
    """Return the pod's sandbox container; CNI gives it its network, not Docker."""
    mode = "host" if pod.host_network else "none"
    default = "/run/docker/netns/default"
    return Described(
        pod.sandbox_id,
        f"k8s_POD_{pod.name}_{pod.namespace}_{pod.uid}_0",
        PAUSE_IMAGE,
        ("/pause",),
        now - pod.age,
        _labels(pod, "podsandbox", "POD"),
        mode,
        "" if pod.ended else _run_path(default if pod.host_network else pod.pin),
        {mode: _endpoint(pod, mode)},
        finished=now - pod.age + 60 if pod.ended else 0.0,
    )


def _app(pod: DemoPod, container: DemoContainer, now: float) -> Described:
    """Return a pod's container, which joins the sandbox's network."""
    created, finished = now - pod.age + 2, 0.0
    if container.exit_code is not None:
        finished = now - pod.age + 45 if pod.ended else now - _CRASHED
    if container.attempt:
        # The kubelet makes a new container for each run.
        created = finished - _CRASHES_AFTER
    title = f"{container.name}_{pod.name}_{pod.namespace}_{pod.uid}"
    return Described(
        pod.container_id(container),
        f"k8s_{title}_{container.attempt}",
        container.image,
        container.program.arguments,
        created,
        _labels(pod, "container", container.name),
        f"container:{pod.sandbox_id}",
        exit_code=container.exit_code or 0,
        finished=finished,
    )


def _plain(pod: DemoPod, container: DemoContainer, now: float) -> Described:
    """Return a container that Docker itself connected."""
    return Described(
        pod.container_id(container),
        container.name,
        container.image,
        container.program.arguments,
        now - pod.age,
        {},
        "default",
        _run_path(pod.pin),
        {"bridge": _endpoint(pod, "bridge")},
    )


def describe(
    pods: Sequence[DemoPod], pids: Mapping[str, int], now: float
) -> list[Described]:
    """Return every container of the plan, newest first as the API lists them.

    Args:
        pods: the plan.
        pids: the first process of each container that runs, by container id.
        now: seconds since the epoch.
    """
    found: list[Described] = []
    for pod in pods:
        if pod.namespace:
            found.append(_sandbox(pod, now))
        make = _app if pod.namespace else _plain
        found.extend(make(pod, container, now) for container in pod.containers)
    for container in found:
        container.pid = pids.get(container.id, 0)
        container.started = now if container.pid else container.created
    return sorted(found, key=lambda container: -container.created)
