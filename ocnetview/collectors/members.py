"""Which processes a container has, from cgroup.procs or its pid namespace."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import takewhile
from typing import NamedTuple

from ocnetview.collectors.cgroup import (
    container_id,
    container_of,
    is_in,
    places_by_container,
)
from ocnetview.collectors.stat import read_file, read_stat

_PROCS = "cgroup.procs"
_LEAF = 2
"""Links to a folder that has none below it."""


class Hierarchy(NamedTuple):
    """A mounted cgroup hierarchy."""

    place: str
    """Its mount point, as it is found from here."""
    root: str
    """The cgroup that is mounted there, seen from our cgroup namespace's root."""


def cgroup_mounts(proc: str, root: str = "") -> dict[str, Hierarchy]:
    """Return where each cgroup hierarchy is mounted, by its name in /proc/PID/cgroup.

    The name is the controllers' list (v1: `memory`, `cpu,cpuacct`, `name=systemd`)
    or empty (v2), as cgroups(7) has it.

    Args:
        proc: the node's proc file system.
        root: what leads to the root directory of its pid 1, whose mounts are taken;
            empty for our own mounts.
    """
    mounts: dict[str, Hierarchy] = {}
    whose = "1" if root else "self"
    with (
        suppress(OSError),
        open(f"{proc}/{whose}/mountinfo", encoding="utf-8", errors="replace") as file,
    ):
        for line in file:
            left, _, right = line.partition(" - ")
            kind, _, options = right.split(" ", 2)
            _, _, _, top, place, *_ = left.split(" ")
            there = Hierarchy(root + place, top)
            if kind == "cgroup2":
                mounts.setdefault("", there)
            elif kind == "cgroup":
                for option in options.strip().split(","):
                    mounts.setdefault(option, there)
    return mounts


def folders_of(hierarchy: Hierarchy, path: str) -> Iterator[str]:
    """Yield the folders that a cgroup's path may mean below a mount.

    Both are told from the root of our own cgroup namespace (cgroup_namespaces(7)):
    /../../x is what lies two levels above it and then down. Of the levels between a
    mount of the whole and that point the names are not told, so any may stand there.
    """
    ups, names = _climb(path)
    above, top = _climb(hierarchy.root)
    hidden = above - ups
    place = hierarchy.place.rstrip("/")
    if hidden == 0 and names[: len(top)] == top:
        yield "/".join((place, *names[len(top) :]))
    elif hidden > 0 and not top:
        pattern = "/*" * hidden + "/" + glob.escape("/".join(names))
        yield from glob.iglob(glob.escape(place) + pattern)


def _climb(path: str) -> tuple[int, list[str]]:
    """Return how many levels a path goes up first, and the names that follow."""
    names = [name for name in path.split("/") if name]
    ups = len(list(takewhile("..".__eq__, names)))
    return ups, names[ups:]


class Members:
    """The processes of containers, reading after reading.

    What was found out about mounts and cgroups is kept as long as it leads to the
    container's main process.
    """

    def __init__(self, proc: str, root: str = "") -> None:
        """Look in this proc file system, and in the mounts of this root of pid 1."""
        self._proc = proc
        self._root = root
        self._mounts: dict[str, Hierarchy] | None = None
        self._folders: dict[tuple[str, int], str] = {}
        """The cgroup that holds a container's main process, as of this reading."""
        self._before: dict[tuple[str, int], str] = {}
        """The same, as of the reading before."""
        self._named: dict[str, dict[str, list[int]]] | None = None

    def begin(self) -> None:
        """Begin another reading: what every process says is asked for anew."""
        self._named = None
        self._before, self._folders = self._folders, {}

    def _places(self, container: str) -> dict[str, list[int]]:
        """Return the pids of a container, by the cgroups that bear its id."""
        if self._named is None:
            self._named = places_by_container(self._proc)
        return self._named.get(container, {})

    def whose(self, pid: int) -> str:
        """Return the innermost container that a process's cgroup names; empty for none.

        Where two cgroups bear its id, one is made up: only from the main process on
        can be told which.
        """
        named = container_of(self._proc, pid)
        return named if named and len(self._places(named)) < 2 else ""  # noqa: PLR2004 - two

    def of(self, container: str, pid: int) -> dict[int, str]:
        """Return every process of a container, host numbering, as of now.

        With each comes the id of the innermost container that its cgroup names:
        what runs in a container's own containers is in that one, too.

        From cgroup.procs of the cgroup that bears the container's id, and of those
        below it; so `docker exec`'s are among them, whose parent is outside. Where
        those are not to be seen, from every process's own word of its cgroup. Where
        no cgroup bears the id (rootless, nested), from the main process's pid
        namespace; where that is the node's own too, from the main process down.
        Empty when it ended, or when its number means another container's process by
        now, or the node's init.
        """
        if found := self._listed(container, pid):
            return found
        named = is_in(self._proc, pid, container)
        if named is None:
            return dict.fromkeys(_by_pid_namespace(self._proc, pid), container)
        places = self._places(container) if named else {}
        its = next((pids for pids in places.values() if pid in pids), ())
        return dict.fromkeys(its, container)

    def _listed(self, container: str, pid: int) -> dict[int, str]:
        """Return what cgroup.procs lists beside the main process; empty without it."""
        for directory in self._candidates(container, pid):
            found = dict(_procs_below(directory, container))
            if pid in found:
                self._folders[container, pid] = directory
                return found
        return {}

    def _candidates(self, container: str, pid: int) -> Iterator[str]:
        """Yield where the cgroup may be: where it was, then by the mounts as of now."""
        if known := self._before.get((container, pid)):
            yield known
        named = [
            (controllers.split(",")[0], path)
            for _, controllers, path in cgroup_lines(self._proc, pid)
            if container in path
        ]
        if named and self._mounts:
            yield from _cgroups(container, named, self._mounts)
        if named:
            self._mounts = cgroup_mounts(self._proc, self._root)
            yield from _cgroups(container, named, self._mounts)


def _cgroups(
    container: str,
    named: Iterable[tuple[str, str]],
    mounts: Mapping[str, Hierarchy],
) -> Iterator[str]:
    """Yield the folders of these cgroups that bear the container's id."""
    for name, path in named:
        if hierarchy := mounts.get(name):
            end = path.find("/", path.index(container))
            yield from folders_of(hierarchy, path if end < 0 else path[:end])


def cgroup_lines(proc: str, pid: int) -> Iterator[list[str]]:
    """Yield each line of /proc/PID/cgroup: its number, controllers, and path."""
    with suppress(OSError):
        text = read_file(f"{proc}/{pid}/cgroup").decode("utf-8", "replace")
        yield from (line.split(":", 2) for line in text.split("\n") if line)


def _procs_below(directory: str, container: str) -> Iterator[tuple[int, str]]:
    """Yield the processes of a container's cgroup and of all cgroups below it.

    With each comes the innermost container that a folder's name stands for.
    """
    for folder in _folders_below(directory):
        with suppress(OSError):
            pids = read_file(f"{folder}/{_PROCS}").split()
            inner = container_id(folder[len(directory) :]) or container
            yield from ((int(pid), inner) for pid in pids)


def _folders_below(directory: str) -> Iterator[str]:
    """Yield a folder and all folders below it.

    A cgroup's folder has a link for itself, one from above and one from each cgroup
    below it, so that most need not be listed.
    """
    pending = [directory]
    while pending:
        folder = pending.pop()
        yield folder
        with suppress(OSError):
            if os.stat(folder).st_nlink == _LEAF:
                continue
            with os.scandir(folder) as entries:
                pending += [e.path for e in entries if e.is_dir(follow_symlinks=False)]


def _by_pid_namespace(proc: str, pid: int) -> Iterator[int]:
    """Yield the process and those of its pid namespace, or those below it."""
    try:
        wanted = _pid_namespace(proc, str(pid))
    except FileNotFoundError:
        return
    except OSError:
        wanted = None
    numbers = [name for name in os.listdir(proc) if name.isdigit()]
    if wanted is None or wanted == _nodes_pid_namespace(proc):
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


def _nodes_pid_namespace(proc: str) -> tuple[int, int] | None:
    """Return that of the node's init; without the right to see it, our own."""
    for whose in ("1", "self"):
        with suppress(OSError):
            return _pid_namespace(proc, whose)
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
