"""A connection to what speaks the Docker API, and what hinders it as our errors."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from ocnetview.collectors.docker_endpoint import Endpoint, not_there
from ocnetview.collectors.docker_http import (
    REQUEST_SECONDS,
    Address,
    Client,
    ReplyError,
    read_address,
    tls_of,
)
from ocnetview.collectors.main_processes import counts_pids_as_we
from ocnetview.collectors.unix_path import reachable
from ocnetview.errors import CollectorError, causes
from ocnetview.frozen import dataclass
from ocnetview.units import one_line, printable
from ocnetview.untyped import object_of, objects_of, text_of

_PODMAN = "Podman Engine"
"""Its name among the components of its own version."""
_DOCKER = re.compile(r"Docker/(\S+) \(\w+\)", re.ASCII)
"""How it calls itself in the head of an answer: its version, and for which system."""
_OLDEST = (1, 24)
"""The first version of the API that every daemon of our day still speaks."""
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})", re.ASCII)
FAILURES = (ReplyError, OSError, ValueError)
"""What a request can raise."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A client that speaks the daemon's own version of the API, and who it is."""

    client: Client
    version: str
    """Of the daemon; empty when it does not say."""
    podman: bool
    """Claims that it is Podman, which may answer at Docker's socket, too."""
    local: bool
    """Claims that the pids it tells are those of our /proc."""


def connect(endpoint: Endpoint, held: ExitStack) -> Connection:
    """Return a connection, good while `held` holds the way to its socket.

    Raises:
        CollectorError: the address is not one that can be used.
        OSError: nobody answers there.
        ReplyError: the answer is a refusal.
        ValueError: it is no HTTP, or no Docker API.
    """
    address = _address(endpoint)
    tls = tls_of(address, os.environ)
    if address.path:
        address = Address(held.enter_context(reachable(address.path)))
    asking = Client(address, tls)
    local = bool(address.path) and _counts_as_we(asking)
    said = _said(asking)
    return Connection(
        Client(address, tls, _api(text_of(said.get("ApiVersion")))),
        text_of(said.get("Version")),
        podman=_PODMAN in _components(said),
        local=local,
    )


def _said(asking: Client) -> Mapping[str, Any]:
    """Return what a daemon says of itself; Docker in the head of any answer.

    To answer /version it runs other programs for theirs, which takes fifty times as
    long as a ping.
    """
    head = {key: text.decode("latin-1") for key, text in asking.head("/_ping").items()}
    docker = _DOCKER.fullmatch(head.get(b"server", ""))
    if docker and b"api-version" in head:
        return {"Version": docker[1], "ApiVersion": head[b"api-version"]}
    return object_of(asking.get("/version"))


def _api(version: str) -> str:
    """Return the version of the API that a daemon speaks.

    Raises:
        ValueError: it names none, or one that is too old.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError("what answers names no version of the Docker API")
    if (int(found[1]), int(found[2])) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise ValueError(f"its API is version {found[0]}, older than {oldest}")
    return found[0]


def _address(endpoint: Endpoint) -> Address:
    """Return where a daemon answers.

    Raises:
        CollectorError: its address makes no sense.
    """
    try:
        return read_address(endpoint.where)
    except ValueError as error:
        doing, hint = f"use {printable(endpoint.where)}", f"see {endpoint.setting}"
        raise CollectorError(endpoint.name, doing, one_line(error), hint) from error


def _counts_as_we(client: Client) -> bool:
    """Claim that the daemon at a Unix socket counts pids as we do."""
    with client.connected() as sock:
        return counts_pids_as_we(sock)


def _components(said: Mapping[str, Any]) -> list[str]:
    """Return the names of what a daemon says it is made of."""
    return [text_of(part.get("Name")) for part in objects_of(said.get("Components"))]


def docker_error(endpoint: Endpoint, doing: str, error: Exception) -> CollectorError:
    """Return what a failed request means to the user, and what would help."""
    name, reason = endpoint.name, str(error)
    for cause in causes(error):
        match cause:
            case FileNotFoundError() | NotADirectoryError():
                return not_there(endpoint, doing)
            case PermissionError():
                return CollectorError(name, doing, "permission denied", endpoint.denied)
            case ConnectionRefusedError():
                return CollectorError(name, doing, "no daemon answers", endpoint.silent)
            case TimeoutError():
                reason = f"no answer within {REQUEST_SECONDS} s"
                break
            case OSError(strerror=str(reason)):
                break
    return CollectorError(name, doing, one_line(reason))
