"""A connection to what speaks the Docker API, and the SDK's errors as ours."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from docker import APIClient
from docker.constants import MINIMUM_DOCKER_API_VERSION
from docker.errors import DockerException
from docker.utils import kwargs_from_env, parse_host
from requests.exceptions import Timeout

from ocnetview.collectors.docker_endpoint import Endpoint, not_there
from ocnetview.collectors.main_processes import counts_pids_as_we
from ocnetview.collectors.unix_path import reachable
from ocnetview.errors import CollectorError, causes
from ocnetview.units import one_line, printable

REQUEST_SECONDS = 10
"""What the daemon may take to answer a request."""
_PODMAN = "Podman Engine"
"""Its name among the components of its own version."""
_LIMIT = 64 << 20
"""Bytes of a reply."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A client that speaks the daemon's own version of the API, and who it is."""

    client: APIClient
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
        DockerException: the answer is an error.
        ValueError: it is no Docker API.
    """
    where, path, local = endpoint.where, _socket_path(endpoint), False
    if path:
        near = held.enter_context(reachable(path))
        where, local = f"unix://{near}", _try_socket(near)
    # The SDK's own version="auto" leaves its connection open when that fails.
    with closing(_client(where, MINIMUM_DOCKER_API_VERSION, unix=bool(path))) as asking:
        said = asking.version(api_version=False)
    api = said.get("ApiVersion") if isinstance(said, dict) else None
    if not isinstance(api, str):
        reason = "what answers names no version of the Docker API"
        raise ValueError(reason)  # noqa: TRY004 - bad input, no bug
    version = said.get("Version")
    return Connection(
        _client(where, api, unix=bool(path)),
        version if isinstance(version, str) else "",
        podman=_PODMAN in _components(said),
        local=local,
    )


class _Client(APIClient):
    """A client that whoever answers cannot send elsewhere, nor flood.

    A socket may be a container's own: what is behind it may say anything.
    """

    def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401 - untyped
        """Return a reply that is no larger than any real one; follow none elsewhere."""
        streamed = options.get("stream")
        reply = super().send(
            request, **{**options, "stream": True, "allow_redirects": False}
        )
        if streamed:
            return reply
        body = bytearray()
        for part in reply.iter_content(1 << 16):
            body += part
            if len(body) > _LIMIT:
                reply.close()
                raise ValueError(f"a reply of more than {_LIMIT >> 20} MiB")
        reply._content = bytes(body)  # noqa: SLF001 - what `content` would have read
        return reply


def _client(where: str, version: str, *, unix: bool) -> APIClient:
    """Return a client; one of a socket asks no proxy."""
    # As Docker's own command: DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
    tls = False if unix else kwargs_from_env().get("tls", False)
    made = _Client(where, version=version, timeout=REQUEST_SECONDS, tls=tls)
    made.trust_env = not unix
    return made


def _socket_path(endpoint: Endpoint) -> str:
    """Return the path of a daemon's socket on this node; empty for one elsewhere."""
    name, doing = endpoint.name, f"use {printable(endpoint.where)}"
    hint = f"see {endpoint.setting}"
    try:
        scheme, _, rest = str(parse_host(endpoint.where)).partition("://")
    except (DockerException, ValueError) as error:
        raise CollectorError(name, doing, one_line(error), hint) from error
    if scheme not in {"http+unix", "http", "https"}:
        raise CollectorError(name, doing, "neither unix:// nor tcp://", hint)
    return f"/{rest.lstrip('/')}" if scheme == "http+unix" else ""


def _try_socket(path: str) -> bool:
    """Return whether the daemon counts pids as we do.

    It raises what hinders a connect: the SDK puts that in words, and leaks the socket.
    """
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(REQUEST_SECONDS)
        sock.connect(path)
        return counts_pids_as_we(sock)


def _components(said: Mapping[str, Any]) -> list[object]:
    """Return the names of what a daemon says it is made of."""
    parts = said.get("Components")
    listed = parts if isinstance(parts, list) else []
    return [part.get("Name") for part in listed if isinstance(part, dict)]


def docker_error(endpoint: Endpoint, doing: str, error: Exception) -> CollectorError:
    """Return what a failed request means to the user, and what would help."""
    name, reason = endpoint.name, str(getattr(error, "explanation", None) or error)
    for cause in causes(error):
        match cause:
            case FileNotFoundError() | NotADirectoryError():
                return not_there(endpoint, doing)
            case PermissionError():
                return CollectorError(name, doing, "permission denied", endpoint.denied)
            case ConnectionRefusedError():
                return CollectorError(name, doing, "no daemon answers", endpoint.silent)
            case Timeout() | TimeoutError():
                reason = f"no answer within {REQUEST_SECONDS} s"
                break
            case OSError(strerror=str(reason)):
                break
    return CollectorError(name, doing, one_line(reason))
