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

_PODMAN = "Podman Engine"
"""Its name among the components of its own version."""
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
    said = asking.get("/version")
    version = said.get("Version") if isinstance(said, dict) else None
    return Connection(
        Client(address, tls, _api(said)),
        version if isinstance(version, str) else "",
        podman=isinstance(said, dict) and _PODMAN in _components(said),
        local=local,
    )


def _api(said: object) -> str:
    """Return the version of the API that a daemon speaks.

    Raises:
        ValueError: it names none, or one that is too old.
    """
    api = said.get("ApiVersion") if isinstance(said, dict) else None
    found = _VERSION.fullmatch(api) if isinstance(api, str) else None
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


def _components(said: Mapping[str, Any]) -> list[object]:
    """Return the names of what a daemon says it is made of."""
    parts = said.get("Components")
    listed = parts if isinstance(parts, list) else []
    return [part.get("Name") for part in listed if isinstance(part, dict)]


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
