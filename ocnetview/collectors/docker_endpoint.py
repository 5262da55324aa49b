"""Addresses where the Docker API answers, and how to speak of who is there."""

from __future__ import annotations

import os

from ocnetview.config import Settings
from ocnetview.errors import SourceAbsentError
from ocnetview.frozen import dataclass
from ocnetview.units import printable

_UNIX = "unix://"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A daemon's address, with what would help where it cannot be asked."""

    name: str
    """The source's name."""
    where: str
    """As DOCKER_HOST writes it, a path as it is found from here."""
    proc: str
    """The proc file system that shows its processes."""
    setting: str
    """The environment's name for the address."""
    absent: str
    """What to do when there is no socket."""
    denied: str
    """When it may not be opened."""
    silent: str
    """When nobody listens."""
    owner: int | None = None
    """The user whose daemon it is, who may make it say anything; None for one of
    the node's own, or ours."""


def not_there(endpoint: Endpoint, doing: str) -> SourceAbsentError:
    """Return the error that there is no socket."""
    return SourceAbsentError(endpoint.name, doing, "no such socket", endpoint.absent)


def look_for_socket(endpoint: Endpoint) -> None:
    """Find out without the client, whose import is dear, that there is no socket.

    Raises:
        SourceAbsentError: there is none.
    """
    path = socket_file(endpoint.where)
    try:
        if path:
            os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        doing = f"connect to {printable(endpoint.where)}"
        raise not_there(endpoint, doing) from None
    except OSError:
        return  # what hinders, the client is told when it connects


def docker_endpoint(settings: Settings) -> Endpoint:
    """Return where Docker, or what stands in for it, answers."""
    return Endpoint(
        name="docker",
        where=on_host(settings, settings.docker_host),
        proc=settings.proc,
        setting="DOCKER_HOST",
        absent="is Docker running here?",
        denied="needs root or group docker",
        silent="is dockerd up?",
    )


def on_host(settings: Settings, where: str) -> str:
    """Return an address with its socket's path as it is found from here."""
    if not where.startswith(_UNIX):
        return where
    return f"{_UNIX}{settings.on_host(socket_file(where))}"


def socket_file(where: str) -> str:
    """Return the path in a unix:// address; empty for an address of another kind."""
    if not where.startswith(_UNIX):
        return ""
    return f"/{where.removeprefix(_UNIX).lstrip('/')}"
