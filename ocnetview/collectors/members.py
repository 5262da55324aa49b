"""Which processes a container has, from cgroup.procs or its pid namespace."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

from ocnetview.collectors.cgroup import is_in
from ocnetview.collectors.stat import read_stat

_PROCS = "cgroup.procs"


def cgroup_mounts(proc: str) -> dict[str, str]:
    """Return where each cgroup hierarchy is mounted, by its name in /proc/PID/cgroup.

    The name is the controllers' list (v1: `memory`, `cpu,cpuacct`, `name=systemd`)
    or empty (v2), as cgroups(7) has it.
    """
    mounts: dict[str, str] = {}
    with (
        suppress(OSError),
        open(f"{proc}/self/mountinfo", encoding="utf-8", errors="replace") as file,
    ):
        for line in file:
            left, _, right = line.partition(" - ")
            kind, _, options = right.split(" ", 2)
            place = left.split(" ")[4]
            if kind == "cgroup2":
                mounts.setdefault("", place)
            elif kind == "cgroup":
                for option in options.strip().split(","):
                    mounts.setdefault(option, place)
    return mounts


def container_pids(proc: str, container_id: str, pid: int) -> frozenset[int]:
    """Return every process of a container, host numbering, as of now.

    From cgroup.procs of the cgroup that bears the container's id, and of those
    below it; so `docker exec`'s are among them, whose parent is outside. Where no
    cgroup bears it (rootless, nested), from the main process's pid namespace; where
    that is the node's own too, from the main process down. Empty when it ended, or
    when its number means another container's process by now, or the node's init.
    """
    for directory in _cgroups(proc, container_id, pid):
        found = frozenset(_procs_below(directory))
        if pid in found:
            return found
    if is_in(proc, pid, container_id) is False:
        return frozenset()
    return frozenset(_by_pid_namespace(proc, pid))


def _cgroups(proc: str, container_id: str, pid: int) -> Iterator[str]:
    """Yield the folders of this process's cgroups that bear the container's id."""
    try:
        with open(f"{proc}/{pid}/cgroup", encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    named = [line.split(":", 2) for line in lines if container_id in line]
    if not named:
        return
    mounts = cgroup_mounts(proc)
    for _, controllers, path in named:
        mount = mounts.get(controllers.split(",")[0])
        at = path.find("/", path.find(container_id))
        if mount:
            yield mount + (path if at < 0 else path[:at])


def _procs_below(directory: str) -> Iterator[int]:
    """Yield the processes of a cgroup and of all cgroups below it."""
    for folder, _, files in os.walk(directory):
        if _PROCS in files:
            with suppress(OSError), open(f"{folder}/{_PROCS}", "rb") as file:
                yield from map(int, file.read().split())


def _by_pid_namespace(proc: str, pid: int) -> Iterator[int]:
    """Yield the process and those of its pid namespace, or those below it."""
    try:
        wanted = _pid_namespace(proc, str(pid))
    except FileNotFoundError:
        return
    except OSError:
        wanted = None
    numbers = [name for name in os.listdir(proc) if name.isdigit()]
    if wanted is None or wanted == _own_pid_namespace(proc):
        # Below the node's init is every process, so it is no container's.
        if pid != 1:
            yield from _descendants(proc, pid, numbers)
        return
    for name in numbers:
        with suppress(OSError):
            if _pid_namespace(proc, name) == wanted:
                yield int(name)


def _pid_namespace(proc: str, pid: str) -> tuple[int, int]:
    status = os.stat(f"{proc}/{pid}/ns/pid")
    return (status.st_dev, status.st_ino)


def _own_pid_namespace(proc: str) -> tuple[int, int] | None:
    with suppress(OSError):
        return _pid_namespace(proc, "self")
    return None


def _descendants(proc: str, pid: int, numbers: list[str]) -> Iterator[int]:
    """Yield a process and everything below it, by the parents as of now."""
    children: dict[int, list[int]] = defaultdict(list)
    for name in numbers:
        with suppress(OSError, ValueError):
            children[read_stat(proc, name).ppid].append(int(name))
    pending = [pid]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(children.pop(found, ()))
