"""Reads processes again and again: each whole at first, then what may have changed."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, TypedDict

from ocnetview.collectors.base import Focus
from ocnetview.collectors.everyone import Everyone
from ocnetview.collectors.members import Members
from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.collectors.stat import Stat, parse_stat, read_file, read_line
from ocnetview.collectors.threads import read_threads
from ocnetview.collectors.users import user_in_container, user_on_node
from ocnetview.errors import CollectorError
from ocnetview.facts import Process, ProcessFacts
from ocnetview.records import changed

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_ZOMBIE = b"Z"
_WAITS = b"D"
_FRESH = 10
"""In every so many readings all of a process is read again: its title may be another,
its user or its namespace, and nothing tells."""
_FRESH_OF_ALL = 60
"""The same while every process of the node is read, a few at each reading."""
_YOUNG = 5
"""Seconds for which a process is new: its runtime may move it, itself change user."""


class _Moving(TypedDict):
    """What of a process is another at every moment."""

    ppid: int
    state: str
    cpu_ticks: int
    rss: int
    threads: int
    wchan: str


class _Known(NamedTuple):
    """A process as it was read before."""

    line: bytes
    """Its stat."""
    stat: Stat
    process: Process
    until: int
    """The reading in which all of it is read again."""


class ProcessReader:
    """Reads processes again and again, and of each only what may have changed."""

    def __init__(self, proc: str, root: str = "") -> None:
        """Look in this proc file system.

        `root` leads to the node's root directory; empty where that is our own.
        """
        self._proc, self._root = proc, root
        self._members = Members(proc, root)
        self._everyone = Everyone(proc)
        self._known: dict[int, _Known] = {}
        self._reading = 0
        self._uptime = 0.0

    def read(self, focus: Focus) -> ProcessFacts:
        """Return every process in focus, with the threads that are.

        A process that ends meanwhile is left out, and one that hidepid hides.

        Raises:
            OSError: there is no readable proc file system.
            CollectorError: every process is hidden.
        """
        self._uptime = float(read_file(f"{self._proc}/uptime").split()[0])
        at = time.monotonic()
        self._reading += 1
        members, tids = self._wanted(focus)
        processes: Sequence[Process] = self._read_all(members)
        if focus.everything:
            processes = self._everyone.adopted(processes)
        if tids or focus.threads != frozenset():
            processes = [self._with_threads(p, focus, tids) for p in processes]
        return ProcessFacts(tuple(processes), at, self._uptime, _TICKS)

    def _with_threads(
        self, process: Process, focus: Focus, tids: Mapping[int, list[int]]
    ) -> Process:
        """Return a process with those threads that are asked for."""
        named = tuple(tids.get(process.pid, ()))
        looked = focus.threads is None or process.container_id in focus.threads
        tasks = read_threads(self._proc, process) if looked else ()
        return changed(process, tids=named, tasks=tasks) if named or looked else process

    def _wanted(
        self, focus: Focus
    ) -> tuple[dict[int, str | None], dict[int, list[int]]]:
        """Return which processes to read and whose each is, and threads asked for.

        None stands for one of whom that is to be asked.
        """
        self._members.begin()
        members = self._all(focus) if focus.everything else self._listed(focus)
        tids = defaultdict(list)
        for tid in sorted(focus.pids):
            pid = _leader(self._proc, tid)
            if pid != tid:
                tids[pid].append(tid)
            if pid not in members:
                members[pid] = self._members.whose(pid)
        return members, tids

    def _listed(self, focus: Focus) -> dict[int, str | None]:
        """Return the processes of the containers in focus."""
        found = [self._members.of(id_, main) for id_, main in sorted(focus.containers)]
        # Of two containers with one process the one with fewer is inside the other.
        return {
            pid: container
            for one in sorted(found, key=len, reverse=True)
            for pid, container in one.items()
        }

    def _all(self, focus: Focus) -> dict[int, str | None]:
        """Return every process of the node."""
        self._everyone.begin(focus.containers)
        return dict.fromkeys(self._everyone.pids())

    def _read_all(self, members: Mapping[int, str | None]) -> list[Process]:
        """Return the processes that still are, by pid."""
        known: dict[int, _Known] = {}
        hidden = 0
        for pid in sorted(members):
            try:
                known[pid] = self._read(pid, members[pid])
            except PermissionError:
                hidden += 1
            except (FileNotFoundError, ProcessLookupError):
                continue
        self._known = known
        if hidden and not known:
            raise CollectorError(
                "procfs",
                "read processes",
                f"{self._proc} is mounted with hidepid",
                "needs CAP_SYS_PTRACE or root",
            )
        return [one.process for one in known.values()]

    def _read(self, pid: int, container: str | None) -> _Known:
        """Return a process, from its stat alone where that is all that can be new.

        Raises:
            OSError: it ended, or is hidden.
        """
        known = self._known.get(pid)
        whose = known.process.container_id if known else None
        if known is None or container not in (None, whose):
            return self._read_whole(pid, container)
        if self._reading >= known.until:
            return self._read_whole(pid, container, known)
        line = read_line(f"{self._proc}/{pid}/stat")
        if line == known.line:
            return known
        stat = parse_stat(line)
        same = (stat.start_time, stat.name, stat.image, stat.state == _ZOMBIE)
        old = known.stat
        if same != (old.start_time, old.name, old.image, old.state == _ZOMBIE):
            return self._read_whole(pid, container)
        moving = _moving(self._proc, pid, stat)
        return known._replace(
            line=line, stat=stat, process=changed(known.process, **moving)
        )

    def _read_whole(
        self, pid: int, container: str | None, known: _Known | None = None
    ) -> _Known:
        """Return a process that is new, or may be another program by now."""
        line = read_line(f"{self._proc}/{pid}/stat")
        stat = parse_stat(line)
        until = self._reading + 1
        if container is None:
            container = self._everyone.whose(pid)
            if self._uptime - stat.start_time / _TICKS > _YOUNG:
                # Not all at once: the whole node is read for the first time.
                until = self._reading + _FRESH_OF_ALL // 2 + pid % _FRESH_OF_ALL
        elif known:
            until = self._reading + _FRESH
        process = read_process(self._proc, pid, stat, container, self._root)
        if known and process == known.process:
            process = known.process
        return _Known(line, stat, process, until)


def _leader(proc: str, tid: int) -> int:
    """Return the process that a thread is of; the same where it is one, or is gone.

    A thread's folder is not listed in /proc, but it can be opened (proc(5)).
    """
    with suppress(OSError):
        return int(_line(read_file(f"{proc}/{tid}/status"), b"Tgid:") or tid)
    return tid


def read_process(
    proc: str, pid: int, stat: Stat, container: str, root: str = ""
) -> Process:
    """Return a process from its stat, its status and its cmdline (proc(5)).

    Raises:
        FileNotFoundError: there is no such process.
        ProcessLookupError: it ended while it was read.
        PermissionError: it is another user's and hidepid hides it.
    """
    status = read_file(f"{proc}/{pid}/status")
    command = read_file(f"{proc}/{pid}/cmdline")
    uid = int(_line(status, b"Uid:").split()[0])
    inner = _line(status, b"NSpid:").split()
    return Process(
        pid=pid,
        start_time=stat.start_time,
        inner_pid=int(inner[-1]) if inner else pid,
        name=_text(stat.name),
        command=_arguments(command),
        uid=uid,
        user=user_in_container(uid) if container else user_on_node(uid, root),
        container_id=container,
        netns=netns_of_pid(proc, pid),
        **_moving(proc, pid, stat),
    )


def _moving(proc: str, pid: int, stat: Stat) -> _Moving:
    """Return what of a process is another at every moment."""
    return {
        "ppid": stat.ppid,
        "state": _text(stat.state),
        "cpu_ticks": stat.cpu_ticks,
        "rss": stat.pages * _PAGE,
        "threads": stat.threads,
        "wchan": _wchan(proc, pid) if stat.state == _WAITS else "",
    }


def _wchan(proc: str, pid: int) -> str:
    """Return where in the kernel a process waits; empty where that is not told."""
    with suppress(OSError):
        place = _text(read_file(f"{proc}/{pid}/wchan"))
        return "" if place == "0" else place
    return ""


def _line(status: bytes, key: bytes) -> bytes:
    """Return the value of a line of /proc/PID/status; empty when it has none."""
    _, _, rest = status.partition(b"\n" + key)
    return rest.partition(b"\n")[0]


def _arguments(command: bytes) -> tuple[str, ...]:
    """Return argv; a program that writes its title over it pads with NULs."""
    trimmed = command.rstrip(b"\0")
    return tuple(map(_text, trimmed.split(b"\0"))) if trimmed else ()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
