"""The processes of the containers that are looked at."""

from __future__ import annotations

import os
import pwd
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from ocnetview.collectors.base import Attention, Focus, Stop
from ocnetview.collectors.cgroup import container_of
from ocnetview.collectors.members import container_pids
from ocnetview.collectors.namespaces import netns_of
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Netns, Process, ProcessFacts

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


class ProcessCollector:
    """Gives the processes in focus at every tick, and at once when that turns."""

    name = "procfs"

    def __init__(self, settings: Settings, attention: Attention) -> None:
        self.where = settings.proc
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
            return read_processes(self.where, focus)
        except FileNotFoundError as error:
            raise SourceAbsentError(
                self.name, f"read {self.where}", "no proc file system there"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, f"read {self.where}", reason) from error


def read_processes(proc: str, focus: Focus) -> ProcessFacts:
    """Return every process of the containers in focus, and the single ones.

    A process that ends meanwhile is left out.

    Raises:
        OSError: there is no readable proc file system.
    """
    with open(f"{proc}/uptime", "rb") as file:
        uptime = float(file.read().split()[0])
    at = time.monotonic()
    members = {
        pid: container
        for container, main in sorted(focus.containers)
        for pid in container_pids(proc, container, main)
    }
    for pid in focus.pids - members.keys():
        members[pid] = container_of(proc, pid)
    return ProcessFacts(tuple(_read_all(proc, members)), at, uptime, _TICKS)


def _read_all(proc: str, members: Mapping[int, str]) -> Iterable[Process]:
    """Yield the processes that still are, by pid."""
    for pid in sorted(members):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield read_process(proc, pid, members[pid])


def read_process(proc: str, pid: int, container: str) -> Process:
    """Return one process from /proc/PID/stat, status and cmdline (proc(5)).

    Raises:
        FileNotFoundError: there is no such process.
        ProcessLookupError: it ended while it was read.
    """
    place = f"{proc}/{pid}"
    with open(f"{place}/stat", "rb") as file:
        stat = file.read()
    with open(f"{place}/status", "rb") as file:
        status = file.read()
    with open(f"{place}/cmdline", "rb") as file:
        command = file.read()
    name = stat[stat.index(b"(") + 1 : stat.rindex(b")")]
    fields = stat[stat.rindex(b")") + 2 :].split()
    uid = int(_line(status, b"Uid:").split()[0])
    inner = _line(status, b"NSpid:").split()
    return Process(
        pid=pid,
        start_time=int(fields[19]),
        ppid=int(fields[1]),
        inner_pid=int(inner[-1]) if inner else pid,
        name=_text(name),
        command=_arguments(command),
        state=_text(fields[0]),
        uid=uid,
        user=_user(uid),
        cpu_ticks=int(fields[11]) + int(fields[12]),
        rss=int(fields[21]) * _PAGE,
        threads=int(fields[17]),
        container_id=container,
        netns=_netns(place),
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


def _netns(place: str) -> Netns | None:
    """Return a process's network namespace; None without the right to see it."""
    with suppress(OSError):
        return netns_of(os.stat(f"{place}/ns/net"))
    return None


@lru_cache(maxsize=4096)
def _user(uid: int) -> str:
    """Return the host's name for a user, else the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
