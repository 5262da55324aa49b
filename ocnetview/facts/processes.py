"""What /proc says of the processes that are looked at."""

from __future__ import annotations

from ocnetview.facts.kernel import Netns
from ocnetview.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of a process, the first one too; its identity is (tid, start_time)."""

    tid: int
    start_time: int
    """Clock ticks after boot."""
    name: str
    """Its own comm; untrusted text."""
    state: str = "?"
    cpu_ticks: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """A process, as /proc shows it; its identity is (pid, start_time)."""

    pid: int
    start_time: int
    """Clock ticks after boot (field 22 of /proc/PID/stat)."""
    ppid: int
    inner_pid: int
    """The pid in the innermost pid namespace (last of NSpid)."""
    name: str
    """comm; untrusted text."""
    command: tuple[str, ...] = ()
    """argv; empty for a zombie; untrusted text."""
    state: str = "?"
    """The state letter of /proc/PID/stat: R, S, D, T, Z, ..."""
    uid: int = 0
    user: str = ""
    """The host's name for `uid` or its number; in a container root or the number."""
    cpu_ticks: int = 0
    """utime + stime in clock ticks."""
    rss: int = 0
    """Resident memory in bytes."""
    threads: int = 1
    container_id: str = ""
    """From the cgroup path or the pid namespace; empty when in no container."""
    netns: Netns | None = None
    tids: tuple[int, ...] = ()
    """Ids of its threads, as far as they were asked for, without the first one."""
    tasks: tuple[Thread, ...] = ()
    """All its threads, by tid, where they are looked at; else none."""
    wchan: str = ""
    """Where in the kernel it waits, in state D; empty where that may not be read."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A process that began and ended between two readings; the kernel told of it."""

    process: Process
    """What is known of it, in state X: its command mostly is not."""
    seconds: float
    """How long it lived."""
    code: int
    """What it ended with, as wait(2) has it: the status times 256, or a signal."""


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """The processes of the containers that are looked at, and nothing more."""

    processes: tuple[Process, ...] = ()
    at: float = 0.0
    """When they were read, in seconds of the monotonic clock."""
    uptime: float = 0.0
    """Seconds since boot at that moment."""
    ticks_per_second: int = 100
    """Clock ticks per second of `start_time` and `cpu_ticks` (sysconf CLK_TCK)."""
    brief: tuple[Brief, ...] = ()
    """Those of the last seconds that came and went unseen, the first to come first."""
