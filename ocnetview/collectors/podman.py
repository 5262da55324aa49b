"""Podman's Docker-compatible sockets: root's, and those of users without root."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress

from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.docker_endpoint import (
    Endpoint,
    docker_endpoint,
    on_host,
    socket_file,
)
from ocnetview.collectors.passes import Passes
from ocnetview.config import Settings

ROOT = "/run/podman/podman.sock"
USERS = "/run/user"
"""XDG_RUNTIME_DIR's parent: a folder for each user who is logged in, by uid."""
_USERS_SOCKET = re.compile(r"/run/user/(?P<uid>[0-9]{1,10})/podman/podman\.sock")


def podman_collectors(
    settings: Settings, passes: Passes | None = None
) -> tuple[DockerCollector, ...]:
    """Return one for each Podman; for the one that would be root's, where none is."""
    return tuple(DockerCollector(one, passes) for one in podman_endpoints(settings))


def podman_endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """Return where Podman answers: the addresses that are given, else what is there.

    That is our own user's socket, root's, and every other user's, as far as we may
    see them. A socket that is read as Docker's already is left out.
    """
    if settings.podman:
        addresses = [on_host(settings, where) for where in settings.podman]
    else:
        found = [path for path in _sockets(settings) if _is_there(path)]
        paths = found or [settings.on_host(ROOT)]
        addresses = [f"unix://{path}" for path in paths]
    docker = _identity(docker_endpoint(settings).where)
    others = [
        a for a in dict.fromkeys(addresses) if not docker or _identity(a) != docker
    ]
    return tuple(_endpoint(settings, a, alone=len(others) == 1) for a in others)


def _sockets(settings: Settings) -> Iterator[str]:
    """Yield where a socket may be, our own user's first."""
    own, folder = str(os.getuid()), settings.on_host(USERS)
    uids: list[str] = []
    with suppress(OSError):
        uids = sorted((u for u in os.listdir(folder) if u.isdecimal()), key=int)
    if own in uids:
        yield f"{folder}/{own}/podman/podman.sock"
    yield settings.on_host(ROOT)
    for uid in uids:
        if uid != own:
            yield f"{folder}/{uid}/podman/podman.sock"


def _is_there(path: str) -> bool:
    """Claim that a socket is there, or that root's may be: it is not for us to see."""
    try:
        os.stat(path)
    except PermissionError:
        return path.endswith(ROOT)
    except OSError:
        return False
    return True


def _identity(address: str) -> tuple[int, int] | str | None:
    """Return what tells a socket by whatever path; None where nothing is there."""
    path = socket_file(address)
    if not path:
        return address
    with suppress(OSError, ValueError):
        status = os.stat(path)
        return (status.st_dev, status.st_ino)
    return None


def _endpoint(settings: Settings, address: str, *, alone: bool) -> Endpoint:
    """Return a Podman's address, with whose it is as far as its path says."""
    users = _USERS_SOCKET.search(socket_file(address))
    uid = int(users["uid"]) if users else None
    if users:
        name = f"podman:{uid}"
    elif alone or socket_file(address).endswith(ROOT):
        name = "podman"
    else:
        name = f"podman:{address}"
    start = f"systemctl {'--user ' if users else ''}start podman.socket"
    return Endpoint(
        name=name,
        where=address,
        proc=settings.proc,
        setting="CONTAINER_HOST",
        absent=f"is Podman's API on? {start}",
        denied=f"needs root or user {uid}" if users else "needs root",
        silent=f"is Podman's API on? {start}",
        owner=None if uid in (None, os.getuid()) else uid,
    )
