"""Sockets of runtimes that run inside containers."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Mapping
from contextlib import suppress

from ocnetview.collectors.cgroup import containers_of
from ocnetview.collectors.cri_sockets import KNOWN
from ocnetview.collectors.lifeline import listener
from ocnetview.collectors.podman import ROOT as PODMAN
from ocnetview.collectors.rooted import below
from ocnetview.config import Settings

DOCKER = ("/run/docker.sock", PODMAN)
"""Where the Docker API answers."""
PATHS = (*(path for _, path in KNOWN), *DOCKER)
"""Where a runtime answers by default, as it sees its own files."""


def _by_folder() -> dict[str, list[tuple[str, str]]]:
    """Return these paths by the folder they begin with, with what comes next."""
    folders: dict[str, list[tuple[str, str]]] = {}
    for path in PATHS:
        _, top, name, *_ = path.split("/")
        folders.setdefault(f"/{top}", []).append((name, path))
    return folders


_FOLDERS: Mapping[str, list[tuple[str, str]]] = _by_folder()
_FLAGS = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
Identity = tuple[int, int]
"""st_dev and st_ino: a socket that is mounted into a container keeps both."""


def own_sockets(settings: Settings) -> frozenset[Identity]:
    """Return the sockets of the node's own runtimes, as far as they can be seen."""
    return frozenset(
        identity for path in PATHS if (identity := _identity(settings.on_host(path)))
    )


def _identity(path: str, folder: int | None = None) -> Identity | None:
    """Return which file a path leads to; in an open folder, what is there itself."""
    with suppress(OSError):
        status = os.stat(path, dir_fd=folder, follow_symlinks=folder is None)
        return (status.st_dev, status.st_ino)
    return None


def sockets_in(
    proc: str, pid: int, container: str, others: frozenset[Identity]
) -> dict[str, Identity]:
    """Return the runtimes' sockets in the root of a container's process, by path.

    Without those that are others', and those whose listener is seen to be outside
    of the container: its own engine alone is of interest.

    Raises:
        PermissionError: we may not look into its root: needs CAP_SYS_PTRACE.
    """
    found: dict[str, Identity] = {}
    root = f"{proc}/{pid}/root"
    for path in _likely(root, others):
        with suppress(OSError), below(root, path) as fd:
            status = os.fstat(fd)
            identity = (status.st_dev, status.st_ino)
            if not stat.S_ISSOCK(status.st_mode) or identity in others:
                continue
            if identity not in found.values() and _is_of(proc, fd, container):
                found[path] = identity
    return found


def _likely(root: str, others: frozenset[Identity]) -> list[str]:
    """Return the paths of which the beginning is there: in most containers none.

    Raises:
        PermissionError: we may not look there.
    """
    try:
        top = os.open(root, _FLAGS)
    except (FileNotFoundError, ProcessLookupError):
        return []
    try:
        return [
            path for folder in _FOLDERS for path in _begun(top, root, folder, others)
        ]
    finally:
        os.close(top)


def _begun(top: int, root: str, folder: str, others: frozenset[Identity]) -> list[str]:
    """Return the paths in a folder of which the beginning is there, and no other's.

    To ask for access takes half as long as to ask for what is there, if nothing is. It
    must be by the effective ids: for others a user's capabilities do not count.
    """
    try:
        fd = _opened(top, root, folder)
    except OSError:
        return []
    try:
        return [
            path
            for name, path in _FOLDERS[folder]
            if os.access(
                name, os.F_OK, dir_fd=fd, effective_ids=True, follow_symlinks=False
            )
            and _identity(name, fd) not in others
        ]
    finally:
        os.close(fd)


def _opened(top: int, root: str, folder: str) -> int:
    """Return a folder at the top of a root, where a link may stand for it.

    Raises:
        OSError: it is not there, or may not be reached.
    """
    try:
        return os.open(folder[1:], _FLAGS | os.O_NOFOLLOW, dir_fd=top)
    except NotADirectoryError:
        with below(root, folder) as fd:
            return os.dup(fd)


def _is_of(proc: str, fd: int, container: str) -> bool:
    """Claim that a socket's listener runs in this container, as far as it is known.

    Where nobody listens, or from where its pid says nothing here, it may.
    """
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(0)
        try:
            sock.connect(f"/proc/self/fd/{fd}")
        except OSError:
            return True
        pid = listener(sock)
    if not _counts_as_we(proc) or not os.path.exists(f"{proc}/{pid}"):
        return True
    return containers_of(proc, pid)[-1:] == (container,)


def _counts_as_we(proc: str) -> bool:
    """Claim that a proc file system shows us under our own pid."""
    with suppress(OSError):
        return os.readlink(f"{proc}/self") == str(os.getpid())
    return False
