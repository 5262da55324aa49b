"""What runtimes say of one container: Docker's inspect, the CRI's verbose status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ocnetview.facts.inside_containers import ContainerDetail, Mount
from ocnetview.untyped import list_of, object_of, objects_of, text_of


class Told(NamedTuple):
    """A container, and the environment that it was started with."""

    detail: ContainerDetail
    environment: tuple[str, ...] = ()
    """NAME=VALUE each."""


def read_inspect(said: object, source: str) -> Told:
    """Return what `GET /containers/ID/json` says (Docker API, also Podman's)."""
    whole = object_of(said)
    config, state = object_of(whole.get("Config")), object_of(whole.get("State"))
    host = object_of(whole.get("HostConfig"))
    code = state.get("ExitCode")
    ended = state.get("Running") is False and type(code) is int
    detail = ContainerDetail(
        text_of(whole.get("Id")),
        text_of(whole.get("Name")).removeprefix("/"),
        source,
        text_of(state.get("Status")),
        text_of(config.get("Image")) or text_of(whole.get("Image")),
        _number(whole.get("RestartCount")),
        tuple(filter(None, [text_of(whole.get("Path")), *_texts(whole.get("Args"))])),
        text_of(config.get("WorkingDir")),
        text_of(config.get("User")),
        _number(state.get("Pid")) or None,
        seconds_of(whole.get("Created")),
        seconds_of(state.get("StartedAt")),
        seconds_of(state.get("FinishedAt")),
        code if ended else None,
        "OOMKilled" if state.get("OOMKilled") is True else text_of(state.get("Error")),
        _claim(host.get("Privileged")),
        mounts=tuple(_docker_mounts(whole)),
    )
    return Told(detail, _texts(config.get("Env")))


def _docker_mounts(whole: Mapping[str, Any]) -> Iterator[Mount]:
    for one in objects_of(whole.get("Mounts")):
        yield Mount(
            text_of(one.get("Destination")),
            text_of(one.get("Source")) or text_of(one.get("Name")),
            text_of(one.get("Type")),
            one.get("RW") is not False,
        )


def read_status(info: Mapping[str, Any], detail: ContainerDetail) -> Told:
    """Return a container with what the verbose status adds: its OCI runtime spec.

    containerd and CRI-O both give it under `runtimeSpec`, CRI-O `privileged` beside it.
    """
    spec = object_of(info.get("runtimeSpec"))
    process = object_of(spec.get("process"))
    user = object_of(process.get("user"))
    uid, gid = _number(user.get("uid")), _number(user.get("gid"))
    context = object_of(object_of(info.get("config")).get("linux"))
    security = object_of(context.get("security_context"))
    bounding = object_of(process.get("capabilities")).get("bounding")
    made = detail._replace(
        command=_texts(process.get("args")),
        folder=text_of(process.get("cwd")),
        user="" if uid is None else f"{uid}:{gid or 0}",
        pid=_number(info.get("pid")) or None,
        privileged=_claim(info.get("privileged", security.get("privileged"))),
        capabilities=None if bounding is None else _texts(bounding),
        mounts=tuple(_oci_mounts(spec)),
    )
    return Told(made, _texts(process.get("env")))


def _oci_mounts(spec: Mapping[str, Any]) -> Iterator[Mount]:
    """Yield what is bound into a container, without the file systems that all have."""
    for one in objects_of(spec.get("mounts")):
        options = _texts(one.get("options"))
        kind = text_of(one.get("type"))
        if kind == "bind" or {"bind", "rbind"} & set(options):
            source = text_of(one.get("source"))
            yield Mount(
                text_of(one.get("destination")), source, "bind", "ro" not in options
            )


def seconds_of(value: object) -> float:
    """Return a time of RFC 3339 in seconds since the epoch; 0 for none.

    Docker writes year 1 where it means never.
    """
    try:
        when = datetime.fromisoformat(text_of(value))
        return max(0.0, when.timestamp()) if when.tzinfo else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text_of(one) for one in list_of(value))


def _number(value: object) -> int | None:
    return value if type(value) is int else None


def _claim(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
