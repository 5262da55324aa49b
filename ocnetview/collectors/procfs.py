"""The processes of the containers that are looked at."""

from __future__ import annotations

import os
import pwd
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from ocnetview.collectors.base import Attention, Focus, Stop
from ocnetview.collectors.members import Members
from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.collectors.stat import read_stat
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Process, ProcessFacts, SourceKind

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


class ProcessCollector:
    """Gives the processes in focus at every tick, and at once when that turns."""

    name = "procfs"
    kind = SourceKind.PROCESSES

    def __init__(self, settings: Settings, attention: Attention) -> None:
        self.where = settings.proc
        self._root = settings.host_root
        self._refresh = settings.refresh
        self._attention = attention

    def watch(self, stop: Stop) -> Iterator[ProcessFacts]:
        """Yield the processes in focus until stopped; with no focus, none.

        Raises:
            SourceAbsentError: there is no proc file system at that place.
            CollectorError: it is not readable.
        """
        while not stop:
            yield self._read(self._attention.focus)
            self._attention.wait(self._refresh, stop)

    def _read(self, focus: Focus) -> ProcessFacts:
        """Return the processes in focus."""
        try:
            return read_processes(self.where, focus, self._root)
        except FileNotFoundError as error:
            raise SourceAbsentError(
                self.name, f"read {self.where}", "no proc file system there"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, f"read {self.where}", reason) from error


def read_processes(proc: str, focus: Focus, root: str = "") -> ProcessFacts:
    """Return every process of the containers in focus, and the single ones.

    `root` leads to the node's root directory; empty where that is our own. A
    process that ends meanwhile is left out, and one that hidepid hides.

    Raises:
        OSError: there is no readable proc file system.
        CollectorError: every process is hidden.
    """
    with open(f"{proc}/uptime", "rb") as file:
        uptime = float(file.read().split()[0])
    at = time.monotonic()
    everyone = Members(proc, root)
    found = [everyone.of(id_, main) for id_, main in sorted(focus.containers)]
    # Of two containers that have a process the one with fewer is inside the other.
    members = dict(
        member for one in sorted(found, key=len, reverse=True) for member in one.items()
    )
    tids = defaultdict(list)
    for tid in sorted(focus.pids):
        pid = _leader(proc, tid)
        if pid != tid:
            tids[pid].append(tid)
        if pid not in members:
            members[pid] = everyone.whose(pid)
    processes = (
        replace(one, tids=tuple(tids[one.pid])) if one.pid in tids else one
        for one in _read_all(proc, members, root)
    )
    return ProcessFacts(tuple(processes), at, uptime, _TICKS)


def _leader(proc: str, tid: int) -> int:
    """Return the process that a thread is of; the same where it is one, or is gone.

    A thread's folder is not listed in /proc, but it can be opened (proc(5)).
    """
    with suppress(OSError), open(f"{proc}/{tid}/status", "rb") as file:
        return int(_line(file.read(), b"Tgid:") or tid)
    return tid


def _read_all(proc: str, members: Mapping[int, str], root: str) -> list[Process]:
    """Return the processes that still are, by pid."""
    found: list[Process] = []
    hidden = 0
    for pid in sorted(members):
        try:
            found.append(read_process(proc, pid, members[pid], root))
        except PermissionError:
            hidden += 1
        except (FileNotFoundError, ProcessLookupError):
            continue
    if hidden and not found:
        raise CollectorError(
            ProcessCollector.name,
            "read processes",
            f"{proc} is mounted with hidepid",
            "needs CAP_SYS_PTRACE or root",
        )
    return found


def read_process(proc: str, pid: int, container: str, root: str = "") -> Process:
    """Return one process from /proc/PID/stat, status and cmdline (proc(5)).

    Raises:
        FileNotFoundError: there is no such process.
        ProcessLookupError: it ended while it was read.
        PermissionError: it is another user's and hidepid hides it.
    """
    place = f"{proc}/{pid}"
    stat = read_stat(proc, pid)
    with open(f"{place}/status", "rb") as file:
        status = file.read()
    with open(f"{place}/cmdline", "rb") as file:
        command = file.read()
    uid = int(_line(status, b"Uid:").split()[0])
    inner = _line(status, b"NSpid:").split()
    return Process(
        pid=pid,
        start_time=stat.start_time,
        ppid=stat.ppid,
        inner_pid=int(inner[-1]) if inner else pid,
        name=_text(stat.name),
        command=_arguments(command),
        state=_text(stat.state),
        uid=uid,
        user=_user_in_container(uid) if container else _user(uid, root),
        cpu_ticks=stat.cpu_ticks,
        rss=stat.pages * _PAGE,
        threads=stat.threads,
        container_id=container,
        netns=netns_of_pid(proc, pid),
    )


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


def _user_in_container(uid: int) -> str:
    """Return root or the number: the host's names are not those of a container."""
    return str(uid) if uid else "root"


@lru_cache(maxsize=4096)
def _user(uid: int, root: str) -> str:
    """Return the host's name for a user, else the number."""
    if root:
        return _users(root).get(str(uid), str(uid))
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@lru_cache(maxsize=1)
def _users(root: str) -> Mapping[str, str]:
    """Return the names of users by their numbers, from the files of another root.

    Image-based systems (ostree) have their own users in /usr/lib/passwd.
    """
    names: dict[str, str] = {}
    for path in (f"{root}/usr/lib/passwd", f"{root}/etc/passwd"):
        with (
            suppress(OSError),
            open(path, encoding="utf-8", errors="replace") as file,
        ):
            entries = (line.split(":") for line in file)
            names |= {entry[2]: entry[0] for entry in entries if len(entry) > 2}  # noqa: PLR2004 - name, password, uid
    return names
