"""What the Docker API's list of containers says, as facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ocnetview.facts import Container, ContainerState
from ocnetview.untyped import list_of, object_of, text_of, texts_of

_STATES = {
    "configured": ContainerState.CREATED,
    "initialized": ContainerState.CREATED,
    "stopping": ContainerState.RUNNING,
    "stopped": ContainerState.EXITED,
} | {str(state): state for state in ContainerState}
"""The API's words, and those that Podman lets through where Docker has its own."""
_NUMBERED = re.compile(r"k8s_[^_.]+_[^_]+_[^_]+_[^_]+_(\d{1,6})(?:_|$)", re.ASCII)
"""k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT, and a suffix after a clash of names."""
_ENDED = re.compile(r"Exited \((-?[0-9]{1,10})\)")
"""How `Status` of one that ended begins: the list has no other field for the code."""
_YEAR_9999 = 253402300800.0
"""Seconds since the epoch that no clock shows."""


def read_containers(reply: object, runtime: str) -> tuple[Container, ...]:
    """Return the containers of a `GET /containers/json` reply, without their pids.

    Docker before 1.44 and Podman leave fields out that newer versions have; only the
    id is needed.

    Raises:
        ValueError: the reply is not what the API says.
    """
    if not isinstance(reply, list):
        raise ValueError("the list of containers is no list")  # noqa: TRY004 - input
    return tuple(_container(entry, runtime) for entry in reply)


def read_inspected(reply: object) -> tuple[int | None, str]:
    """Return State.Pid and HostConfig.NetworkMode of a `GET /containers/ID/json`.

    None for one without a process; empty where the mode is not said.
    """
    fields = object_of(reply)
    pid = object_of(fields.get("State")).get("Pid")
    mode = text_of(object_of(fields.get("HostConfig")).get("NetworkMode"))
    return (pid if type(pid) is int and pid > 0 else None), mode


def _container(entry: object, runtime: str) -> Container:
    fields = object_of(entry)
    number = text_of(fields.get("Id"))
    if not number:
        raise ValueError("a container without an id")
    networks = object_of(object_of(fields.get("NetworkSettings")).get("Networks"))
    name = _name(fields.get("Names"))
    return Container(
        id=number,
        name=name,
        runtime=runtime,
        state=_STATES.get(text_of(fields.get("State")), ContainerState.UNKNOWN),
        image=text_of(fields.get("Image")),
        created=_seconds(fields.get("Created")),
        labels=texts_of(fields.get("Labels")),
        network_mode=text_of(object_of(fields.get("HostConfig")).get("NetworkMode")),
        networks=tuple(sorted(networks)),
        addresses=_addresses(networks),
        exit_code=_exit_code(fields.get("Status")),
        attempt=_attempt(name),
    )


def _attempt(name: str) -> int:
    """Return how often kubelet started it again, of dockershim's and cri-dockerd's.

    In old versions a hash stood behind the container's name, and no attempt.
    """
    numbered = _NUMBERED.match(name)
    return int(numbered[1]) if numbered else 0


def _seconds(value: object) -> float:
    """Return seconds since the epoch; 0 for what no clock can say."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    return float(value) if abs(value) < _YEAR_9999 else 0.0


def _exit_code(status: object) -> int | None:
    """Return the code in `Exited (0) 3 hours ago`; None while it does not say that."""
    ended = _ENDED.match(text_of(status))
    return int(ended[1]) if ended else None


def _name(names: object) -> str:
    """Return the container's own name; links add some with a slash inside."""
    texts = [text_of(name) for name in list_of(names)]
    own = [text for text in texts if text.rfind("/") <= 0]
    return next(iter(own or texts), "").removeprefix("/")


def _addresses(networks: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the addresses in each network, IPv4 first, in the networks' order."""
    ends = [object_of(networks[name]) for name in sorted(networks)]
    found = [
        text_of(end.get(field))
        for field in ("IPAddress", "GlobalIPv6Address")
        for end in ends
    ]
    return tuple(dict.fromkeys(address for address in found if address))
