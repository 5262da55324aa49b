"""When containers come and go, told by their cgroups."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from ocnetview.collectors.census import Census
from ocnetview.collectors.cgroup import container_id
from ocnetview.collectors.inotify import IN_IGNORED, IN_ISDIR, Inotify
from ocnetview.collectors.members import Hierarchy, cgroup_mounts, folders_of

_TOPS = (
    "kubepods.slice",
    "kubepods",
    "kubelet.slice",
    "kubelet",
    "k8s.io",
)
"""Where pods are: the kubelet's two drivers, the same in kind, containerd alone."""
_ORDER = ("pids", "memory", "cpu", "name=systemd", "")
"""The hierarchies in which a runtime surely makes a cgroup for each container: those
of version 1, of which some systems have none, then that of version 2."""
_MOST = 4096
"""Folders that are watched at most: half of what older kernels allow one user."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.ENOMEM, errno.EMFILE})


class CgroupEvents:
    """Watches the cgroup folders of pods, where containers' folders come and go."""

    def __init__(self, proc: str, root: str = "") -> None:
        """Watch what is there below the mounts of the node's pid 1, or below ours.

        Raises:
            OSError: inotify cannot be used.
        """
        self._proc = proc
        self._inotify = Inotify()
        self._folders: dict[int, str] = {}
        self._seen: set[int] = set()
        mounts = cgroup_mounts(proc, root)
        self._mounts = {name: mounts[name] for name in _ORDER if name in mounts}
        self.works = True
        """Claims that it hears of every container it was told to look at."""
        self._root = -1
        for hierarchy in list(self._mounts.values())[:1]:
            with suppress(OSError):
                self._root = self._inotify.add(hierarchy.place)
                self._folders[self._root] = hierarchy.place
            for top in _TOPS:
                self._add(f"{hierarchy.place}/{top}")

    def fileno(self) -> int:
        """Return the descriptor, readable when something happened."""
        return self._inotify.fileno()

    def close(self) -> None:
        """End all watches."""
        self._inotify.close()

    def drain(self) -> bool:
        """Take what happened; return whether it was anything."""
        heard = False
        for event in self._inotify.read():
            if event.mask & IN_IGNORED:
                self._folders.pop(event.watch, None)
                continue
            if event.watch < 0:
                for folder in list(self._folders.values()):
                    if folder != self._folders.get(self._root):
                        self._add(folder)
            elif event.watch == self._root and event.name not in _TOPS:
                continue
            elif event.mask & IN_ISDIR and event.watch in self._folders:
                self._add(f"{self._folders[event.watch]}/{event.name}")
            heard = True
        return heard

    def look(self, pids: Iterable[int]) -> bool:
        """Watch around these containers' processes too; return whether that is new.

        Then something may have happened there that was not heard.
        """
        pids, before = set(pids), len(self._folders)
        for pid in pids - self._seen:
            for hierarchy, path in self._cgroups(pid):
                tops = list(_tops(hierarchy, path))
                for top in tops:
                    if top not in self._folders.values():
                        self._add(top)
                if not tops and os.path.exists(f"{self._proc}/{pid}"):
                    self.works = False
        self._seen = pids
        return len(self._folders) > before

    def _cgroups(self, pid: int) -> Iterator[tuple[Hierarchy, str]]:
        """Yield the first cgroup of a process that names a container, if one does."""
        with (
            suppress(OSError),
            open(f"{self._proc}/{pid}/cgroup", errors="surrogateescape") as file,
        ):
            for line in file.read().splitlines():
                _, controllers, path = line.split(":", 2)
                hierarchy = self._mounts.get(controllers.split(",")[0])
                if hierarchy and container_id(line):
                    yield hierarchy, path
                    return

    def _add(self, folder: str) -> None:
        """Watch a folder and those below it, but not what a container makes."""
        pending = [folder]
        while pending:
            one = pending.pop()
            if _is_container(one.rpartition("/")[2]):
                continue
            if len(self._folders) >= _MOST:
                self.works = False
                return
            try:
                self._folders[self._inotify.add(one)] = one
                # After the watch began, so that none is missed.
                with os.scandir(one) as entries:
                    pending += [e.path for e in entries if e.is_dir()]
            except OSError as error:
                self.works = self.works and error.errno not in _NO_ROOM


def _is_container(name: str) -> bool:
    return bool(container_id(f"/{name}"))


def _tops(hierarchy: Hierarchy, path: str) -> Iterator[str]:
    """Yield the topmost folder of a container's path that is in no other container."""
    names = [name for name in path.split("/") if name]
    while not _is_container(names[-1]):
        names.pop()
    above = names[:-1]
    start = max(
        (n for n, name in enumerate(above, 1) if _is_container(name) or name == ".."),
        default=0,
    )
    if len(above) > start:
        top = f"/{'/'.join(above[: start + 1])}"
        yield from filter(os.path.isdir, folders_of(hierarchy, top))


class ContainerPids:
    """Tells when containers come and go by reading of each new process where it is."""

    def __init__(self, proc: str) -> None:
        """Look in this proc file system; the first call tells nothing new."""
        self._census = Census(proc)
        self._containers: frozenset[str] | None = None

    def changed(self) -> bool:
        """Return whether other containers have processes than at the last call."""
        try:
            self._census.take()
        except OSError:
            return False
        before, self._containers = (
            self._containers,
            frozenset(self._census.containers()),
        )
        return before is not None and before != self._containers
