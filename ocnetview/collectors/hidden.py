"""Namespaces that neither a known pin nor a process's main thread leads to."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from ocnetview.collectors.namespaces import Namespace
from ocnetview.facts import Netns

_HOLDERS = 8
"""So many of those who keep a namespace are named, and tried as a way into it."""
_NETNS = re.compile(r"net:\[(\d+)\]")
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(slots=True)
class Held:
    """What leads to a namespace: files, and in words what each of them is."""

    paths: list[str] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)


class Hidden:
    """Finds namespaces that only a thread, a descriptor or a mount keeps.

    That takes a look at every descriptor on the node, some 4 microseconds each, so
    it is done only while links lead to a namespace that is not known, and again only
    when other ones do, or when who kept one does not any more. Else only processes
    that came meanwhile are looked at: an older one gets a way in from somebody who
    has been looked at. Those of other users take CAP_SYS_PTRACE.
    """

    def __init__(self, proc: str) -> None:
        self._proc = proc
        self._asked: Hashable = None
        self._pids: frozenset[int] = frozenset()
        self._mounts: set[str] = set()
        self._found: dict[int, Held] = {}

    def read(
        self,
        wanted: Hashable,
        pids: frozenset[int],
        nsfs: int,
        known: Collection[Netns],
    ) -> list[Namespace]:
        """Return the namespaces that are held and not known.

        Args:
            wanted: what is in question; another one is searched for everywhere.
            pids: every process that there is.
            nsfs: st_dev of the nsfs.
            known: the namespaces that need not be found.
        """
        if self._asked != wanted or not self._stands():
            self._asked, self._pids = wanted, frozenset()
            self._mounts, self._found = set(), {}
        numbers = {netns.ino for netns in known}
        for pid in sorted(pids - self._pids):
            for number, path, holder in self._held_by(pid):
                if number in numbers:
                    continue
                held = self._found.setdefault(number, Held())
                if len(held.paths) < _HOLDERS:
                    held.paths.append(path)
                    held.holders.append(holder)
        self._pids = pids
        return [
            Namespace(Netns(nsfs, number), [*held.paths], holders=[*held.holders])
            for number, held in self._found.items()
        ]

    def _stands(self) -> bool:
        """Claim that everything that was found still is what it was."""
        return all(
            _leads(path) == number
            for number, held in self._found.items()
            for path in held.paths
        )

    def _held_by(self, pid: int) -> Iterator[tuple[int, str, str]]:
        """Yield number, path and words for each namespace that a process keeps.

        A main thread that ended before the others has neither descriptors nor
        mounts any more, so the first thread that has some stands for the process.
        """
        tasks = f"{self._proc}/{pid}/task"
        tids = _numbers(tasks)
        for tid in tids:
            path = f"{tasks}/{tid}/ns/net"
            if tid != pid and (number := _leads(path)):
                yield number, path, f"thread {tid} of {self._named(pid)}"
        for tid in sorted(tids, key=pid.__ne__):
            space = _link(f"{tasks}/{tid}/ns/mnt")
            if space:
                yield from self._descriptors(pid, f"{tasks}/{tid}/fd")
                if space not in self._mounts:
                    self._mounts.add(space)
                    yield from _mounts(pid, f"{tasks}/{tid}")
                return

    def _descriptors(self, pid: int, folder: str) -> Iterator[tuple[int, str, str]]:
        """Yield the same of a process's open descriptors."""
        for fd in _numbers(folder):
            if number := _numbered(_link(f"{folder}/{fd}")):
                path = f"{folder}/{fd}"
                yield number, path, f"descriptor {fd} of {self._named(pid)}"

    def _named(self, pid: int) -> str:
        """Return a process's comm, untrusted text, and its pid."""
        name = "?"
        with suppress(OSError), open(f"{self._proc}/{pid}/comm", "rb") as file:
            name = file.read().rstrip(b"\n").decode("utf-8", "backslashreplace")
        return f"{name} ({pid})"


def _mounts(pid: int, task: str) -> Iterator[tuple[int, str, str]]:
    """Yield the same of the nsfs files that are mounted where this task sees them.

    A line of mountinfo is `id parent dev root mountpoint options... - type ...`; a
    nsfs file's root is `net:[number]`.
    """
    lines: list[str] = []
    with suppress(OSError), open(f"{task}/mountinfo", "rb") as file:
        lines = file.read().decode("utf-8", "surrogateescape").split("\n")
    for line in lines:
        if " - nsfs " in line:
            _, _, _, root, point, *_ = line.split(" ")
            if number := _numbered(root):
                point = _OCTAL.sub(lambda found: chr(int(found[1], 8)), point)
                shown = point.encode("utf-8", "surrogateescape")
                words = shown.decode("utf-8", "backslashreplace")
                path = f"{task}/root{point}"
                yield number, path, f"mount {words} in the mount namespace of {pid}"


def _numbers(folder: str) -> list[int]:
    """Return the names of a folder of /proc that are numbers; none when refused."""
    with suppress(OSError):
        return sorted(int(name) for name in os.listdir(folder) if name.isdigit())
    return []


def _link(path: str) -> str:
    """Return what a link of /proc says; empty when it is gone or refused."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _numbered(text: str) -> int | None:
    """Return the number in `net:[4026531840]`; None of all else."""
    found = _NETNS.fullmatch(text) if text.startswith("net:") else None
    return int(found[1]) if found else None


def _leads(path: str) -> int | None:
    """Return the number of the network namespace that a file leads to."""
    if os.path.islink(path):
        return _numbered(_link(path))
    with suppress(OSError):
        return os.stat(path).st_ino
    return None
