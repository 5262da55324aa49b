"""The processes of the containers that are looked at."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ocnetview.collectors.base import Attention, Focus, How, Stop, until_tick
from ocnetview.collectors.members import Members
from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.collectors.stat import Stat, parse_stat, read_file
from ocnetview.collectors.users import user_in_container, user_on_node
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Process, ProcessFacts, SourceKind

if TYPE_CHECKING:
    from ocnetview.collectors.proc_events import ProcEvents

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_ZOMBIE = b"Z"


_FRESH = 10
"""In every so many readings all of a process is read again: its title may be another,
its user or its namespace, and nothing tells."""


_REST_SECONDS = 0.1
"""Between two readings, however often the kernel tells of something."""


class ProcessCollector:
    """Gives the processes in focus at every tick, and at once when that turns.

    Where that is wanted and allowed, also as soon as one forks, executes or ends.
    """

    name = "procfs"
    kind = SourceKind.PROCESSES

    def __init__(self, settings: Settings, attention: Attention) -> None:
        self.where = settings.proc
        self._refresh = settings.refresh
        self._listen = settings.proc_events
        self._attention = attention
        self._reader = ProcessReader(settings.proc, settings.host_root)

    def watch(self, stop: Stop) -> Iterator[ProcessFacts | How]:
        """Yield the processes in focus until stopped; with no focus, none.

        Raises:
            SourceAbsentError: there is no proc file system at that place.
            CollectorError: it is not readable.
        """
        with ExitStack() as held:
            events = self._events(held) if self._listen else None
            also = "proc connector, " if events else ""
            yield How(f"{also}polled every {self._refresh:g} s")
            while not stop:
                focus = self._attention.focus
                facts = self._read(focus)
                yield facts
                self._wait(stop, focus, facts, events)

    def _events(self, held: ExitStack) -> ProcEvents | None:
        """Return the kernel's events; None where they are not for us."""
        from ocnetview.collectors.proc_events import ProcEvents  # noqa: PLC0415 - rare

        with suppress(OSError):  # other namespaces than the first, or no right
            return held.enter_context(closing(ProcEvents()))
        return None

    def _wait(
        self, stop: Stop, focus: Focus, facts: ProcessFacts, events: ProcEvents | None
    ) -> None:
        """Wait for the next tick, another focus, or what happens to what is in it."""
        end = time.monotonic() + until_tick(self._refresh)
        heard = [events] if events and focus != Focus() else []
        pids = {process.pid for process in facts.processes}
        containers = {container for container, _ in focus.containers}
        while not stop and self._attention.focus == focus:
            left = end - time.monotonic()
            if left <= 0:
                return
            if not heard:
                self._attention.wait(left, stop)
                return
            self._attention.wait(min(left, _REST_SECONDS), stop)
            self._attention.wait(max(0, end - time.monotonic()), stop, heard)
            if any(one.touched(self.where, pids, containers) for one in heard):
                return

    def _read(self, focus: Focus) -> ProcessFacts:
        """Return the processes in focus."""
        try:
            return self._reader.read(focus)
        except FileNotFoundError as error:
            raise SourceAbsentError(
                self.name, f"read {self.where}", "no proc file system there"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, f"read {self.where}", reason) from error


class _Moving(TypedDict):
    """What of a process is another at every moment."""

    ppid: int
    state: str
    cpu_ticks: int
    rss: int
    threads: int


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
        self._known: dict[int, _Known] = {}
        self._reading = 0

    def read(self, focus: Focus) -> ProcessFacts:
        """Return every process of the containers in focus, and the single ones.

        A process that ends meanwhile is left out, and one that hidepid hides.

        Raises:
            OSError: there is no readable proc file system.
            CollectorError: every process is hidden.
        """
        uptime = float(read_file(f"{self._proc}/uptime").split()[0])
        at = time.monotonic()
        self._reading += 1
        members, tids = self._wanted(focus)
        processes = (
            replace(one, tids=tuple(tids[one.pid])) if one.pid in tids else one
            for one in self._read_all(members)
        )
        return ProcessFacts(tuple(processes), at, uptime, _TICKS)

    def _wanted(self, focus: Focus) -> tuple[dict[int, str], dict[int, list[int]]]:
        """Return which processes to read and whose each is, and threads asked for."""
        self._members.begin()
        found = [self._members.of(id_, main) for id_, main in sorted(focus.containers)]
        # Of two containers with one process the one with fewer is inside the other.
        members = dict(
            member
            for one in sorted(found, key=len, reverse=True)
            for member in one.items()
        )
        tids = defaultdict(list)
        for tid in sorted(focus.pids):
            pid = _leader(self._proc, tid)
            if pid != tid:
                tids[pid].append(tid)
            if pid not in members:
                members[pid] = self._members.whose(pid)
        return members, tids

    def _read_all(self, members: Mapping[int, str]) -> list[Process]:
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
                ProcessCollector.name,
                "read processes",
                f"{self._proc} is mounted with hidepid",
                "needs CAP_SYS_PTRACE or root",
            )
        return [one.process for one in known.values()]

    def _read(self, pid: int, container: str) -> _Known:
        """Return a process, from its stat alone where that is all that can be new.

        Raises:
            OSError: it ended, or is hidden.
        """
        known = self._known.get(pid)
        if known is None or known.process.container_id != container:
            return self._read_whole(pid, container, self._reading + 1)
        if self._reading >= known.until:
            return self._read_whole(pid, container, self._reading + _FRESH)
        line = read_file(f"{self._proc}/{pid}/stat")
        if line == known.line:
            return known
        stat = parse_stat(line)
        same = (stat.start_time, stat.name, stat.image, stat.state == _ZOMBIE)
        old = known.stat
        if same != (old.start_time, old.name, old.image, old.state == _ZOMBIE):
            return self._read_whole(pid, container, self._reading + 1)
        return known._replace(
            line=line, stat=stat, process=replace(known.process, **_moving(stat))
        )

    def _read_whole(self, pid: int, container: str, until: int) -> _Known:
        """Return a process that is new, or may be another program by now."""
        line = read_file(f"{self._proc}/{pid}/stat")
        stat = parse_stat(line)
        process = read_process(self._proc, pid, stat, container, self._root)
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
        **_moving(stat),
    )


def _moving(stat: Stat) -> _Moving:
    """Return what of a process is another at every moment."""
    return {
        "ppid": stat.ppid,
        "state": _text(stat.state),
        "cpu_ticks": stat.cpu_ticks,
        "rss": stat.pages * _PAGE,
        "threads": stat.threads,
    }


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
