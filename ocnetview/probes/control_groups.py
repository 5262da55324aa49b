"""The limits that control groups set, of version 1 and 2, and what is used of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from ocnetview.collectors.members import (
    Hierarchy,
    cgroup_lines,
    cgroup_mounts,
    folders_of,
)
from ocnetview.collectors.stat import read_file
from ocnetview.facts.inside_containers import Limit, Limits

_UNLIMITED = 1 << 62
"""From here on a v1 limit is none: PAGE_COUNTER_MAX in bytes of whole pages."""
_CONTROLLERS = ("cpu", "cpuacct", "memory", "pids")
_MICRO, _NANO = 1e-6, 1e-9


class Place(NamedTuple):
    """Where a controller's files for a process are."""

    folder: str
    top: str
    """Where its hierarchy is mounted."""
    path: str
    """As /proc/PID/cgroup says it."""
    version: int

    def up(self) -> Iterator[str]:
        """Yield the folder, and each above it in the hierarchy."""
        folder = self.folder
        while len(folder) > len(self.top):
            yield folder
            folder = os.path.dirname(folder)

    def strictest(self, read: Callable[[str], float | None]) -> Limit | None:
        """Return the least that any cgroup on the way up allows; None for no limit."""
        found = None
        for folder in self.up():
            value = read(folder)
            if value is not None and (found is None or value < found.value):
                found = Limit(value, folder.removeprefix(self.top))
        return found


class ControlGroups:
    """Reads the limits of processes, by where the hierarchies are mounted now."""

    def __init__(self, proc: str, root: str = "") -> None:
        """Look in this proc file system, and in the mounts of this root of pid 1."""
        self._proc = proc
        self._mounts = cgroup_mounts(proc, root)

    def limits(self, subject: str, pid: int, container: str = "") -> Limits:
        """Return the limits of a process, or of this container around it."""
        places = self._places(pid, container)
        memory = places.get("memory") or places.get("cpu")
        if memory is None:
            trouble = "its control groups are not to be seen from here"
            return Limits(subject, trouble=trouble)
        said: dict[str, Any] = {}
        for controller, place in places.items():
            said |= _READERS[controller, place.version](place)
        return Limits(subject, memory.path, memory.version, **said)

    def _places(self, pid: int, container: str) -> Mapping[str, Place]:
        """Return where the files of each controller are.

        On hybrid hosts version 2 comes last, and has no controllers.
        """
        found: dict[str, Place] = {}
        for _, names, path in cgroup_lines(self._proc, pid):
            hierarchy = self._mounts.get(names.split(",")[0])
            folder = self._folder(hierarchy, path, pid) if hierarchy else ""
            if not hierarchy or not folder:
                continue
            place = Place(folder, hierarchy.place.rstrip("/"), path, 1 if names else 2)
            for controller in names.split(",") if names else _CONTROLLERS:
                if controller in _CONTROLLERS:
                    found.setdefault(controller, _around(place, container))
        return found

    @staticmethod
    def _folder(hierarchy: Hierarchy, path: str, pid: int) -> str:
        """Return the folder of a process's cgroup; empty where it is not found."""
        for folder in folders_of(hierarchy, path):
            with suppress(OSError):
                if str(pid).encode() in read_file(f"{folder}/cgroup.procs").split():
                    return folder
        return ""


def _around(place: Place, container: str) -> Place:
    """Return the cgroup that bears a container's id, from one below it."""
    if not container or container not in place.path:
        return place
    end = place.path.find("/", place.path.index(container))
    if end < 0:
        return place
    below = len(place.path) - end
    return place._replace(folder=place.folder[:-below], path=place.path[:end])


def _cpu(place: Place) -> Mapping[str, object]:
    """Return what the files of version 2 say of the processor."""
    stat = _table(f"{place.folder}/cpu.stat")
    return {
        "cpu": place.strictest(_cpu_max),
        "cpu_weight": _number(f"{place.folder}/cpu.weight"),
        "cpu_seconds": _times(stat.get("usage_usec"), _MICRO),
        "periods": stat.get("nr_periods"),
        "throttled": stat.get("nr_throttled"),
        "throttled_seconds": _times(stat.get("throttled_usec"), _MICRO),
    }


def _cpu_max(folder: str) -> float | None:
    """Return `QUOTA PERIOD` as CPUs; None for `max PERIOD`."""
    match _words(f"{folder}/cpu.max"):
        case [quota, period] if quota.isdecimal() and int(period) > 0:
            return int(quota) / int(period)
    return None


def _cpu_1(place: Place) -> Mapping[str, object]:
    """Return what the files of version 1 say of the processor."""
    stat = _table(f"{place.folder}/cpu.stat")
    return {
        "cpu": place.strictest(_cfs_quota),
        "cpu_weight": _number(f"{place.folder}/cpu.shares"),
        "periods": stat.get("nr_periods"),
        "throttled": stat.get("nr_throttled"),
        "throttled_seconds": _times(stat.get("throttled_time"), _NANO),
    }


def _cfs_quota(folder: str) -> float | None:
    """Return the quota as CPUs; None for -1."""
    quota = _number(f"{folder}/cpu.cfs_quota_us")
    period = _number(f"{folder}/cpu.cfs_period_us")
    return quota / period if quota is not None and quota > 0 and period else None


def _cpuacct(place: Place) -> Mapping[str, object]:
    """Return what version 1 says that was used; version 2 has it in cpu.stat."""
    used = _number(f"{place.folder}/cpuacct.usage")
    return {"cpu_seconds": _times(used, _NANO)}


def _memory(place: Place) -> Mapping[str, object]:
    """Return what the files of version 2 say of memory."""
    return {
        "memory": place.strictest(lambda f: _number(f"{f}/memory.max")),
        "memory_used": _number(f"{place.folder}/memory.current"),
        "memory_peak": _number(f"{place.folder}/memory.peak"),
        "swap": place.strictest(lambda f: _number(f"{f}/memory.swap.max")),
        "oom_kills": _table(f"{place.folder}/memory.events").get("oom_kill"),
    }


def _memory_1(place: Place) -> Mapping[str, object]:
    """Return what the files of version 1 say of memory."""
    name, both = "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"
    return {
        "memory": place.strictest(lambda f: _limited(f"{f}/{name}")),
        "memory_used": _number(f"{place.folder}/memory.usage_in_bytes"),
        "memory_peak": _number(f"{place.folder}/memory.max_usage_in_bytes"),
        "swap": place.strictest(lambda f: _limited(f"{f}/{both}")),
        "oom_kills": _table(f"{place.folder}/memory.oom_control").get("oom_kill"),
    }


def _limited(path: str) -> int | None:
    """Return a limit of version 1; None for what no machine has."""
    value = _number(path)
    return value if value is not None and value < _UNLIMITED else None


def _pids(place: Place) -> Mapping[str, object]:
    """Return how many tasks there may be, and are: the same files in both versions."""
    return {
        "pids": place.strictest(lambda f: _number(f"{f}/pids.max")),
        "pids_used": _number(f"{place.folder}/pids.current"),
    }


_READERS: Mapping[tuple[str, int], Callable[[Place], Mapping[str, object]]] = {
    ("cpu", 1): _cpu_1,
    ("cpu", 2): _cpu,
    ("cpuacct", 1): _cpuacct,
    ("cpuacct", 2): lambda _: {},
    ("memory", 1): _memory_1,
    ("memory", 2): _memory,
    ("pids", 1): _pids,
    ("pids", 2): _pids,
}


def _words(path: str) -> list[str]:
    """Return the words of a file; none where it is not there."""
    with suppress(OSError):
        return read_file(path).decode("ascii", "replace").split()
    return []


def _number(path: str) -> int | None:
    """Return the number in a file; None for `max`, or no file."""
    match _words(path):
        case [word] if word.lstrip("-").isdecimal():
            return int(word)
    return None


def _table(path: str) -> Mapping[str, int]:
    """Return a file's lines of `name number`."""
    words = _words(path)
    pairs = zip(words[::2], words[1::2], strict=False)
    return {name: int(value) for name, value in pairs if value.isdecimal()}


def _times(value: int | None, unit: float) -> float | None:
    """Return a number of units as seconds."""
    return None if value is None else value * unit
