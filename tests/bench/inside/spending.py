"""What a command, or a piece of our own code, takes: seconds on the wall and of CPU."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import NamedTuple

_PROCESS_CLOCK = 2
"""CPUCLOCK_SCHED: the last bits of a clock id that names a process."""


class Spent(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float
    """User and system, children's too where it is a command's."""


def run(command: tuple[str, ...]) -> Spent:
    """Run a command, its output to nowhere, and return what it took.

    Raises:
        OSError: it could not be started, or failed.
    """
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    files = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in range(3)]
    began = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    os.close(null)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise ChildProcessError(f"{' '.join(command)}: exit status {code}")
    return Spent(wall, usage.ru_utime + usage.ru_stime)


def call(work: Callable[[], object]) -> Spent:
    """Do something in this process, and return what it took, all threads' time."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - began, time.process_time() - used)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process that runs, with those of its threads.

    It is the process's own clock (clock_getcpuclockid(3)): /proc/PID/stat counts in
    hundredths, of which an idle program uses few.
    """
    return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
