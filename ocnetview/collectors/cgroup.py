"""Which container a process is in, from its cgroup path."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from ocnetview.collectors.stat import read_file, start_time

_ID = 64
"""Digits of a container's id."""
_CONTAINER = re.compile(
    r"[/:-]([0-9a-f]{64})(?<!conmon-.{64})(?:\.scope)?(?=/|$| \(deleted\)$)"
)
"""A path's part that ends in a container id, with what is before it: a colon where it
is the first. That is rare in a path, which is so searched through in half the time.

That is `ID` alone (Docker and CRI with the cgroupfs driver), `docker-ID.scope`,
`cri-containerd-ID.scope`, `crio-ID.scope`, `libpod-ID.scope` (systemd driver) or
`SLICE:cri-containerd:ID` (containerd whose driver is not the kubelet's). CRI-O's and
Podman's monitor, in `crio-conmon-ID.scope`, is not in the container.
"""


Named = tuple[tuple[str, str], ...]
"""The ids that a process's cgroups name, the inner last; with each the cgroup."""


def container_id(cgroup_text: str) -> str:
    """Return the id in the text of /proc/PID/cgroup (cgroups(7)); empty for none.

    It is the innermost id of any hierarchy: containers nest, their processes make
    cgroups of their own below, and on hybrid hosts the `0::` line may only say `/`.
    """
    found = _found(cgroup_text)
    return found[-1][0] if found else ""


def _paths(cgroup_text: str) -> Iterable[str]:
    """Return the path in each hierarchy once, that of cgroup v2 first if there is one.

    With the colon before it, and without those that are too short for an id. A process
    has the same path in most hierarchies, which is so looked at once.
    """
    lines = [one for one in reversed(cgroup_text.split("\n")) if len(one) >= _ID]
    return dict.fromkeys([f":{line.split(':', 2)[-1]}" for line in lines])


def _found(cgroup_text: str) -> Named:
    """Return the ids in the hierarchy that names most, the inner last.

    With each comes the cgroup that bears it. On hybrid hosts a nested runtime may
    make cgroups in some hierarchies only.
    """
    found: Named = ()
    for path in _paths(cgroup_text):
        ids = _CONTAINER.finditer(path)
        named = tuple([(one[1], path[1 : one.end()]) for one in ids])
        found = named if len(named) > len(found) else found
    return found


@lru_cache(maxsize=1024)
def _known(cgroups: bytes) -> Named:
    """Return the same of a file; most processes are where another is."""
    return _found(cgroups.decode("utf-8", "replace"))


def places_by_container(proc: str = "/proc") -> dict[str, dict[str, list[int]]]:
    """Return the pids in each container, by its id and the cgroup that bears that.

    One pass over all processes. A container has one such cgroup. Where there are two,
    one is somebody else's: any user to whom cgroups are delegated may give one of
    them any name.

    Raises:
        OSError: there is no proc file system at that place.
    """
    return places_of(named_cgroups(proc, listed(proc)))


def listed(proc: str) -> Iterator[int]:
    """Yield every process that is there now.

    Raises:
        OSError: there is no proc file system at that place.
    """
    return map(int, filter(str.isdecimal, os.listdir(proc)))


def named_cgroups(proc: str, pids: Iterable[int]) -> dict[int, Named]:
    """Return what names each of these processes that is in a container."""
    found = ((pid, _known(_cgroups(proc, pid))) for pid in sorted(pids))
    return {pid: named for pid, named in found if named}


def places_of(cgroups: Mapping[int, Named]) -> dict[str, dict[str, list[int]]]:
    """Return the pids in each container, by its id and the cgroup that bears that."""
    found: dict[str, dict[str, list[int]]] = {}
    for pid, named in cgroups.items():
        container, place = named[-1]
        found.setdefault(container, {}).setdefault(place, []).append(pid)
    return found


def container_of(proc: str, pid: int) -> str:
    """Return the id of the container that a process is in; empty for none or gone."""
    return (containers_of(proc, pid) or ("",))[-1]


def containers_of(proc: str, pid: int) -> tuple[str, ...]:
    """Return the ids that a process's cgroups name, of nested ones the inner last."""
    return tuple(container for container, _ in _known(_cgroups(proc, pid)))


def place_of(proc: str, pid: int) -> tuple[str, str]:
    """Return the innermost container that a process is in, and the cgroup it bears.

    Both are empty where it is in none, or is gone.
    """
    return (_known(_cgroups(proc, pid)) or (("", ""),))[-1]


def is_in(proc: str, pid: int, container: str) -> bool | None:
    """Return whether a process is in a container, in a nested one too.

    None where its cgroups name no container (rootless, hidden, or in none), or
    cannot be read: only another source can tell then.
    """
    paths = _paths(_cgroups(proc, pid).decode("utf-8", "replace"))
    named = {one for path in paths for one in _CONTAINER.findall(path)}
    return container in named if named else None


def _cgroups(proc: str, pid: int) -> bytes:
    """Return what is in /proc/PID/cgroup; empty when it cannot be read."""
    with suppress(OSError):
        return read_file(f"{proc}/{pid}/cgroup")
    return b""


def first_started(proc: str, pids: Iterable[int]) -> int | None:
    """Return the process that started first, the container's main one; None if gone.

    Those that `exec` adds start later (field 22 of /proc/PID/stat, in clock ticks);
    of two in the same tick the one with the lower pid is taken.
    """
    seen = ((start_time(proc, pid), pid) for pid in pids)
    started = [(when, pid) for when, pid in seen if when is not None]
    return min(started)[1] if started else None
